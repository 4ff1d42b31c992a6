"""Names of organisations, found as people write them: exact first, then ignoring 中共 in front and the long or short
form of the ending. Serves meaning; answers are cached by name, so 100,000 members cost one look per branch."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field

from zhibu.web.imports.books.cells import Cell, brackets, squeeze

Ref = tuple[str, int]  # ("db", primary key) or ("row", key of the book's row)

_ENDINGS = (
    (re.compile(r"(?:党的)?(?:工作委员会|党工委|工委)$"), "工委"),
    (re.compile(r"(?:党总支部委员会|总支部委员会|总支委员会|党总支部|党总支|总支部|总支)$"), "总支"),
    (re.compile(r"(?:党支部委员会|支部委员会|党支部|支部)$"), "支部"),
    (re.compile(r"(?:党的委员会|委员会|党委|委)$"), "委"),
)
SUGGESTIONS = 200  # looked for at most so often in one call: each costs a walk over all names


def exact(name: Cell) -> str:
    return brackets(squeeze(name)).strip("。.,，、;；:：")


def loose(name: str) -> str:
    """中共云岭县大营镇委员会 and 云岭县大营镇党委 → 云岭县大营镇委. Takes what `exact` returned."""
    short = re.sub(r"^(?:中国共产党|中共)", "", name)
    for pattern, ending in _ENDINGS:
        if pattern.search(short):
            return pattern.sub(ending, short)
    return short


@dataclass(frozen=True, slots=True)
class Entry:
    """One organisation that a name may mean. `rejected_row` tells of a row of this call that was not accepted."""

    ref: Ref
    name: str
    above: str = ""  # name of its superior, to tell two of the same name apart
    in_book: bool = False
    rejected_row: int = 0


@dataclass(slots=True)
class Directory:
    """All names that rows of this call may use."""

    _exact: dict[str, list[Entry]] = field(default_factory=dict)
    _loose: dict[str, list[Entry]] = field(default_factory=dict)
    _answers: dict[str, Entry | str] = field(default_factory=dict)
    _suggested: int = 0

    def add(self, entry: Entry) -> None:
        name = exact(entry.name)
        self._exact.setdefault(name, []).append(entry)
        self._loose.setdefault(loose(name), []).append(entry)
        self._answers.clear()

    def find(self, name: Cell) -> Entry | str:
        """The organisation meant, or a sentence (to follow the quoted name) why there is none."""
        key = exact(name)
        if key not in self._answers:
            self._answers[key] = self._look(key)
        return self._answers[key]

    def _look(self, key: str) -> Entry | str:
        for found in (self._exact.get(key), self._loose.get(loose(key))):
            if found:
                return _one(found)
        return "不存在" + self._suggestion(key)

    def _suggestion(self, key: str) -> str:
        self._suggested += 1
        if self._suggested > SUGGESTIONS:
            return ""
        near = difflib.get_close_matches(key, self._exact, n=1, cutoff=0.75)
        return f"，是不是“{self._exact[near[0]][0].name}”" if near else "：先在党组织信息表里加上它，或改成已有的名称"


def not_found(kind: str, name: str, answer: str) -> str:
    """The finding for a name that `find` answered with a sentence."""
    if not answer.startswith("不存在"):
        return f"{kind}“{name[:60]}”{answer}"
    hint = answer.removeprefix("不存在").lstrip("，：")
    return f"{kind}不存在：“{name[:60]}”" + (f"，{hint}" if hint else "")


def _one(found: list[Entry]) -> Entry | str:
    """The one meant: of this call's books before the database, accepted before rejected."""
    for group in (
        [entry for entry in found if entry.in_book and not entry.rejected_row],
        [entry for entry in found if not entry.in_book],
    ):
        refs = {entry.ref: entry for entry in group}
        if len(refs) == 1:
            return group[0]
        if refs:
            named = "、".join(f"“{entry.name}（{entry.above or '无上级'}）”" for entry in list(refs.values())[:3])
            return f"有 {len(refs)} 个同名的：{named}，写明是哪一个"
    return f"在党组织信息表第 {found[0].rejected_row} 行，那一行还没有通过，先改那一行"
