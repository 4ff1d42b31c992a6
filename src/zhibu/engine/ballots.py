"""Votes and elections: what follows from the numbers, in exact fractions, with base, comparison and clause.

Two majorities have different bases (the trap of the matter): a decision of a branch needs more than half of the members
DUE to attend, somebody is elected by more than half of the voters PRESENT. Nothing here decides what people decide: it
says what the numbers give and what has to be done next. Serves meaning; the figures of `clauses` come from
regulations of unequal certainty, and each sentence carries how sure its clause is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Base = Literal["due", "present", "seats", "returned"]
Grade = Literal["text", "secondary", "memory", "verify"]
BASES: dict[Base, str] = {"due": "应到会人数", "present": "实到会人数", "seats": "应选名额", "returned": "收回的票数"}
HALF, FOUR_FIFTHS, FIFTH = Fraction(1, 2), Fraction(4, 5), Fraction(1, 5)
MOST = 1_000_000  # of any number; more is a slip of the keyboard


class Impossible(ValueError):
    """These numbers can't be those of one meeting; `str()` says which and what would be right."""


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a number comes from, and how surely it is known."""

    title: str
    article: str
    grade: Grade

    def __str__(self) -> str:
        return f"{self.title}{self.article}"


_XJ = "《中国共产党基层组织选举工作条例》"
ZB_VOTE = Clause("《中国共产党支部工作条例（试行）》", "第十一条", "secondary")
FZ_VOTE = Clause("《中国共产党发展党员工作细则》", "第十九至二十二条（待核对）", "secondary")
XJ_QUORUM = Clause(_XJ, "第十八条（待核对）", "verify")
XJ_SURPLUS = Clause(_XJ, "第三章（条款待核对）", "secondary")
XJ_COUNT = Clause(_XJ, "第四章（条款待核对）", "secondary")
LEFT_OUT = Clause("中央组织部关于不计算在应到会人数之内的答复", "", "secondary")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a base: more than `over` (strict), or `at_least`. Exactly one of them is given.

    Raises ValueError otherwise.
    """

    of: Base
    over: Fraction | None = None
    at_least: Fraction | None = None

    def __post_init__(self) -> None:
        if (self.over is None) == (self.at_least is None):
            raise ValueError("give either over or at_least")

    @property
    def part(self) -> Fraction:
        return self.over if self.over is not None else self.at_least or Fraction(0)

    def holds(self, count: int, base: int) -> bool:
        """Whether `count` of `base` is enough. Nothing is enough of nothing."""
        if base == 0:
            return False
        share = Fraction(count, base)
        return share > self.part if self.over is not None else share >= self.part

    def least(self, base: int) -> int:
        """The smallest whole number that is enough of `base`."""
        exact = self.part * base
        whole = -(-exact.numerator // exact.denominator)  # rounded up
        return whole + 1 if self.over is not None and whole == exact else whole

    def words(self) -> str:
        """“超过应到会人数的 1/2”, “不少于应到会人数的 4/5”."""
        return f"{'超过' if self.over is not None else '不少于'}{BASES[self.of]}的 {self.part}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it holds, the sentence with its arithmetic, the clause."""

    what: str
    holds: bool
    sentence: str
    clause: Clause


# --- decisions ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """`written`: opinions that absent members gave in writing before the meeting count with the votes (FZ-18)."""

    clause: Clause
    quorum: Share = Share("due", over=HALF)
    majority: Share = Share("due", over=HALF)
    written: bool = False


BRANCH = DecisionRule(ZB_VOTE)  # ZB-10
ADMISSION = DecisionRule(FZ_VOTE, written=True)  # FZ-18


@dataclass(frozen=True, slots=True)
class Decision:
    """Votes of one meeting on one matter, in persons. `due` are the full members with the right to vote."""

    due: int
    present: int
    for_: int
    against: int = 0
    abstained: int = 0
    written_for: int = 0
    written_against: int = 0


@dataclass(frozen=True, slots=True)
class DecisionResult:
    quorum: bool
    passed: bool
    findings: tuple[Finding, ...]
    next: tuple[str, ...]


def decide(vote: Decision, rule: DecisionRule = BRANCH) -> DecisionResult:
    """Whether the meeting could vote, and whether the matter passed. Raises Impossible."""
    _decision_possible(vote, rule)
    quorum = _share("到会人数", vote.present, vote.due, rule.quorum, rule.clause, "实到会")
    counted = vote.for_ + (vote.written_for if rule.written else 0)
    how = (
        f"到会赞成 {vote.for_} 人，书面赞成 {vote.written_for} 人，共" if rule.written and vote.written_for else "赞成"
    )
    majority = _share("赞成票", counted, vote.due, rule.majority, rule.clause, how)
    if not quorum.holds:
        steps = ("到会人数不够，不能表决：改期再开，这次的票不算",)
    elif not majority.holds:
        steps = ("没有通过：把结果记入会议记录",)
    else:
        steps = ("通过：把应到、实到和各项票数记入会议记录",)
    return DecisionResult(quorum.holds, quorum.holds and majority.holds, (quorum, majority), steps)


def _decision_possible(vote: Decision, rule: DecisionRule) -> None:
    _whole(
        应到会=vote.due, 实到会=vote.present, 赞成=vote.for_, 反对=vote.against, 弃权=vote.abstained,
        书面赞成=vote.written_for, 书面不赞成=vote.written_against,
    )  # fmt: skip
    if vote.due == 0:
        raise Impossible("应到会人数是 0：填有表决权的正式党员人数")
    if vote.present > vote.due:
        raise Impossible(f"实到会 {vote.present} 人，比应到会 {vote.due} 人多，核对两处")
    cast, written = vote.for_ + vote.against + vote.abstained, vote.written_for + vote.written_against
    if cast > vote.present:
        raise Impossible(f"赞成、反对、弃权共 {cast} 人，比实到会 {vote.present} 人多，核对票数")
    if written > vote.due - vote.present:
        raise Impossible(f"书面意见 {written} 人，比没有到会的 {vote.due - vote.present} 人多；到会的人当场投票")
    if written and not rule.written:
        raise Impossible("这类表决不计书面意见，书面意见填 0")


# --- elections ----------------------------------------------------------------------------------------------

# XJ-11: who may be left out of the members due, each with approval.
LEFT_OUT_CLASSES = {
    "ill": "患病不能表达本人意志",
    "abroad": "出国半年以上",
    "sentenced": "被判刑、受留党察看以上处分",
    "frail": "年老体弱卧床不起、生活不能自理",
    "moved": "工作调动、下派锻炼、外出半年以上，应转未转组织关系",
}
AT_LEAST_FOUR_FIFTHS = Share("due", at_least=FOUR_FIFTHS)  # the reading of the 2020 text
OVER_FOUR_FIFTHS = Share("due", over=FOUR_FIFTHS)  # the reading of the 1990 text


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A member who may be left out of the base. `why`: a key of LEFT_OUT_CLASSES; not `approved`, he stays in."""

    why: str
    approved: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """`nominated`: stood on the ballot; otherwise voters wrote the name in."""

    name: str
    votes: int
    nominated: bool = True


@dataclass(frozen=True, slots=True)
class Election:
    """One round. `voters`: members with the right to vote, in persons; `spoiled` ballots chose more than the seats.

    `surplus`: a committee (more candidates than seats); else secretary and deputies (as many as seats).
    `quorum` is a parameter, because sources mix the two readings (XJ-10).
    """

    voters: int
    present: int
    issued: int
    returned: int
    seats: int
    candidates: tuple[Candidate, ...]
    spoiled: int = 0
    left_out: tuple[LeftOut, ...] = ()
    surplus: bool = True
    quorum: Share = AT_LEAST_FOUR_FIFTHS


@dataclass(frozen=True, slots=True)
class ElectionResult:
    """`due`: the base after those left out. `counts`: quorum and ballots make the round count; else nobody is elected.

    `tied` compete for `tied_seats` in a new vote; `vacant` seats are left after that vote, whatever it gives.
    """

    due: int
    counts: bool
    elected: tuple[str, ...]
    tied: tuple[str, ...]
    tied_seats: int
    vacant: int
    findings: tuple[Finding, ...]
    next: tuple[str, ...]


def candidates_needed(seats: int) -> int:
    """The fewest candidates for a committee: a fifth more than seats, rounded up (XJ-08: 3 seats → 4)."""
    return Share("seats", at_least=1 + FIFTH).least(seats)


def elect(round_: Election) -> ElectionResult:
    """What a round gives. Raises Impossible."""
    due = round_.voters - sum(one.approved for one in round_.left_out)
    _election_possible(round_, due)
    quorum = _share("到会人数", round_.present, due, round_.quorum, XJ_QUORUM, _due_words(round_, due) + "实到会")
    ballots = _ballots(round_)
    findings = [quorum, ballots, _field(round_)]
    if not (quorum.holds and ballots.holds):
        step = "到会人数不够，不能选举：改期再开" if not quorum.holds else "收回的选票多于发出的，选举无效：重新选举"
        return ElectionResult(due, False, (), (), 0, round_.seats, tuple(findings), (step,))
    majority = Share("present", over=HALF)
    enough = [one for one in round_.candidates if majority.holds(one.votes, round_.present)]
    elected, tied = _seated(enough, round_.seats)
    tied_seats = round_.seats - len(elected) if tied else 0
    vacant = round_.seats - len(elected) - tied_seats
    findings += [
        _share(one.name, one.votes, round_.present, majority, XJ_COUNT, "得赞成票", unit="票")
        for one in sorted(round_.candidates, key=lambda one: -one.votes)
    ]
    steps = _steps(findings[2], len(enough) - round_.seats, tied, tied_seats, vacant)
    return ElectionResult(due, True, elected, tied, tied_seats, vacant, tuple(findings), steps)


def _seated(enough: Sequence[Candidate], seats: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(elected, tied for the last seat), both by falling votes."""
    ranked = sorted(enough, key=lambda one: -one.votes)
    if len(ranked) <= seats:
        return tuple(one.name for one in ranked), ()
    last = ranked[seats - 1].votes
    if ranked[seats].votes < last:
        return tuple(one.name for one in ranked[:seats]), ()
    above = tuple(one.name for one in ranked if one.votes > last)
    return above, tuple(one.name for one in ranked if one.votes == last)


def _steps(field: Finding, more: int, tied: Sequence[str], tied_seats: int, vacant: int) -> tuple[str, ...]:
    steps = [] if field.holds else ["候选人人数不合规定：先向上级党组织报告，再定这次结果怎么办"]
    if tied:
        steps.append(f"{'、'.join(tied)}票数相等，争最后 {tied_seats} 个名额：只对这 {len(tied)} 人再投一次票")
    elif more > 0:
        steps.append("过半数的人多于应选名额，得票多的当选")
    if vacant:
        steps.append(
            f"还差 {vacant} 名：不足的名额另行选举；"
            "当选人数接近应选名额的，经半数以上选举人同意，也可以减少名额，不再选"
        )
    if field.holds and not tied and not vacant:
        steps.append("宣布当选名单；委员报上级备案，书记、副书记报上级批准")
    return tuple(steps)


def _ballots(round_: Election) -> Finding:
    sign = "不多于" if round_.returned <= round_.issued else "多于"
    sentence = f"发出选票 {round_.issued} 张，收回 {round_.returned} 张，收回的{sign}发出的"
    if round_.spoiled:
        sentence += f"；其中 {round_.spoiled} 张所选人数多于应选的 {round_.seats} 名，是废票"
    return Finding("选票", round_.returned <= round_.issued, sentence, XJ_COUNT)


def _field(round_: Election) -> Finding:
    """The number of candidates beside the seats."""
    stood = sum(one.nominated for one in round_.candidates)
    if round_.surplus:
        needed = candidates_needed(round_.seats)
        said = f"应选 {round_.seats} 名，差额不少于 20%，候选人至少 {needed} 名；列候选人 {stood} 名"
        return Finding("候选人", stood >= needed, said, XJ_SURPLUS)
    said = f"书记、副书记等额选举，应选 {round_.seats} 名；列候选人 {stood} 名"
    return Finding("候选人", stood == round_.seats, said, XJ_SURPLUS)


def _due_words(round_: Election, due: int) -> str:
    refused = sum(not one.approved for one in round_.left_out)
    taken = f"有选举权的 {round_.voters} 人，减去经批准不计的 {round_.voters - due} 人，应到会 {due} 人；"
    words = taken if round_.left_out else ""
    return words + (f"{refused} 人没有批准，仍计在内；" if refused else "")


def _election_possible(round_: Election, due: int) -> None:
    _whole(
        有选举权的党员=round_.voters, 实到会=round_.present, 发出选票=round_.issued, 收回选票=round_.returned,
        废票=round_.spoiled, 应选名额=round_.seats, **{f"{one.name}的票数": one.votes for one in round_.candidates},
    )  # fmt: skip
    if strange := [one.why for one in round_.left_out if one.why not in LEFT_OUT_CLASSES]:
        raise Impossible(f"不计在应到会人数内的理由只有五种，没有“{strange[0]}”")
    if due <= 0 or round_.seats == 0:
        raise Impossible(f"{'应到会人数' if due <= 0 else '应选名额'}要大于 0")
    names = [one.name.strip() for one in round_.candidates]
    if not all(names) or len(set(names)) < len(names):
        raise Impossible("每个人要有姓名，同一个人只列一次；同名的加注区分")
    if round_.present > due:
        raise Impossible(f"实到会 {round_.present} 人，比应到会 {due} 人多，核对两处；到会的人不能列为不计的人")
    if round_.issued > round_.present:
        raise Impossible(f"发出选票 {round_.issued} 张，比实到会 {round_.present} 人多，一人一张")
    if round_.spoiled > round_.returned:
        raise Impossible(f"废票 {round_.spoiled} 张，比收回的 {round_.returned} 张多，核对票数")
    _votes_possible(round_)


def _votes_possible(round_: Election) -> None:
    valid = round_.returned - round_.spoiled
    for one in round_.candidates:
        if one.votes > valid:
            raise Impossible(f"{one.name}得 {one.votes} 票，比有效票 {valid} 张多，核对票数")
    if (total := sum(one.votes for one in round_.candidates)) > valid * round_.seats:
        raise Impossible(
            f"各人票数共 {total}，有效票 {valid} 张、每张最多选 {round_.seats} 人，最多 {valid * round_.seats}"
        )


# --- words --------------------------------------------------------------------------------------------------


def _whole(**numbers: int) -> None:
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST:
            raise Impossible(f"{name}要填 0 到 {MOST} 的整数")


def _share(what: str, count: int, base: int, share: Share, clause: Clause, said: str, unit: str = "人") -> Finding:
    holds = share.holds(count, base)
    sentence = (
        f"{said} {count} {unit}，{BASES[share.of]} {base}：{count} ÷ {base} = {percent(count, base)}，"
        f"要{share.words()}，即至少 {share.least(base)} {unit}，{'够' if holds else '不够'}"
    )
    return Finding(what, holds, sentence, clause)


def percent(count: int, base: int) -> str:
    """“80%”, or “约 66.7%” where it is not whole tenths: nobody should take a rounded number for the exact one.

    It is cut, not rounded, so that less than half is never told as 50%.
    """
    if base == 0:
        return "--"
    tenths, rest = divmod(count * 1000, base)
    whole = f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"
    return f"{'约 ' if rest else ''}{whole}%"
