"""What `zhibu procedures check` and `zhibu procedures stand` do, and say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from pathlib import Path

from zhibu.engine.command import complain
from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.procedures import cases, words, worked
from zhibu.engine.procedures.load import Versions, assemble, documents, load, opened
from zhibu.engine.procedures.model import Procedure, Standing, StepStanding
from zhibu.engine.procedures.read import Document
from zhibu.engine.procedures.standing import standing

STATES = {"done": "办了", "skipped": "略过", "next": "现在办", "waiting": "等前面", "dropped": "不再要求"}


def check(paths: list[str]) -> int:
    """0 when every procedure and every worked case is right, else 2 with one fault a line on stderr."""
    found = documents(paths)
    try:
        versions = assemble(found)
    except EngineError as error:
        return complain(error.faults)
    faults, count = list[Fault](), 0
    for path in case_files(paths):
        run, wrong = run_file(path, found)
        faults, count = [*faults, *wrong], count + run
    if faults:
        return complain(tuple(faults))
    files = [one.made for one in found if one.made]
    steps = sum(len(one.steps) for one in files if isinstance(one, Procedure))
    print(f"没有发现错误：{len(versions)} 个程序，{len(files)} 个文件，{steps} 个步骤，{count} 个样例")
    return 0


def case_files(paths: Collection[str | Path]) -> list[Path]:
    """Every YAML file in a folder named `cases` beside a procedure or a supplement under the paths."""
    found = set[Path]()
    for path in map(Path, paths):
        files = [*path.rglob("cases/*.yaml"), *path.rglob("cases/*.yml")] if path.is_dir() else []
        found |= {one for one in files if beside(one)}
    return sorted(found)


def beside(file: Path) -> list[Document]:
    """The procedures and supplements in the folder above `cases`."""
    home = file.resolve().parent.parent
    found = [opened(one, strict=False) for one in sorted(home.iterdir()) if one.suffix in (".yaml", ".yml")]
    return [one for one in found if one.made and one.made.id]


def of_case(file: Path, found: Sequence[Document]) -> Versions:
    """What a case is judged by: the versions and supplements beside it; beside a supplement alone, over the versions
    found elsewhere. What others lay over a procedure does not touch its cases. Raises EngineError."""
    own = beside(file)
    name = next((one.made.id for one in own if one.made), "")
    if not any(isinstance(one.made, Procedure) for one in own):
        own += [one for one in found if isinstance(one.made, Procedure) and one.made.id == name]
    return assemble(own)[name]


def run_file(path: Path, found: Sequence[Document]) -> tuple[int, list[Fault]]:
    """How many cases the file has, and their faults."""
    try:
        versions = of_case(path, found)
        read = cases.read(path, versions)
    except EngineError as error:
        return 0, list(error.faults)
    return len(read), [fault for one in read for fault in worked.run(one, versions)[1]]


# --- where a case stands ------------------------------------------------------------------------------------


def stand(paths: list[str], case: Path, on: date, name: str | None = None) -> int:
    """Prints every step of every case of the file on that day; 2 with the faults on stderr."""
    try:
        found = load(paths)
        if name is None and len(found) == 1:
            name = next(iter(found))
        if name is None or name not in found:
            wrong, known = f"不知道样例是哪个程序的（{name or '没有写明'}）", "、".join(found)
            raise EngineError([Fault(Place(str(case), 1), wrong, f"请用 --procedure 写明，可用：{known}")])
        for one in cases.read(case, found[name]):
            done, faults = worked.run(one, found[name])
            print("\n".join([f"{one.name}：", *_lines(standing(found[name], done, on), on)]))
            for fault in faults:
                print(f"  提醒：{fault.wrong}")
    except EngineError as error:
        return complain(error.faults)
    return 0


def _lines(found: Standing, on: date) -> Iterator[str]:
    procedure = found.procedure
    yield f"  {procedure.title} {procedure.version} 版，{on}：{found.ended or '还在办'}"
    width = max(len(one.step.title) for one in found.steps)
    for one in found.steps:
        title = one.step.title.ljust(width, "　")
        yield f"  {STATES[one.state].ljust(4, '　')} {title} {'，'.join(_said(found, one))}".rstrip()


def _said(found: Standing, one: StepStanding) -> Iterator[str]:
    if one.records:
        yield "、".join(str(record.done) for record in one.records) + ("（晚）" if one.late else "")
    if one.state == "waiting":
        yield "等“" + "”“".join(words.title(found.procedure, step) for step in one.waits_for) + "”"
    if one.state == "next":
        guessed = "（暂定）" if one.provisional else ""
        if one.earliest:
            yield f"最早 {one.earliest}{guessed}"
        if one.latest:
            yield f"最晚 {one.latest}{guessed}" + ("，已经超过" if one.overdue else "")
        yield from (reason.sentence for reason in one.reasons)
        if one.missing:
            yield "还缺" + "、".join(paper.title for paper in one.missing)
