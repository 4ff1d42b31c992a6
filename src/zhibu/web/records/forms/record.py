"""The form of a record (ux.md 3.2): everything prefilled or optional but attendance and content."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from zhibu.web.records import extras, ties, words
from zhibu.web.records.fields import Clock, Day, Heads, Hours, Line, Prose
from zhibu.web.records.forms import checks
from zhibu.web.records.forms.setting import Setting, period_choices, type_choices
from zhibu.web.records.sheet import REST, Sheet, typed_states, usual
from zhibu.web.regulations.activities import Frame, Group, first_kinds


def _line(label: str, length: int) -> Line:
    too_long = f"{label}最多 {length} 字"
    return Line(label=label, required=False, max_length=length, error_messages={"max_length": too_long})


class RecordForm(forms.Form):
    held_on = Day(
        label="日期",
        error_messages={"required": "填写活动日期", "invalid": "活动日期写成 2026-11-21 这样"},
    )
    starts_at = Clock(label="开始", required=False, error_messages={"invalid": "开始时间写成 19:00 这样"})
    ends_at = Clock(label="结束", required=False, error_messages={"invalid": "结束时间写成 20:30 这样"})
    place = _line("地点", 120)
    host = _line("主持", 40)
    types = forms.MultipleChoiceField(
        label="这次活动同时算作",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "选一项：这次活动算作什么", "invalid_choice": "活动类型里没有“%(value)s”"},
    )
    makes_up = forms.ChoiceField(
        label="是不是补课",
        required=False,
        error_messages={"invalid_choice": "这一期现在不用补了，重新选一项"},
    )
    rest = forms.ChoiceField(
        label="没有单独选的人",
        required=False,
        widget=forms.RadioSelect,
        choices=REST,
        error_messages={"invalid_choice": "没有单独选的人：选一项"},
    )
    expected = Heads(label="应到人数", required=False, min_value=0, max_value=100_000)
    present = Heads(label="实到人数", required=False, min_value=0, max_value=100_000)
    topic = _line("主题", 200)
    content = Prose(
        label="讲了什么、定了什么",
        max_length=50_000,
        error_messages={
            "required": "填写讲了什么、定了什么",
            "max_length": "有 %(show_value)s 字，最多 %(limit_value)s 字；只记要点就可以",
        },
    )
    recorder = _line("记录人", 40)
    hours = Hours(
        label="学时",
        required=False,
        min_value=0,
        max_value=200,
        decimal_places=2,
        error_messages={"invalid": "学时写成 1.5 这样", "min_value": "学时不能小于 0", "max_value": "学时最多 200"},
    )
    # Carried along, never shown.
    key = forms.RegexField(r"^[\w:-]{1,40}$", widget=forms.HiddenInput)
    rule = forms.CharField(required=False, max_length=130, widget=forms.HiddenInput)
    period = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    tab = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, setting: Setting, quiet: bool = False):
        """`data` is what was typed or prefilled. A `quiet` form shows it without judging it."""
        super().__init__(data)
        self.setting = setting
        self.quiet = quiet
        self.strangers = False
        self.chosen = [kind for kind in data.getlist("types") if words.known(kind)]
        self._offer()
        self._ask()
        self.sheet = self._sheet()
        self._counts_or_names()

    @property
    def errors(self) -> ErrorDict:
        return ErrorDict() if self.quiet else super().errors

    # ---- what is offered

    def _offer(self) -> None:
        closing, choices = type_choices(self.setting, self.chosen)
        self.first_types = {*closing, *self.chosen, *first_kinds(self.setting.organisation.sector)}
        self.fields["types"].choices = choices
        self.fields["makes_up"].choices = period_choices(self.setting)
        self.may_make_up = len(self.fields["makes_up"].choices) > 1

    def _ask(self) -> None:
        """What one of the kinds offered may ask, and what the record may be tied to."""
        self.groups = extras.offered([kind for kind, _ in self.fields["types"].choices])
        for group in self.groups:
            self.fields |= {f"{extras.PREFIX}{ask.id}": extras.field(ask) for ask in group.asks}
        for tie in ties.ties():
            if offer := self.setting.offers.get(tie.name):
                self.fields[f"{ties.PREFIX}{tie.name}"] = ties.field(tie, offer)

    # ---- attendance

    def _sheet(self) -> Sheet:
        roster = self.setting.roster
        try:
            posted = typed_states(self.data)
        except ValueError:
            self.strangers, posted = True, {}
        # Somebody of the own roster whom another date brings in or leaves out is no stranger.
        self.strangers |= not posted.keys() <= {member.pk for member in self.setting.members}
        rest = self.data.get("rest", "")
        said = {pk: state for pk, state in posted.items() if state}
        return Sheet(
            roster, usual(roster, self.chosen) | dict(self.setting.known) | said, rest if rest in dict(REST) else ""
        )

    def _counts_or_names(self) -> None:
        """Without a roster two numbers are asked; with one they are counted."""
        if self.setting.roster:
            del self.fields["expected"], self.fields["present"]
        else:
            del self.fields["rest"]
            return
        # Asked only while somebody has no state of their own.
        self.fields["rest"].required = bool(self.sheet.open_rows)
        self.fields["rest"].error_messages["required"] = f"还有 {len(self.sheet.open_rows)} 人没有记到会情况"

    # ---- checks

    def clean_held_on(self) -> date:
        day, founded = self.cleaned_data["held_on"], self.setting.organisation.founded_on
        if day > self.setting.today:
            raise forms.ValidationError(f"活动日期 {day} 还没到。改为今天或以前的日期；要预告，用“发会议通知”")
        if founded and day < founded:
            raise forms.ValidationError(f"活动日期 {day} 早于本组织建立的日期 {founded}，核对年份")
        return day

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        checks.times(self, found)
        checks.make_up(self, found)
        (checks.sheet if self.setting.roster else checks.counts)(self, found)
        checks.answers(self, found)
        checks.tied(self, found)
        return found

    # ---- for the template

    @property
    def left(self) -> list[str]:
        """What an older form asked and this one does not: shown, so that it can be copied."""
        gone = [name for name in self.data if name.startswith(extras.PREFIX) and name not in self.fields]
        words = [*self.data.getlist("left"), *(word for name in gone for word in self.data.getlist(name))]
        return list(dict.fromkeys(word for word in words if word.strip()))

    @property
    def tied_ticks(self) -> list[Any]:
        """Programmes and the like, beside the kinds of activity."""
        return [self[name] for name in (f"{ties.PREFIX}{tie.name}" for tie in ties.ties() if not tie.group)
                if name in self.fields and self.fields[name].choices]  # fmt: skip

    @property
    def asked(self) -> list[Asked]:
        """The groups of questions, each with whether it is to be seen at once."""
        return [Asked(self, group) for group in self.groups]

    @property
    def shown_frames(self) -> tuple[list[Frame], list[Frame]]:
        """Texts that fit the kinds chosen, and the others."""
        sector, all_ = self.setting.organisation.sector, self.setting.frames
        fit = [one for one in all_ if one.fits(sector, self.chosen) and (one.types or one.sectors)]
        fit += [one for one in all_ if not one.types and not one.sectors]
        return fit[:3], [one for one in all_ if one not in fit[:3]]

    @property
    def first_ticks(self) -> list[Any]:
        return [one for one in self["types"] if one.data["value"] in self.first_types]

    @property
    def more_ticks(self) -> list[Any]:
        return [one for one in self["types"] if one.data["value"] not in self.first_types]


class Asked:
    """One group of questions as the template shows it."""

    def __init__(self, form: RecordForm, group: Group):
        self.group, self.types = group, " ".join(group.types)
        names = [f"{extras.PREFIX}{ask.id}" for ask in group.asks]
        self.fields = [(form[name], ask) for name, ask in zip(names, group.asks, strict=True)]
        self.lines = [pair for pair in self.fields if pair[1].kind == "line"]
        self.numbers = [pair for pair in self.fields if pair[1].kind != "line"]
        tied = [f"{ties.PREFIX}{tie.name}" for tie in ties.ties() if tie.group == group.id]
        self.tied = [(form[name], form.fields[name].help_text) for name in tied if name in form.fields]
        self.wanted = bool(set(group.types) & set(form.chosen))
        required = any(ask.required for ask in group.asks)
        wrong = any(field.errors for field, _ in (*self.fields, *self.tied))
        typed = any(form.data.get(name) for name in names)
        self.open = wrong or typed or (self.wanted and required)
