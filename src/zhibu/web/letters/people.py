"""Who answers for a part of a letter: the holder of the post, read from the tenures of either side."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.letters.models import Letter, Tier
from zhibu.web.offices.models import Office, Tenure
from zhibu.web.organisations.models import Organisation

KINDS = {
    "secretary": Office.Kind.SECRETARY, "deputy": Office.Kind.DEPUTY, "committee": Office.Kind.COMMITTEE,
    "office_head": Office.Kind.OFFICE_HEAD, "staff": Office.Kind.STAFF,
}  # fmt: skip
NOBODY = "没有登记任职"


@dataclass(frozen=True, slots=True)
class People:
    """(organisation, kind of office) → names today."""

    letter: Letter
    names: dict[tuple[int, str], list[str]]

    def of(self, tier: str) -> str:
        """张某、李某; whom nobody registered is said so."""
        side, kind = tier.split("_", 1)
        place = self.letter.unit_id if side == "unit" else self.letter.organisation_id
        return "、".join(self.names.get((place, KINDS[kind]), [])) or NOBODY

    def words(self, tier: str) -> str:
        """本单位书记（主要负责人） 张某"""
        return f"{Tier(tier).label}　{self.of(tier)}" if tier else ""

    @property
    def main(self) -> str:
        """主要责任人: number one of the unit."""
        return self.of(Tier.UNIT_SECRETARY)

    def signer(self, side: str) -> str:
        """The number one of a side, empty when nobody is registered."""
        found = self.of(Tier.UNIT_SECRETARY if side == "unit" else Tier.ABOVE_SECRETARY)
        return "" if found == NOBODY else found


def people(scope: Scope, letter: Letter) -> People:
    """Both sides of a letter the reader may see; where no tenure is registered, the secretary the tree names."""
    sides: tuple[Organisation, ...] = (letter.organisation, letter.unit)
    rows = Tenure.objects.unscoped("who answers for a letter that the reader may see").filter(held(scope.on))
    rows = rows.filter(office__organisation__in=sides).select_related("office").order_by("starts_on", "pk")
    names: dict[tuple[int, str], list[str]] = defaultdict(list)
    for one in rows:
        names[one.office.organisation_id, one.office.kind].append(one.name)
    for side in sides:
        if side.secretary_name and not names[side.pk, Office.Kind.SECRETARY]:
            names[side.pk, Office.Kind.SECRETARY].append(side.secretary_name)
    return People(letter, dict(names))
