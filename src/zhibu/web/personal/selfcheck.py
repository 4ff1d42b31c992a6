"""备案自查: items as data, what the installation proves itself, and what the body that runs it answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from zhibu.web.audit.actions import action, write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.personal import proofs
from zhibu.web.personal.configuration import GRADES
from zhibu.web.personal.models import SelfCheckAnswer

FILE = Path(__file__).parent / "data" / "selfcheck.yaml"
STALE = timedelta(days=365)  # an answer this old is asked again


@dataclass(frozen=True, slots=True)
class Item:
    key: str
    source: str  # 政务…管理办法（国办函〔2026〕12号）第四条
    grade: str
    says: str
    checks: str
    asks: str

    @property
    def grade_words(self) -> str:
        return GRADES[self.grade]


@dataclass(frozen=True, slots=True)
class Line:
    """An item with what is known of it: the proof, the newest answer."""

    item: Item
    proof: proofs.Proof | None
    answer: SelfCheckAnswer | None
    stale: bool

    @property
    def good(self) -> bool:
        """Nothing is left to do: the proof holds, and what is asked has been answered with yes or not ours."""
        answered = self.answer is not None and self.answer.value != SelfCheckAnswer.Value.NO and not self.stale
        return (self.proof is None or self.proof.good) and (not self.item.asks or answered)

    @property
    def unanswered(self) -> bool:
        """The proof holds; only the answer is missing or too old."""
        return (self.proof is None or self.proof.good) and (self.answer is None or self.stale)


@cache
def items() -> Mapping[str, Item]:
    told = yaml.safe_load(FILE.read_text("utf-8"))
    return {key: _item(key, item, told["sources"]) for key, item in told["items"].items()}


def _item(key: str, told: dict[str, Any], sources: dict[str, dict[str, str]]) -> Item:
    source = sources.get(told["source"], {"name": "", "number": ""})
    number = f"（{source['number']}）" if source["number"] else ""
    return Item(
        key=key,
        source=f"{source['name']}{number} {told['clause']}".strip(),
        grade=told["grade"],
        says=told["says"],
        checks=told.get("checks", ""),
        asks=told.get("asks", ""),
    )


def lines() -> Iterator[Line]:
    """Every item; the proofs are worked out now."""
    answers = {one.item: one for one in SelfCheckAnswer.objects.select_related("user").order_by("pk")}
    today = clock.today()
    for item in items().values():
        answer = answers.get(item.key)
        stale = answer is not None and answer.on < today - STALE
        yield Line(item, proofs.prove(item.checks) if item.checks else None, answer, stale)


@action("selfcheck.answer")
def answer(*, by: Scope, item: Item, value: str, note: str) -> SelfCheckAnswer:
    """Former answers stay; the newest holds."""
    made = SelfCheckAnswer.objects.create(
        item=item.key, value=value, note=note, on=clock.today(), user_id=by.user_id, title=by.title
    )
    write(
        by=by, action="selfcheck.answer", thing=made, organisation=None,
        sentence=f"备案自查“{item.says[:40]}”：{made.get_value_display()}",
        new={"item": item.key, "value": value, "note": note},
    )  # fmt: skip
    return made
