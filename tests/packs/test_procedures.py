"""The published procedures: readable, sourced, honest about how surely they are known; their worked cases come out."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhibu.engine.procedures.cases import Worked, read
from zhibu.engine.procedures.load import load
from zhibu.engine.procedures.model import Ground, Procedure
from zhibu.engine.procedures.worked import run
from zhibu.web.library import steps

PACKS = Path(__file__).parents[2] / "packs"
# What the registers do when a step says so; the web keeps the functions.
EFFECTS = {
    "members.admit", "members.make_full", "members.extend_probation", "members.drop_probationary", "members.send",
    "members.receive", "members.refuse", "members.leave", "offices.elected", "organisations.set_up",
    "organisations.rename", "organisations.convert", "organisations.move", "organisations.merge",
    "organisations.abolish",
}  # fmt: skip
CENTRAL = load([PACKS / "central" / "procedures"], effects=EFFECTS)
LAID = load([PACKS / "central" / "procedures", PACKS / "county-example" / "procedures"], effects=EFFECTS)
VERSIONS = [one for versions in CENTRAL.values() for one in versions]
ALL = [*VERSIONS, *(one for versions in LAID.values() for one in versions if "+" in one.version)]
FOLDERS = sorted({path.parents[1] for path in PACKS.glob("*/procedures/*/cases/*.yaml")})

every_version = pytest.mark.parametrize("version", ALL, ids=lambda one: f"{one.id}-{one.version}")


def _cases() -> list[tuple[Worked, tuple[Procedure, ...]]]:
    """Central cases by the central procedures alone, a supplement's with the procedure it adds to."""
    found = []
    for path in sorted(PACKS.glob("*/procedures/*/cases/*.yaml")):
        versions = (CENTRAL if path.is_relative_to(PACKS / "central") else LAID)[path.parents[1].name]
        found += [(one, versions) for one in read(path, versions)]
    return found


def _grounds(version: Procedure) -> list[Ground]:
    gates = [gate for step in version.steps for gate in step.gates]
    gates += [gate for step in version.steps for outcome in step.outcomes for gate in outcome.gates]
    return [step.ground for step in version.steps] + [gate.ground for gate in gates]


@pytest.mark.parametrize(
    ("worked", "versions"), [pytest.param(*one, id=f"{one[1][0].id}:{one[0].name}") for one in _cases()]
)
def test_a_worked_case_comes_out(worked: Worked, versions: tuple[Procedure, ...]) -> None:
    assert [fault.wrong for fault in run(worked, versions)[1]] == []


@every_version
def test_every_step_and_gate_names_its_source(version: Procedure) -> None:
    for ground in _grounds(version):
        assert ground.source is not None and ground.source.title and ground.source.issuer, ground
        assert ground.clause.strip(), ground


@every_version
def test_a_clause_not_seen_is_marked_for_checking(version: Procedure) -> None:
    assert [one for one in _grounds(version) if one.evidence != "text" and "待核对" not in one.clause] == []


@every_version
def test_what_is_from_memory_never_binds(version: Procedure) -> None:
    assert [one for one in _grounds(version) if one.evidence == "memory" and one.status != "draft"] == []


def test_the_revision_of_2026_is_known_from_second_hand_only() -> None:
    new = next(one for one in VERSIONS if (one.id, one.version) == ("admission", "2026"))
    assert {one.evidence for one in _grounds(new)} == {"secondary", "memory"}


def test_admission_has_the_chart_and_the_notice_of_2026() -> None:
    old, new = CENTRAL["admission"]
    assert len(old.steps) == 25 and len(old.stages) == 5
    assert [one.id for one in new.steps if not old.knows(one.id)] == ["notice"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parents[1].name}-{folder.name}")
def test_a_procedure_has_four_cases_and_a_changelog_beside_it(folder: Path) -> None:
    versions = LAID[folder.name]
    assert sum(len(read(path, versions)) for path in folder.glob("cases/*.yaml")) >= 4
    assert "\n## " in (folder / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_folder_has_cases() -> None:
    assert {one.parent for one in PACKS.glob("*/procedures/*/*.yaml")} == set(FOLDERS)


def test_the_library_can_say_which_step_cites_which_clause() -> None:
    found = [one for _, citations in steps.of(CENTRAL["admission"]) for one in citations]
    notice = [one for one in found if one.anchor == "notice"]
    assert [(one.title, one.numbers, one.draft) for one in notice] == [
        ("发展党员（2026）：发展对象公示", frozenset({"第十三条"}), False)
    ]
    assert {one.draft for one in found if one.anchor == "superior-talk"} == {True}
