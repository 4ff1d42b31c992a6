"""M004: bodies of a kind whose name or functions are not the uniform ones yet, or which have no staff or no funds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.funds.models import Budget, Fund
from zhibu.web.offices.models import Tenure
from zhibu.web.organisations.models import Organisation
from zhibu.web.responsibilities.models import Charge, Charter, Holder
from zhibu.web.responsibilities.naming import conforms


@dataclass(frozen=True, slots=True)
class Body:
    """A body under a charter. `holder` is None while the charter was not given to it. `staff`, `funds`: None where the
    body is no Party organisation, of which neither is kept here."""

    charter: Charter
    name: str
    holder: Holder | None
    named_right: bool
    functions: int
    missing: tuple[str, ...]
    staff: int | None
    funds: bool | None

    @property
    def wrong(self) -> list[str]:
        """What is not as it should be, in words."""
        if self.holder is None:
            return ["还没有交给它"]
        said = [] if self.named_right else [f"名称应为“{self.charter.name_form}”"]
        said += [f"缺职能：{'；'.join(self.missing)}"] if self.missing else []
        said += ["没有在任的人"] if self.staff == 0 else []
        return [*said, *(["今年没有经费"] if self.funds is False else [])]


def bodies(scope: Scope) -> list[Body]:
    """Under every charter of names and functions in force, those given it and those that should be."""
    charters = list(
        Charter.objects.within(scope).filter(held(scope.on), kind=Charter.Kind.FUNCTIONS).select_related("organisation")
    )
    rows = Charge.objects.within(scope).filter(item__charter__in=charters, withdrawn_on=None)
    told: dict[tuple[int, Holder], list[Charge]] = defaultdict(list)
    for one in rows.select_related("item", "holder__place").order_by("item__position", "pk"):
        told[one.item.charter_id, one.holder].append(one)
    staff, funds = _staff(scope), _funds(scope)
    found = []
    for one in charters:
        mine = [(holder, rows) for (charter, holder), rows in told.items() if charter == one.pk]
        found += [_body(one, holder, rows, staff, funds) for holder, rows in mine]
        has = {holder.place_id for holder, _ in mine}
        found += [Body(one, place.name, None, True, 0, (), None, None) for place in not_given(scope, one, has)]
    return found


def _body(charter: Charter, holder: Holder, mine: list[Charge], staff: dict[int, int], funds: set[int]) -> Body:
    place = holder.place_id if not holder.name else None
    return Body(
        charter,
        str(holder),
        holder,
        conforms(str(holder), charter.name_form),
        len(mine),
        tuple(one.item.text for one in mine if one.done_on is None),
        None if place is None else staff.get(place, 0),
        None if place is None else place in funds,
    )


def _staff(scope: Scope) -> dict[int, int]:
    """Party organisation → persons in its offices today."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Tenure.objects.within(scope.doing("offices.view")).filter(held(scope.on))
    for place, name in rows.values_list("office__organisation", "name"):
        found[place].add(name)
    return {place: len(names) for place, names in found.items()}


def _funds(scope: Scope) -> set[int]:
    """Party organisations with money of this year: set aside, allocated or in a budget."""
    here = scope.doing("funds.view")
    rows = (model.objects.within(here).filter(year=scope.on.year, amount__gt=0) for model in (Fund, Budget))
    return {pk for found in rows for pk in found.values_list("organisation", flat=True)}


def not_given(scope: Scope, charter: Charter, has: Collection[int | None]) -> list[Organisation]:
    """Party organisations of the kind the charter is for, below its issuer, that are not among those that have it."""
    if not charter.place_kind:
        return []
    below = Organisation.objects.below(scope, charter.organisation.path)
    below = below.filter(kind=charter.place_kind, dissolved_on=None)
    below = below.filter(sector=charter.place_sector) if charter.place_sector else below
    return [one for one in below.order_by("path") if one.pk not in has]
