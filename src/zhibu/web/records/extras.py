"""What some kinds of activity ask beyond the usual (`packs/forms/activity-types.yaml`): fields, checks, words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms

from zhibu.web.members.models import MemberKind
from zhibu.web.records.fields import Heads, Hours, Line
from zhibu.web.records.sheet import Sheet
from zhibu.web.regulations import voting
from zhibu.web.regulations.activities import Ask, Group, asked_of, asks, groups

PREFIX = "ask_"
VOTE = ("due", "present", "yes", "no", "abstain")
Extra = dict[str, Any]


def field(ask: Ask) -> forms.Field:
    """Never required by itself: whether it is asked, the kinds ticked decide; `wanted` is for its label."""
    made = _field(ask)
    made.wanted = ask.required  # type: ignore[attr-defined]
    return made


def _field(ask: Ask) -> forms.Field:
    told = {"label": ask.label, "required": False, "help_text": ask.hint}
    if ask.kind == "line":
        return Line(max_length=ask.most, error_messages={"max_length": f"{ask.label}最多 {ask.most} 字"}, **told)
    if ask.kind == "choice":
        wrong = {"invalid_choice": f"{ask.label}里没有“%(value)s”，从列出的里选"}
        return forms.ChoiceField(
            choices=[("", "没有选"), *((one, one) for one in ask.of)], error_messages=wrong, **told
        )
    said = {"invalid": f"{ask.label}写成数字", "min_value": f"{ask.label}不能小于 0"}
    said |= {"max_value": f"{ask.label}最多 {ask.most}"}
    if ask.kind == "money":
        return Hours(min_value=0, max_value=ask.most, decimal_places=2, error_messages=said, **told)
    return Heads(min_value=0, max_value=ask.most, error_messages=said, **told)


def offered(types: Collection[str]) -> list[Group]:
    """Groups that one of the types a form offers may ask."""
    return asked_of(types)


def kept(given: Mapping[str, Any], types: Collection[str]) -> Extra:
    """What is stored: answers of the kinds chosen, none of them empty. Money as text, exact."""
    known = {ask.id: ask for group in asked_of(types) for ask in group.asks}
    found = {name: given[name] for name in known if given.get(name) not in (None, "")}
    return {name: value if isinstance(value, int) else str(value)[:300] for name, value in found.items()}


def missing(given: Mapping[str, Any], types: Collection[str]) -> list[Ask]:
    """Questions that have to be answered for these kinds and are not."""
    wanted = (ask for group in asked_of(types) for ask in group.asks if ask.required)
    return [ask for ask in wanted if given.get(ask.id) in (None, "")]


def vote_of(extra: Mapping[str, Any]) -> dict[str, int] | None:
    """The heads of a vote on record; None where none was held."""
    if extra.get("vote_yes") is None:
        return None
    return {name: int(extra.get(f"vote_{name}") or 0) for name in VOTE}


def with_heads(given: Extra, sheet: Sheet, on: Any) -> Extra:
    """A vote without its own due and present: the full members of the roster, and those of them who were there."""
    voters = [row for row in sheet.rows if row.member.kind == MemberKind.FULL]
    voters = [row for row in voters if row.member.full_on is None or row.member.full_on <= on]
    settled = sheet.settled
    counted = {
        "vote_due": sum(row.member.pk in settled for row in voters),
        "vote_present": sum(settled.get(row.member.pk) == "present" for row in voters),
    }
    return given | {name: number for name, number in counted.items() if voters and given.get(name) is None}


def lines(extra: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]], voting.Outcome | None]]:
    """(表决, [(赞成, 31 票) …], outcome) for each group with an answer."""
    found = []
    for group in groups():
        said = [(ask.label, words(ask, extra[ask.id])) for ask in group.asks if ask.id in extra]
        vote = vote_of(extra) if group.id == "vote" else None
        if said:
            found.append((group.title, said, voting.outcome(vote) if vote else None))
    return found


def words(ask: Ask, value: Any) -> str:
    return f"{value} {ask.suffix}".strip() if value not in (None, "") else ""


def labels(names: Iterable[str]) -> dict[str, str]:
    """id → label of the questions."""
    return {name: asks()[name].label for name in names if name in asks()}
