"""标准: numbers that the sources leave open are decided by a committee for itself and all below; the nearest holds."""

from __future__ import annotations

from decimal import Decimal

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.offices.models import Standard
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation

WHY = "a superior's standards bind those below"
MOST = Decimal(9999)


def standard(path: str, key: str) -> Standard | None:
    """What holds at an organisation: its own, or the nearest superior's; None: nobody decided, nothing is checked."""
    return standards(key).get_nearest(path)


class Nearest(dict[str, Standard]):
    """path → the standard set there."""

    def get_nearest(self, path: str) -> Standard | None:
        steps = [path, *reversed(tree.ancestor_paths(path))]
        return next((self[step] for step in steps if step in self), None)


def standards(key: str) -> Nearest:
    """All of one key, for lists that ask it of many organisations."""
    rows = Standard.objects.unscoped(WHY).filter(key=key).select_related("organisation")
    return Nearest({one.organisation.path: one for one in rows})


@action("offices.set")
def set_standard(
    *, by: Scope, organisation: Organisation, key: str, value: Decimal | None, document: str
) -> Standard | None:
    """Decide a number, or with None take it back. Raises Unfit for a number that is none."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    rows = Standard.objects.within(by).filter(organisation=here, key=Standard.Key(key))
    before = rows.first()
    old = {"value": before.value} if before else None
    if value is None:
        rows.delete()
        found = None
    elif not value.is_finite() or not 0 < value <= MOST:
        raise Unfit("value", f"填大于 0、不超过 {MOST} 的数；不检查的，把数值清空")
    else:
        found, _ = rows.update_or_create(
            organisation=here, key=Standard.Key(key), defaults={"value": value, "document": document}
        )
    write(
        by=by, action="offices.set", sentence=f"{here.name} {'规定' if found else '取消'}{Standard.Key(key).label}",
        thing=found or before or Standard(), organisation=here, old=old, new={"value": value, "document": document},
    )  # fmt: skip
    return found
