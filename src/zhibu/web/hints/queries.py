"""Which hints a post sees. The branch sees its own at once; those above see a hint with its answer beside it, or after
the branch had two weeks to give one."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q, QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.hints import store, switch
from zhibu.web.hints.marking import shared
from zhibu.web.hints.models import Hint, LateBound, Reference
from zhibu.web.records.models import Record

BRANCH_FIRST = timedelta(days=15)
LAST = F("answered_on").desc(nulls_first=True)


def hints(scope: Scope) -> QuerySet[Hint]:
    """Of records that stand; those not answered come first."""
    first = Q(record__organisation=scope.organisation_id)
    told = Q(answered_on__isnull=False) | Q(asked_on__lte=scope.on - BRANCH_FIRST)
    rows = Hint.objects.within(scope).filter(first | told, record__withdrawn_at=None, other__withdrawn_at=None)
    rows = rows.filter(Q(gone_on=None) | Q(answered_on__isnull=False))
    rows = rows.exclude(kind__in=switch.off(), answered_on=None)
    return rows.select_related("record__organisation", "other__organisation").order_by(LAST, "-asked_on", "-pk")


def open_hints(scope: Scope, organisation: int) -> QuerySet[Hint]:
    """Those an organisation of the reach has not answered."""
    return hints(scope).filter(record__organisation=organisation, answered_on=None)


def shown(scope: Scope, record: Record | None) -> Record | None:
    """The other record, when the reader may see it; of another branch's a hint tells only that there is one."""
    if record is None:
        return None
    return record if scope.may_at("records.view", record.organisation.path) else None


def side_by_side(hint: Hint, other: Record | None) -> list[tuple[Record, list[tuple[str, bool]]]]:
    """Each text the reader may see, in pieces: whether the other one has the piece too."""
    _, usual = store.usual()
    assert hint.other is not None
    texts = [(hint.record, hint.other), *([(other, hint.record)] if other else [])]
    return [(one, shared(one.content, two.content, usual)) for one, two in texts]


def references(scope: Scope) -> QuerySet[Reference]:
    """The own organisation's."""
    return Reference.objects.within(scope).filter(organisation=scope.organisation_id)


def bound(scope: Scope) -> int | None:
    rows = LateBound.objects.within(scope).filter(organisation=scope.organisation_id)
    return rows.values_list("days", flat=True).first()
