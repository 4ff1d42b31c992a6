"""The events of a run of organisations, as columns of numbers, by organisation and day. Serves speed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from synthetic.duties import (
    CALENDAR,
    DAYS,
    DOUBLES,
    HOURS,
    LABELS,
    OTHER_HOURS,
    PERIODS,
    TAUGHT,
    TOPIC_SETS,
    TYPE_SETS,
    TYPES,
    Duty,
)
from synthetic.encode import NONE, day
from synthetic.organisations import AS_OF, FIRST, LAST, Bools, Organisations
from synthetic.tree import BRANCH, Ints

Column = npt.NDArray[np.generic]


@dataclass(slots=True)
class Held:
    """Who held what when: index of the organisation, of the type, day, index of the label made up (-1: none)."""

    who: Ints
    type: Ints
    on: Ints
    makes: Ints


def of(those: Organisations, dice: np.random.Generator) -> dict[str, Column]:
    """Columns of numbers: `who` indexes `those` (-1: no organisation); NONE and -1 are null."""
    parts = [part for duty in CALENDAR for part in _calendar(those, duty, dice)]
    parts += [_terms(those, dice), _visits(those, dice), _talks(those, dice), *_steps(those, dice)]
    parts += [_reports(those, parts, dice)]
    held = Held(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("who", "type", "on", "makes")))
    there = (held.on >= those.founded[held.who]) & (held.on <= AS_OF)
    there &= (those.dissolved[held.who] == NONE) | (held.on <= those.dissolved[held.who])
    order = np.flatnonzero(there)
    order = order[np.argsort(held.who[order] * 2**16 + held.on[order], kind="stable")]
    return _details(those, Held(held.who[order], held.type[order], held.on[order], held.makes[order]), dice)


# --- who holds what when ------------------------------------------------------------------------------------


def _held(who: Ints, kind: str, on: Ints) -> Held:
    return Held(who, np.full(len(who), TYPES.index(kind)), on, np.full(len(who), -1))


def _calendar(those: Organisations, duty: Duty, dice: np.random.Generator) -> list[Held]:
    """Once in most periods, sometimes twice; of the periods left out a few are made up later, and say so."""
    able = np.flatnonzero(duty.who(those))
    begins, follows, labels = PERIODS[duty.every]
    first, length = np.array(begins), np.subtract(follows, begins)
    luck = dice.random((len(able), len(labels)), dtype=np.float32)
    chance = those.quality[able][:, None] * np.float32(duty.chance)
    kept, forgotten = luck < chance, luck > 1 - (1 - chance) * np.float32(0.2)
    again = kept & (dice.random(luck.shape, dtype=np.float32) < duty.times)
    found = []
    for mask in (kept, again):
        row, nth = np.nonzero(mask)
        found.append(_held(able[row], duty.type, first[nth] + _within(length[nth], dice)))
    row, nth = np.nonzero(forgotten & (duty.chance == 1))
    made = _held(able[row], duty.type, first[nth] + length[nth] + dice.integers(0, 45, len(row)))
    made.makes = LABELS.index(labels[0]) + nth
    return [*found, made]


def _within(length: Ints, dice: np.random.Generator) -> Ints:
    return (dice.random(len(length), dtype=np.float32) * length).astype(np.int64)


def _terms(those: Organisations, dice: np.random.Generator) -> Held:
    """Elections in the last 80 days of a term that ends in the year, and at other times a few."""
    years = np.where((those.tree.kind != BRANCH) | those.rural, 5, 3)
    closes = those.elected + (years * 365.25).astype(np.int64) - 2
    due = (those.elected != NONE) & (closes >= FIRST) & (closes <= LAST + 40)
    who = np.flatnonzero(due & (dice.random(len(those)) < 0.93 * those.quality))
    return _held(who, "election", closes[who] - dice.integers(0, 80, len(who)))


def _visits(those: Organisations, dice: np.random.Generator) -> Held:
    """From above, once in each half year since the election; the first may begin before the year."""
    able = np.flatnonzero((those.tree.kind >= BRANCH - 1) & (those.elected != NONE))
    first = those.elected[able] + ((FIRST - those.elected[able]) // 182.625 * 182.625).astype(np.int64) + 3
    starts = first[:, None] + np.array([0, 182, 365])
    row, nth = np.nonzero(dice.random(starts.shape, dtype=np.float32) < 0.97 * those.quality[able][:, None])
    return _held(able[row], "visit", starts[row, nth] + dice.integers(0, 176, len(row)))


def _talks(those: Organisations, dice: np.random.Generator) -> Held:
    """A few per cent of the members in each half of the year."""
    able = np.flatnonzero(those.branch)
    wanted = np.ceil(those.members[able] * 0.03).astype(np.int64)
    times = np.where(dice.random((2, len(able))) < those.quality[able], wanted + (dice.random(len(able)) < 0.2), 0)
    who = np.concatenate([np.repeat(able, half) for half in times])
    begins = np.repeat(PERIODS["H"][0], times.sum(axis=1))
    return _held(who, "talk", begins + dice.integers(0, 181, len(who)))


def _steps(those: Organisations, dice: np.random.Generator) -> list[Held]:
    """A new secretary is trained, a new organisation elects."""
    new = (those.secretary != NONE) & (those.secretary > day(2024, 6, 1))
    trained = np.flatnonzero(new & (dice.random(len(those)) < 0.95 * those.quality))
    elected = np.flatnonzero((those.founded >= FIRST) & (dice.random(len(those)) < 0.9 * those.quality))
    training = _held(trained, "training", those.secretary[trained] + dice.integers(3, 170, len(trained)))
    return [training, _held(elected, "election", those.founded[elected] + dice.integers(5, 85, len(elected)))]


def _reports(those: Organisations, parts: list[Held], dice: np.random.Generator) -> Held:
    """Information after a life meeting, and in villages and communities after a general meeting."""
    who, on = [], []
    for part, kind, after in ((parts, "life_meeting", 16), (parts, "general_meeting", 9)):
        for one in part:
            told = one.type == TYPES.index(kind)
            told &= those.rural[one.who] if kind == "general_meeting" else True
            told &= dice.random(len(one.who), dtype=np.float32) < those.quality[one.who]
            who.append(one.who[told])
            on.append(one.on[told] + dice.integers(0, after + 1, int(told.sum())))
    return _held(np.concatenate(who), "information", np.concatenate(on))


# --- the rest of the columns --------------------------------------------------------------------------------


def _details(those: Organisations, held: Held, dice: np.random.Generator) -> dict[str, Column]:
    count, quality = len(held.who), those.quality[held.who]
    luck = dice.random((7, count), dtype=np.float32)
    expected = np.where(held.type == TYPES.index("talk"), 1, np.minimum(those.members[held.who], 300))
    least = np.where(held.type == TYPES.index("election"), 0.78, 0.66)
    share = np.minimum(1, least + 0.42 * quality * luck[0])
    unknown = luck[1] < 0.035
    delay = np.minimum(dice.standard_exponential(count, dtype=np.float32) * (1.5 + 12 * (1 - quality)), 200)
    delay += np.where(luck[2] < 0.02, 15 + luck[2] * 3000, 0)
    return {
        "who": held.who,
        "types": _types(held.type, luck[3]),
        "person": _persons(those, held, dice),
        "on": held.on,
        "recorded": held.on + delay.astype(np.int64),
        "expected": np.where(unknown, NONE, expected),
        "present": np.where(unknown, NONE, np.rint(expected * share)).astype(np.int64),
        "days": np.where(held.type == TYPES.index("training"), np.array(DAYS)[_slot(luck[4])], NONE),
        "hours": np.where(luck[1] > 0.99, NONE, _HOURS[held.type, _slot(luck[4])]),
        "topics": np.where(_taught(held.type) & (luck[5] < 0.97), (luck[6] * len(TOPIC_SETS)).astype(int), -1),
        "makes": held.makes,
        "mode": np.searchsorted([0.84, 0.96], luck[5], side="right"),
        "files": np.minimum(dice.poisson(2.5, count), 9),
    }


_HOURS = np.array([HOURS.get(name, OTHER_HOURS) for name in TYPES])
_SECOND = {TYPE_SETS[at][0]: at for at in range(len(TYPES), len(TYPE_SETS))}
_CHANCE = np.array([DOUBLES.get(name, 0) for name in TYPES], np.float32)
_TWO = np.array([_SECOND.get(at, at) for at in range(len(TYPES))])


def _slot(luck: Column) -> Ints:
    return (luck * 8).astype(np.int64)


def _types(kinds: Ints, luck: Column) -> Ints:
    return np.where(luck < _CHANCE[kinds], _TWO[kinds], kinds)


def _taught(kinds: Ints) -> Bools:
    return np.isin(np.arange(len(TYPES)), [TYPES.index(name) for name in TAUGHT])[kinds]


def _persons(those: Organisations, held: Held, dice: np.random.Generator) -> Ints:
    """Talks are with a member; each is a number in the country's count."""
    own = those.people[held.who] + (dice.random(len(held.who)) * those.members[held.who]).astype(np.int64)
    return np.where(held.type == TYPES.index("talk"), own, -1)
