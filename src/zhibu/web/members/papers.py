"""党员档案 (M258): which papers of the list are in a member's file, and how complete the files of a branch are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope, subtree
from zhibu.web.members import configuration, history
from zhibu.web.members.configuration import PaperKind
from zhibu.web.members.models import FilePaper, Member
from zhibu.web.members.queries import on_roster
from zhibu.web.organisations.models import Organisation


@action("members.papers")
def check(*, by: Scope, member: Member, papers: Collection[str], place: str, on: date) -> list[FilePaper]:
    """These papers are in the file, which lies at `place`; those of the list not named are missing. Raises Unfit."""
    here = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    known = {one.key for one in configuration.papers()}
    if strange := set(papers) - known:
        raise Unfit("papers", f"材料清单里没有 {sorted(strange)[0]}")
    if on > by.on:
        raise Unfit("on", f"{on} 还没有到，填写核对的日期")
    rows = FilePaper.objects.unscoped(history.WHY).filter(member=here)
    old = sorted(rows.values_list("paper", flat=True))
    for row in rows.filter(paper__in=known):
        row.delete()
    lines = [FilePaper(member=here, paper=key, place=place, noted_on=on) for key in sorted(set(papers))]
    for line in lines:
        line.save()
    write(
        by=by, action="members.papers", sentence=f"核对党员档案：有 {len(lines)} 项", thing=here,
        organisation=here.organisation, old={"papers": old}, new={"papers": sorted(set(papers)), "place": place},
        happened_on=on,
    )  # fmt: skip
    return lines


@dataclass(frozen=True, slots=True)
class File:
    """A member's file against the list."""

    there: tuple[FilePaper, ...]
    missing: tuple[PaperKind, ...]
    place: str
    checked_on: date | None

    @property
    def complete(self) -> bool:
        return self.checked_on is not None and not self.missing


@dataclass(frozen=True, slots=True)
class Branch:
    """How many files were checked and are complete. `lacking`: key, name, missing papers of those checked."""

    organisation: Organisation
    members: int
    checked: int
    complete: int
    lacking: tuple[tuple[int, str, str], ...]


def of(member: Member) -> File:
    rows = FilePaper.objects.unscoped(history.WHY).filter(member=member).order_by("paper")
    return _file(member, list(rows), configuration.papers())


def register(scope: Scope, area: Organisation | None = None) -> list[Branch]:
    """Every branch of the reach with members, by tree order."""
    kinds, rows = configuration.papers(), FilePaper.objects.within(scope).order_by("paper")
    if area:
        rows = rows.filter(subtree("member__organisation__path", area.path))
    held: dict[int, list[FilePaper]] = defaultdict(list)
    for row in rows:
        held[row.member_id].append(row)
    places: dict[Organisation, list[Member]] = defaultdict(list)
    members = on_roster(scope, area).select_related("organisation")
    for member in members.order_by("organisation__path", "initials", "name", "pk"):
        places[member.organisation].append(member)
    return [_branch(place, found, held, kinds) for place, found in places.items()]


def _branch(
    place: Organisation, members: list[Member], held: dict[int, list[FilePaper]], kinds: list[PaperKind]
) -> Branch:
    files = [(member, _file(member, held.get(member.pk, []), kinds)) for member in members]
    lacking = tuple(
        (member.pk, member.name, "、".join(one.word for one in file.missing))
        for member, file in files
        if file.checked_on and file.missing
    )
    checked, complete = (sum(flag(file) for _, file in files) for flag in (_checked, _complete))
    return Branch(place, len(members), checked, complete, lacking)


def _checked(file: File) -> bool:
    return file.checked_on is not None


def _complete(file: File) -> bool:
    return file.complete


def _file(member: Member, rows: list[FilePaper], kinds: list[PaperKind]) -> File:
    there = {row.paper for row in rows}
    missing = tuple(one for one in kinds if one.asked_of(member.kind) and one.key not in there)
    last = max((row.noted_on for row in rows), default=None)
    return File(tuple(rows), missing, rows[0].place if rows else "", last)
