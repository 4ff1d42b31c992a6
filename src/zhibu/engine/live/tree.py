"""Who is under whom on the evaluation day, while it changes: never an unknown parent, never a cycle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from zhibu.engine.errors import EngineError, Fault
from zhibu.engine.live.change import Moved, Place
from zhibu.engine.tree import cycle, unknown

FILE = "organisations"


class Tree:
    def __init__(self, places: Iterable[tuple[str, Place]], exists: Callable[[str], bool]):
        self.exists = exists
        self._places: dict[str, Place] = {}
        self._naming: dict[str, set[str]] = defaultdict(set)  # parent → those whose row names it
        self._loose: set[str] = set()  # taken off their parent for the moment
        for org, place in places:
            self._put(org, place)

    def group(self, org: str) -> str | None:
        return self._places[org].group if org in self._places else None

    def above(self, org: str) -> str | None:
        """The parent; None for a root, for one whose parent has no row that day, and for one that has none itself."""
        place = self._places.get(org)
        return place.parent if place and place.parent in self._places and org not in self._loose else None

    def loosen(self, org: str) -> None:
        self._loose.add(org)

    def fasten(self, org: str) -> None:
        self._loose.discard(org)

    def upward(self, org: str) -> Iterator[str]:
        """All above it, the nearest first."""
        here = self.above(org)
        while here is not None:
            yield here
            here = self.above(here)

    def parents(self) -> dict[str, str]:
        """Of all who have one."""
        return {org: above for org in self._places if (above := self.above(org)) is not None}

    def leaving(self, moved: Iterable[Moved]) -> list[str]:
        """Those who get another parent, or none: the moved themselves, and those under one that comes or goes."""
        found: dict[str, None] = {}
        for one in moved:
            if (one.before and one.before.parent) != (one.after and one.after.parent):
                found[one.identity] = None
            if (one.before is None) != (one.after is None):
                found |= dict.fromkeys([one.identity, *sorted(self._naming.get(one.identity, ()))])
        return list(found)

    def check(self, moved: list[Moved]) -> None:
        """Raises EngineError for a cycle or a parent that is nowhere in the table; moves nothing."""
        self.move(moved)
        faults = [*self._unknown(moved), *self._cycles(moved)]
        for one in moved:
            self._replace(one.identity, one.before)
        if faults:
            raise EngineError(faults)

    def move(self, moved: Iterable[Moved]) -> None:
        for one in moved:
            self._replace(one.identity, one.after)

    def _replace(self, org: str, place: Place | None) -> None:
        old = self._places.pop(org, None)
        if old is not None and old.parent is not None:
            self._naming[old.parent].discard(org)
        if place is not None:
            self._put(org, place)

    def _put(self, org: str, place: Place) -> None:
        self._places[org] = place
        if place.parent is not None:
            self._naming[place.parent].add(org)

    def _unknown(self, moved: list[Moved]) -> Iterator[Fault]:
        asked = {one.identity: None for one in moved if one.after} | {
            org: None for one in moved for org in sorted(self._naming.get(one.identity, ()))
        }
        for org in asked:
            place = self._places[org]
            if place.parent is not None and not self.exists(place.parent):
                yield unknown(FILE, place.number, org, place.parent)

    def _cycles(self, moved: list[Moved]) -> Iterator[Fault]:
        """A change can close a cycle only above those it moves, or above those under one that has come."""
        for org in [one.identity for one in moved if one.after]:
            seen = {org}
            for above in self.upward(org):
                if above == org:
                    yield cycle(FILE, self._places[org].number, org, str(self._places[org].parent))
                if above in seen:
                    break
                seen.add(above)
