"""Planting and uprooting many organisations keeps the tree as treebeard would."""

from __future__ import annotations

import pytest

from zhibu.web.conftest import Cast
from zhibu.web.core.scoped import lifted
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation

WHY = "a test looks at the tree"


def _new(number: int, name: str = "新") -> Organisation:
    return Organisation(code=f"N{number:04d}", name=f"{name}{number}", kind="branch")


def _sound() -> bool:
    with lifted("treebeard looks for problems"):
        return Organisation.objects.find_problems() == ([], [], [], [], [])


def test_many_below_old_and_new_superiors(cast: Cast) -> None:
    above = _new(0, "总支")
    nodes = [(above, cast.town), *((_new(number), above) for number in range(1, 50)), (_new(90), cast.branch)]
    tree.plant_many(nodes)
    assert _sound()
    assert [one.name for one in tree.ancestors(nodes[9][0])][-2:] == [cast.town.name, "总支0"]
    cast.town.refresh_from_db()
    assert cast.town.numchild == 3
    later = tree.plant(parent=above, code="N9999", name="后来", kind="branch")
    assert later.path > nodes[49][0].path and _sound()


def test_a_first_tree_and_a_second(db: None) -> None:
    for number in (1, 2):
        root = _new(number * 100, "县")
        tree.plant_many([(root, None), (_new(number * 100 + 1), root)])
    assert [root.path for root in Organisation.objects.unscoped(WHY).filter(depth=1)] == ["0001", "0002"]
    assert _sound()


def test_many_are_uprooted_together_or_not_at_all(cast: Cast) -> None:
    above = _new(0, "总支")
    below = _new(1)
    tree.plant_many([(above, cast.town), (below, above)])
    with pytest.raises(ValueError, match="新1 的上级不能撤掉"):
        tree.uproot_many([above.pk])
    tree.uproot_many([above.pk, below.pk])
    cast.town.refresh_from_db()
    assert cast.town.numchild == 2 and _sound()
