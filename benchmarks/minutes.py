"""Made-up minutes of branches for measuring near-duplicates: what is honest and alike, and copies that are planted.

Honest and alike: stock sentences, the frame of the branch month after month, the same agenda every month, passages of
official texts, two branches that write down one joint activity. Planted: a text of another year or another branch, 1 to
35 % of it rewritten, three of ten with their halves swapped. The same seed gives the same corpus. Nobody is real.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

COPIES, SWAPPED, MONTHLY, QUOTING, JOINT, KNOWN = 0.02, 0.3, 0.15, 0.25, 0.01, 0.8  # shares
YEARLY = 48  # texts of one branch

_WORDS = yaml.safe_load((Path(__file__).parent / "minutes.yaml").read_text("utf-8"))
_STATE, _TALK, _DECIDE = (_WORDS[kind] for kind in ("state", "talk", "decide"))
_LEXICON, _WORD_LETTERS = 20_000, 1_500  # words of the branch's own life, Zipf-like; letters they are made of


@dataclass
class Corpus:
    """`planted`: (copy, source). `families`: texts that are copies of one another, directly or not."""

    texts: list[str] = field(default_factory=list)
    branches: list[int] = field(default_factory=list)
    planted: list[tuple[int, int]] = field(default_factory=list)
    references: list[str] = field(default_factory=list)  # official texts the office has put on its list

    @property
    def family(self) -> dict[int, int]:
        return dict(self.planted)


class Writer:
    def __init__(self, seed: int):
        self.dice = random.Random(seed)
        letters = [chr(0x4E00 + at) for at in self.dice.sample(range(20_000), _WORD_LETTERS)]
        self.lexicon = [
            "".join(self.dice.choices(letters, k=self.dice.choice((1, 2, 2, 2, 3)))) for _ in range(_LEXICON)
        ]
        self.official = [self._official() for _ in range(60)]

    def corpus(self, count: int) -> Corpus:
        """`count` texts of as many branches as it takes, the last 2 % of them copies."""
        made, dice = Corpus(), self.dice
        made.references = self.official[: int(len(self.official) * KNOWN)]
        honest = count - int(count * COPIES)
        while len(made.texts) < honest:
            self._branch(made, min(YEARLY, honest - len(made.texts)))
        for _ in range(count - honest):
            source = dice.randrange(honest)
            made.planted.append((len(made.texts), source))
            made.texts.append(self._copy(made.texts[source]))
            made.branches.append(made.branches[source] if dice.random() < 0.5 else dice.choice(made.branches))
        return made

    def _branch(self, made: Corpus, count: int) -> None:
        """The texts of one branch: a frame of its own, perhaps one agenda for every month."""
        dice = self.dice
        frame = dice.sample(_WORDS["stock"], 3)
        agenda = [self._sentence(dice.choice((_TALK, _DECIDE))) for _ in range(dice.randint(1, 5))]
        monthly = dice.random() < MONTHLY
        for _ in range(count):
            joint = made.texts and dice.random() < JOINT
            fixed = agenda if monthly else _some(dice, made.texts[-1]) if joint else ()
            made.texts.append(self._minutes(frame, fixed))
            made.branches.append((len(made.texts) - 1) // YEARLY)

    def _minutes(self, frame: Sequence[str], fixed: Sequence[str]) -> str:
        dice, parts = self.dice, [self._filled(one) for one in frame]
        if dice.random() < QUOTING:
            whole = dice.choice(self.official).split("。")
            begin = dice.randrange(max(1, len(whole) - 4))
            parts += whole[begin : begin + dice.randint(2, 6)]
        parts += fixed
        for _ in range(max(2, round(dice.lognormvariate(1.9, 0.5)))):
            parts.append(self._sentence(dice.choice((_STATE, _STATE, _TALK, _DECIDE))))
        if dice.random() < 0.5:
            parts.append(self._filled(dice.choice(_WORDS["stock"])))
        return "。".join(one for one in parts if one) + "。"

    def _sentence(self, kind: Sequence[str]) -> str:
        dice, said = self.dice, self._filled(self.dice.choice(kind))
        if kind is _STATE:
            said = f"{dice.choice(_WORDS['who'])}{dice.choice(_WORDS['act'])}了{self._work()}的情况，{said}"
        return f"{said}，{dice.choice(_WORDS['joins'])}{self._own_words()}"

    def _own_words(self) -> str:
        """What only this meeting was about: four to twelve words, the usual ones more often."""
        dice = self.dice
        return "".join(self.lexicon[int(dice.random() ** 2.5 * _LEXICON)] for _ in range(dice.randint(4, 12)))

    def _work(self) -> str:
        return self.dice.choice(_WORDS["thing"]) + self.dice.choice(_WORDS["done"])

    def _filled(self, pattern: str) -> str:
        dice = self.dice
        while "{s}" in pattern:
            pattern = pattern.replace("{s}", self._name(), 1)
        return pattern.format(
            n=dice.randint(2, 60), m=dice.randint(1, 40), d=dice.randint(1, 28), p=dice.choice(_WORDS["places"]),
            w=dice.choice(_WORDS["when"]), k=self._work(),
        )  # fmt: skip

    def _name(self) -> str:
        return self.dice.choice(_WORDS["surnames"]) + "".join(
            self.dice.sample(_WORDS["names"], self.dice.choice((1, 2, 2)))
        )

    def _official(self) -> str:
        fill = lambda: dict(zip("abc", self.dice.sample(_WORDS["abstract"], 3), strict=True))  # noqa: E731
        return "。".join(self.dice.choice(_WORDS["official"]).format(**fill()) for _ in range(self.dice.randint(8, 20)))

    def _copy(self, text: str) -> str:
        """Stretches of 2 to 14 letters written anew until 1 to 35 % are; sometimes the halves change places."""
        dice, left = self.dice, dice_share(self.dice) * len(text)
        while left > 0:
            length = dice.randint(2, 14)
            at = dice.randrange(max(1, len(text) - length))
            other = self._sentence(dice.choice((_STATE, _TALK, _DECIDE)))
            begin = dice.randrange(max(1, len(other) - 14))
            text = text[:at] + other[begin : begin + dice.randint(2, 14)] + text[at + length :]
            left -= length
        half = len(text) // 2
        return text[half:] + text[:half] if dice.random() < SWAPPED else text


def dice_share(dice: random.Random) -> float:
    return dice.uniform(0.01, 0.35)


def _some(dice: random.Random, text: str) -> list[str]:
    """A joint activity: what the other branch wrote about the common part."""
    sentences = text.split("。")
    return sentences[: max(1, round(len(sentences) * dice.uniform(0.2, 0.4)))]
