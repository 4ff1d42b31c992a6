"""Finds and reads procedures under paths, lays supplements over them, checks the whole (decision 18).

All faults of all files are raised together. Worked cases (`cases/*.yaml`) are not procedures and are left alone.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from zhibu.engine.errors import EngineError, Fault, Place, because
from zhibu.engine.procedures import read as reader
from zhibu.engine.procedures import sound
from zhibu.engine.procedures.layers import laid_over, with_
from zhibu.engine.procedures.model import Procedure
from zhibu.engine.procedures.read import Document, Supplement
from zhibu.engine.procedures.sheet import Kind, unknown
from zhibu.engine.procedures.versions import span
from zhibu.engine.rulebooks.document import LIMIT
from zhibu.engine.rulebooks.page import nearest

Versions = tuple[Procedure, ...]


def load(
    paths: Iterable[Path | str], *, effects: Collection[str] | None = None, strict: bool = True
) -> dict[str, Versions]:
    """Every procedure under the files and folders given: id → versions by first day, supplements laid over.

    `effects`: the names a step's `effect` may have; None looks at none. Raises EngineError with every fault.
    """
    return assemble(documents(paths, strict=strict), effects=effects)


def documents(paths: Iterable[Path | str], *, strict: bool = True) -> list[Document]:
    """Every file under the paths as read; faults are kept, not raised."""
    return [document for path in map(Path, paths) for document in _under(path, strict=strict)]


def _under(path: Path, *, strict: bool) -> list[Document]:
    found = files(path)
    if not found:
        wrong = "这里没有程序" if path.exists() else "路径不存在"
        return [_broken(path, wrong, "程序是含 procedure 或 supplement 的 .yaml 文件")]
    return [opened(one, strict=strict) for one in found]


def files(path: Path) -> list[Path]:
    """The file itself; of a folder every *.yaml in a folder named `procedures`, or every one where there is none such
    (then the path lies within one). `cases` and hidden names are left out."""
    if not path.is_dir():
        return [path] if path.exists() else []
    found = []
    for folder, folders, names in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "cases"]
        found += [Path(folder, name) for name in names if name.endswith((".yaml", ".yml")) and name[0] != "."]
    own = [one for one in found if "procedures" in one.relative_to(path).parts]
    return sorted(own or found)


def opened(path: Path, *, strict: bool = True) -> Document:
    """One file; that it cannot be opened is a fault on line 1."""
    try:
        with path.open("rb") as file:
            return reader.read(str(path), file.read(LIMIT + 1), strict=strict)
    except OSError as error:
        return _broken(path, f"文件打不开：{because(error)}", "请检查路径和读取权限")


def _broken(path: Path, wrong: str, right: str) -> Document:
    return Document(None, (), (Fault(Place(str(path), 1), wrong, right),))


# --- from documents to versions -----------------------------------------------------------------------------


def assemble(read: Sequence[Document], *, effects: Collection[str] | None = None) -> dict[str, Versions]:
    """The procedures among the documents, with the supplements among them. Raises EngineError with every fault."""
    faults = [fault for one in read for fault in one.faults]
    whole = [one for one in read if not one.faults]
    procedures = [(one.made, one) for one in whole if isinstance(one.made, Procedure)]
    supplements = [(one.made, one) for one in whole if isinstance(one.made, Supplement)]
    good = list[Procedure]()
    for version, document in procedures:
        wrong = _names(version, document, effects) or sound.faults(version)
        faults, good = [*faults, *wrong], good if wrong else [*good, version]
    broken = bool(faults)
    for supplement, document in supplements:
        faults += _fit(supplement, document, good, effects, unread=broken)
    faults += _overlaps([one for one, _ in procedures])
    if faults:
        raise EngineError(faults)
    found: dict[str, list[Procedure]] = defaultdict(list)
    for version, _ in procedures:
        own = [one for one, _ in supplements if one.id == version.id]
        found[version.id] += laid_over(version, own)
    return {key: tuple(sorted(pieces, key=lambda one: one.since)) for key, pieces in sorted(found.items())}


def _names(version: Procedure, document: Document, effects: Collection[str] | None) -> list[Fault]:
    """Names mentioned in the document that the version, as laid, does not have."""
    names: Mapping[Kind, Collection[str]] = {
        "step": [one.id for one in version.steps],
        "value": [one.id for one in version.values],
        "paper": [one.id for one in version.papers],
        "stage": list(version.stages),
        **({"effect": effects} if effects is not None else {}),
    }
    return unknown(document.mentions, names, {one.id: one for one in version.values})


def _fit(
    one: Supplement,
    document: Document,
    procedures: Sequence[Procedure],
    effects: Collection[str] | None,
    *,
    unread: bool,
) -> list[Fault]:
    """Laid over every version it meets, the whole must be sound."""
    own = [version for version in procedures if version.id == one.id]
    met = [version for version in own if _meet(version, one)]
    if not met:
        known = sorted({version.id for version in procedures})
        wrong = f"程序“{one.id}”没有同时有效的版本" if own else f"没有程序“{one.id}”"
        right = "请核对 effective" if own else nearest(one.id, known) if known else "请一起给出它所在的文件夹"
        return [] if unread else [Fault(one.place, wrong, right)]
    faults = []
    for version in met:
        laid = with_(version, one)
        faults += _twice(version, one) or _names(laid, document, effects) or sound.faults(laid)
    return faults


def _twice(version: Procedure, one: Supplement) -> list[Fault]:
    """What the procedure has already under the same id."""
    faults = [
        Fault(added.step.place, f"步骤 id“{added.step.id}”在 {version.version} 版里已经有了", "请换一个 id")
        for added in one.added
        if version.knows(added.step.id)
    ]
    for what, have, more in (("值", version.values, one.values), ("材料", version.papers, one.papers)):
        taken = {each.id for each in have} & {each.id for each in more}
        faults += [
            Fault(one.place, f"{what}“{each}”在 {version.version} 版里已经有了", "请换一个 id")
            for each in sorted(taken)
        ]
    return faults


def _meet(one: Procedure | Supplement, other: Procedure | Supplement) -> bool:
    return (other.until is None or one.since <= other.until) and (one.until is None or other.since <= one.until)


def _overlaps(procedures: Sequence[Procedure]) -> list[Fault]:
    """A fault for every two versions in force on the same day, or of one name."""
    ordered = sorted(procedures, key=lambda one: (one.id, one.since))
    faults = []
    for at, one in enumerate(ordered):
        for other in ordered[at + 1 :]:
            if one.id == other.id and one.version == other.version:
                faults.append(
                    Fault(other.place, f"“{one.id}”有两个 {one.version} 版，另一个在 {one.place}", "请改 version")
                )
            if one.id == other.id and _meet(one, other):
                wrong = f"“{one.id}”的两个版本有效期重叠：{one.version} 版{span(one)}，{other.version} 版{span(other)}"
                faults.append(Fault(other.place, wrong, "请给旧版本写上 until（新版本 from 的前一天）"))
    return faults
