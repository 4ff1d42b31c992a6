"""A unit's own concrete standard of a qualified member (M263) and the items of a yardstick (M264), version by version.

The yardstick 四讲四有 is named in the sources and nowhere listed: none is shipped, an office enters its items.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Max, QuerySet

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import MemberStandard
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation

MOST_ITEMS, LONGEST_ITEM = 20, 100  # 简洁明了


@action("standards.keep")
def write_version(
    *, by: Scope, organisation: Organisation, kind: str, title: str, text: str, on: date, basis: str
) -> MemberStandard:
    """A new version, one item a line; the older ones stay readable. Raises Unfit."""
    place = reached(Organisation.objects.within(by), organisation.pk)
    items = [line.strip() for line in text.splitlines() if line.strip()]
    if not items or len(items) > MOST_ITEMS or max(map(len, items)) > LONGEST_ITEM:
        raise Unfit("text", f"一行一条，1 到 {MOST_ITEMS} 条，每条不超过 {LONGEST_ITEM} 字")
    rows = MemberStandard.objects.within(by).filter(organisation=place, kind=kind)
    last = rows.order_by("-version").first()
    if last and on < last.since:
        raise Unfit("on", f"上一版从 {last.since} 起施行，新版不能更早")
    line = MemberStandard.objects.create(
        organisation=place, kind=MemberStandard.Kind(kind), title=title, text="\n".join(items), since=on, basis=basis,
        version=(rows.aggregate(last=Max("version"))["last"] or 0) + 1,
    )  # fmt: skip
    write(
        by=by, action="standards.keep", sentence=f"{line.get_kind_display()}第 {line.version} 版：{title}", thing=line,
        organisation=place, old={"text": last.text if last else ""}, new={"text": line.text, "basis": basis},
        happened_on=on,
    )  # fmt: skip
    return line


def versions(scope: Scope) -> QuerySet[MemberStandard]:
    """All versions within the reach, by unit, the newest first."""
    rows = MemberStandard.objects.within(scope).select_related("organisation")
    return rows.order_by("organisation__path", "kind", "-version")


def in_force(organisation: Organisation, kind: str, on: date) -> MemberStandard | None:
    """The version of a day for a unit: its own, else the nearest superior's. Its text is no secret below."""
    paths = [organisation.path, *tree.ancestor_paths(organisation.path)]
    rows = MemberStandard.objects.unscoped("standards hold below the unit that set them")
    rows = rows.filter(organisation__path__in=paths, kind=kind, since__lte=on)
    return rows.select_related("organisation").order_by("-organisation__path", "-version").first()
