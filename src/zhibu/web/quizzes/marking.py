"""A paper is drawn, put into each member's own order, and marked: by numbers alone, the same every time."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhibu.web.quizzes.models import PaperItem, Question, Sitting

Answers = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as one member meets it. `options`: (place, words); `taken` what was answered, None before."""

    number: int
    item: PaperItem
    options: list[tuple[int, str]]
    taken: tuple[int, ...] | None = None

    @property
    def question(self) -> Question:
        return self.item.question

    @property
    def many(self) -> bool:
        return self.question.kind == Question.Kind.MULTIPLE

    @property
    def right(self) -> bool:
        return self.taken is not None and is_right(self.question, self.taken)

    @property
    def shown(self) -> list[tuple[int, str, bool]]:
        """(place, words, taken)"""
        return [(place, words, place in (self.taken or ())) for place, words in self.options]


def draw(questions: Sequence[Question], wanted: Mapping[str, int], seed: int) -> list[Question]:
    """As many of each kind as wanted, in the order of the kinds. Raises ValueError: kind that has too few."""
    chance, found = random.Random(seed), []  # noqa: S311  no secret: it only has to be the same again
    for kind, number in wanted.items():
        there = sorted((one for one in questions if one.kind == kind), key=lambda one: one.pk)
        if len(there) < number:
            raise ValueError(kind)
        found += chance.sample(there, number)
    return found


def in_order(items: Sequence[PaperItem], seed: int, member: int, answers: Answers | None = None) -> list[Asked]:
    """Questions and options in this member's order. 判断题 keep 对, 错 as they are."""
    chance = random.Random(f"{seed}-{member}")  # noqa: S311  the same page again after a reload
    mixed = list(items)
    chance.shuffle(mixed)
    found = []
    for number, item in enumerate(mixed, 1):
        options = list(enumerate(map(str, item.question.options)))
        if item.question.kind != Question.Kind.JUDGEMENT:
            chance.shuffle(options)
        taken = None if answers is None else tuple(answers.get(str(item.pk), ()))
        found.append(Asked(number, item, options, taken))
    return found


def is_right(question: Question, taken: Sequence[int]) -> bool:
    """All the right ones and no other."""
    return bool(taken) and sorted(taken) == sorted(question.answer)


def marked(items: Sequence[PaperItem], answers: Answers, pass_percent: int) -> tuple[int, bool]:
    """How many are right, and whether that is enough."""
    right = sum(is_right(one.question, answers.get(str(one.pk), ())) for one in items)
    return right, bool(items) and right * 100 >= pass_percent * len(items)


def own(sitting: Sitting, items: Sequence[PaperItem]) -> list[Asked]:
    return in_order(items, sitting.paper.seed, sitting.member_id, sitting.answers)
