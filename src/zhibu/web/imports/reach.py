"""What the judge of the books may know: the organisations within a scope, and who is already a member."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from zhibu.web.core.scope import Scope
from zhibu.web.core.sealed import digests
from zhibu.web.core.spans import held
from zhibu.web.coverage.models import Covering, Place, Responsibility, Unit
from zhibu.web.imports.books.known import KnownMember, KnownOrganisation, KnownUnit
from zhibu.web.members.models import Member
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation


class Reach:
    """`books.known.Known` over the database, for one scope."""

    def __init__(self, scope: Scope):
        self._scope = scope
        self.may_plant_root = "" in scope.prefixes

    def organisations(self) -> Collection[KnownOrganisation]:
        rows = list(
            Organisation.objects.within(self._scope)
            .filter(dissolved_on=None)
            .values_list("pk", "path", "name", "short_name")
        )
        by_path = {path: (pk, name) for pk, path, name, _ in rows}
        known = []
        for pk, path, name, short_name in rows:
            above, above_name = by_path.get(tree.parent_path(path), (None, ""))
            known.append(KnownOrganisation(pk, name, above, above_name, short_name))
        return known

    def members(self, numbers: Collection[str]) -> dict[str, KnownMember]:
        """Identity numbers are unique in the country, so this looks beyond the scope, and tells no names there.

        A member whose data may not be processed reads like one out of reach.
        """
        numbered = {digest: number for number in numbers for digest in digests(Member, "id_number", number)}
        everybody = Member.objects.everything("one identity number, one member")
        rows = everybody.filter(id_digest__in=list(numbered))
        useful = Member.objects.unscoped("not withheld").filter(pk__in=rows.values("pk"))
        shown = set(useful.values_list("pk", flat=True))
        found = rows.values_list(
            "id_digest", "pk", "organisation_id", "organisation__name", "organisation__path", "kind"
        )
        return {
            numbered[digest]: self._known(pk, organisation, name, path, kind) if pk in shown else KnownMember(pk, 0, "")
            for digest, pk, organisation, name, path, kind in found
        }

    def _known(self, pk: int, organisation: int, name: str, path: str, kind: str) -> KnownMember:
        return KnownMember(pk, organisation, name if self._scope.reaches(path) else "", kind)

    def places(self) -> dict[str, int]:
        return dict(Place.objects.within(self._scope).values_list("name", "pk"))

    def units(self, names: Collection[str], codes: Collection[str]) -> list[KnownUnit]:
        """Those of these names within reach, and those of these codes wherever they are: a code is one unit's."""
        why, on = "one code, one unit", held(self._scope.on)
        asked = Q(name__in=list(names)) & self._scope.where("organisation__path") | Q(credit_code__in=list(codes))
        rows = (
            Unit.objects.unscoped(why)
            .filter(asked)
            .annotate(
                answered=Exists(Responsibility.objects.unscoped(why).filter(on, unit=OuterRef("pk"))),
                covered=Exists(Covering.objects.unscoped(why).filter(on, unit=OuterRef("pk"))),
            )
        )
        return [
            KnownUnit(pk, name, code, place if answered else 0, covered, self._scope.reaches(path))
            for pk, name, code, place, answered, covered, path in rows.values_list(
                "pk", "name", "credit_code", "organisation", "answered", "covered", "organisation__path"
            )
        ]
