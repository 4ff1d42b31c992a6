"""What the form is about: one organisation on one day, and what may be chosen there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import words
from zhibu.web.records.queries.closing import Duty
from zhibu.web.records.queries.people import on_roster
from zhibu.web.records.ties import Offer
from zhibu.web.regulations.activities import Frame, first_kinds, frames, leading_kinds, own_kinds

Choices = list[tuple[str, str]]
FRAME = "议题：\n\n讨论情况：\n\n决定事项：\n\n谁来办、何时办："


@dataclass(frozen=True)
class Setting:
    """What the form asks about: one organisation, one day."""

    organisation: Organisation
    today: date
    on: date
    members: Sequence[Member]  # everybody ever on the roster
    closing: Sequence[Duty] = ()  # duties an activity of that day would close
    owing: Sequence[Duty] = ()  # periods that may be made up for
    known: Mapping[int, str] = field(default_factory=dict)  # states known before anybody ticks: who signed in
    kept_make_up: str = ""  # of a record being edited: still allowed although nothing is owed any more

    offers: Mapping[str, Offer] = field(default_factory=dict)  # programmes and goals of that day

    @property
    def frames(self) -> list[Frame]:
        """Texts to begin from at this organisation, those of programmes first."""
        offered = [frame for offer in self.offers.values() for frame in offer.frames]
        sector = self.organisation.sector
        return offered + [frame for frame in frames() if not frame.sectors or sector in frame.sectors]

    @property
    def roster(self) -> list[Member]:
        return [member for member in self.members if on_roster(member, self.on)]


def type_choices(setting: Setting, chosen: Sequence[str]) -> tuple[dict[str, list[str]], Choices]:
    """The types that close a duty of the day (with its words), and all that may be ticked, those first."""
    closing: dict[str, list[str]] = {}
    for duty in setting.closing:
        for kind in duty.types:
            closing.setdefault(kind, []).append(duty.words)
    sector, leading = setting.organisation.sector, leading_kinds(setting.organisation.kind)
    kinds = dict.fromkeys([*chosen, *closing, *first_kinds(sector), *leading, *words.COMMON, *own_kinds(sector)])
    return closing, [(kind, _tick(kind, closing.get(kind, []))) for kind in kinds]


def _tick(kind: str, duties: list[str]) -> str:
    """11 月主题党日, with the type's own word where the duty is named differently."""
    word, phrase = words.types_words([kind]), "、".join(duties)
    if not phrase:
        return word
    return phrase if word in phrase else f"{phrase}（{word}）"


def period_choices(setting: Setting) -> Choices:
    """不是补课, then one choice a period that still owes something; one record makes up for one period."""
    titles: dict[str, list[str]] = {setting.kept_make_up: []} if setting.kept_make_up else {}
    for duty in setting.owing:
        titles.setdefault(duty.period, []).append(duty.title)
    return [("", "不是补课"), *((label, _made_up(label, names, setting.today)) for label, names in titles.items())]


def _made_up(label: str, titles: list[str], today: date) -> str:
    """补 10 月：主题党日、支委会"""
    return "：".join(part for part in (f"补 {words.period_words(label, today)}", "、".join(titles)) if part)
