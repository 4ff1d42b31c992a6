"""How an organisation appraises in a year: the method of the nearest above, else what is shipped in `packs/`."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml
from django.conf import settings

from zhibu.web.appraisal.models import AppraisalMethod, Grade
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.words import GRADES

COLUMNS = (*(f"word_{one}" for one in Grade.values), "one_in", "basis")


@cache
def shipped() -> dict[str, Any]:
    """`packs/forms/appraisal.yaml`."""
    with (settings.PACKS / "forms/appraisal.yaml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)


def usual() -> dict[str, Any]:
    """The columns of `Grading` where no office has said otherwise."""
    told = shipped()
    words = {f"word_{one}": told["grades"]["words"].get(one, "") for one in Grade.values}
    return words | {"one_in": told["share"]["one_in"], "basis": ""}


def sources() -> list[tuple[str, str, str]]:
    """(what, source, how sure) of what is shipped."""
    told = shipped()
    named = (("等次", told["grades"]), ("第一等的比例", told["share"]))
    return [(what, one["source"], GRADES[one["evidence"]]) for what, one in named]


def method_for(organisation: Organisation, year: int) -> dict[str, Any]:
    """The columns of `Grading` that hold there: of the nearest at or above it, the latest."""
    paths = [*tree.ancestor_paths(organisation.path), organisation.path]
    rows = AppraisalMethod.objects.unscoped("what a superior has said holds below").filter(
        organisation__path__in=paths, from_year__lte=year
    )
    found = rows.order_by("-organisation__path", "-from_year").first()
    return {name: getattr(found, name) for name in COLUMNS} if found else usual()
