"""A committee says who leads, owns, supports and implements a rule."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Kind, Organisation
from zhibu.web.parties.models import Part, Party
from zhibu.web.regulations.queries import rules_by_name


@action("parties.keep")
def divide(*, by: Scope, rulebook: str, rule: str, parts: Mapping[str, Collection[str]], document: str) -> Organisation:
    """The own organisation's decision about one rule, in place of its earlier one; `parts`: part → kinds. No kind
    at all takes it back, so that the superior's holds again. Raises Unfit: no such rule, two parts of one kind."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    found = rules_by_name().get((rulebook, rule))
    if found is None:
        raise Unfit("", "没有这个事项，或者已经停用")
    chosen = [(Part(part), Kind(kind)) for part, kinds in parts.items() for kind in dict.fromkeys(kinds)]
    kinds = [kind for _, kind in chosen]
    if twice := sorted({kind.label for kind in kinds if kinds.count(kind) > 1}):
        raise Unfit("", f"一类组织在一个事项里只有一种分工：{'、'.join(twice)}")
    rows = Party.objects.within(by).filter(organisation=own, rulebook=rulebook, rule=rule)
    old = _told(rows.values_list("part", "kind"))
    rows.delete()
    Party.objects.bulk_create(
        Party(organisation=own, rulebook=rulebook, rule=rule, part=part, kind=kind, document=document)
        for part, kind in chosen
    )
    write(
        by=by, action="parties.keep", sentence=f"规定分工：{found.title}", thing=own, organisation=own,
        old={"parts": old}, new={"parts": _told(chosen), "document": document}, happened_on=by.on,
    )  # fmt: skip
    return own


def _told(rows: Collection[tuple[str, str]]) -> str:
    return "；".join(f"{Part(part).label}：{Kind(kind).label}" for part, kind in rows)
