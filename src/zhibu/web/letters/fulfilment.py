"""How far a clause is: by the verdicts of its rules, by the tasks it was broken down into, or as the unit says. Never
reckoned from a rule here: the verdicts are the engine's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from zhibu.web.core.scope import Scope
from zhibu.web.duties.models import Tally
from zhibu.web.letters.models import Letter, LetterMark, LetterTask
from zhibu.web.letters.queries import SIDES
from zhibu.web.letters.wording import Line
from zhibu.web.regulations.queries import rules_by_name
from zhibu.web.tasks.models import Task


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """`how`: rules, tasks, said, or empty when nothing tells. `done` of `all`; of what was said, percent of 100."""

    how: str = ""
    done: int = 0
    all: int = 0
    reason: str = ""

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded down: what is not wholly done does not read 100."""
        return self.done * 100 // self.all if self.all else None

    @property
    def short(self) -> str:
        return f"完成 {self.percent}%"

    @property
    def words(self) -> str:
        """The arithmetic."""
        if self.how == "rules":
            told = f"按时或迟完成 {self.done} ÷ 已到期 {self.all}"
            return f"看规则的结论：{told} = {self.percent}%" if self.all else "看规则的结论：还没有到期的"
        if self.how == "tasks":
            return f"看分解的任务：验收通过 {self.done} ÷ 全部 {self.all} = {self.percent}%"
        if self.how == "said":
            return f"单位自己说：{self.done}%" + (f"，理由：{self.reason}" if self.reason else "")
        return "还没有任务、规则或自查说明办到哪一步"

    @property
    def status(self) -> str:
        return "done" if self.percent == 100 else "todo"


def fulfilment(scope: Scope, letter: Letter, lines: Sequence[Line]) -> dict[int, Fulfilment]:
    """clause → how far, of a letter within reach. Rules go before tasks, tasks before words."""
    counted, tasks, said = _verdicts(scope, letter, lines), _tasks(letter), _said(letter)
    return {one.clause.pk: _one(one, counted, tasks, said) for one in lines}


def _one(line: Line, counted: dict, tasks: dict, said: dict) -> Fulfilment:
    if line.clause.rules:
        found = [counted.get(tuple(name.split("/", 1)), (0, 0)) for name in line.clause.rules]
        return Fulfilment("rules", sum(done for done, _ in found), sum(many for _, many in found))
    if all_ := tasks.get(line.clause.pk):
        return Fulfilment("tasks", *all_)
    return said.get(line.clause.pk, Fulfilment())


def _verdicts(scope: Scope, letter: Letter, lines: Sequence[Line]) -> dict[tuple[str, str], tuple[int, int]]:
    """(rulebook, rule) → duties done and concluded, at the unit and below it, in periods that have ended this year."""
    names = {tuple(name.split("/", 1)) for one in lines for name in one.clause.rules}
    if not names:
        return {}
    rows = Tally.objects.within(scope).filter(organisation=letter.unit_id, year=letter.template.year)
    rows = rows.filter(rule__in={rule for _, rule in names}, ends_on__lte=scope.on).order_by()
    sums = rows.values("rulebook", "rule").annotate(done=Sum("met") + Sum("late"), gone=Sum("missed"))
    return {(row["rulebook"], row["rule"]): (row["done"], row["done"] + row["gone"]) for row in sums}


def _tasks(letter: Letter) -> dict[int, tuple[int, int]]:
    rows = LetterTask.objects.unscoped(SIDES).filter(letter=letter).order_by()
    standing = ~Q(order__tasks__state=Task.State.WITHDRAWN) & Q(order__tasks__isnull=False)
    told = rows.values("clause").annotate(
        done=Count("order__tasks", Q(order__tasks__state=Task.State.CLOSED)), many=Count("order__tasks", standing)
    )
    return {row["clause"]: (row["done"], row["many"]) for row in told if row["many"]}


def _said(letter: Letter) -> dict[int, Fulfilment]:
    """By the latest check that says a percent."""
    rows = LetterMark.objects.unscoped(SIDES).filter(checked__letter=letter, percent__isnull=False)
    in_order = rows.order_by("checked__term", "pk")  # half before year, which goes over it
    return {one.clause_id: Fulfilment("said", one.percent or 0, 100, one.did) for one in in_order}


def rule_titles(names: Sequence[str]) -> list[str]:
    known = rules_by_name()
    found = ((name, known.get(tuple(name.split("/", 1)))) for name in names)  # type: ignore[call-overload]
    return [row.title if row else f"{name}（现在没有这条规则）" for name, row in found]


def unit_tasks(letter: Letter) -> dict[int, list[Task]]:
    """clause → the tasks it was broken down into, as they stand."""
    links = dict(LetterTask.objects.unscoped(SIDES).filter(letter=letter).values_list("order", "clause"))
    rows = Task.objects.unscoped("linked to a letter within reach").filter(order__in=links)
    found: dict[int, list[Task]] = defaultdict(list)
    for one in rows.exclude(state=Task.State.WITHDRAWN).select_related("order", "owner").order_by("due_on", "pk"):
        found[links[one.order_id]].append(one)
    return found
