from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from zhibu.web.access.models import Post
from zhibu.web.accounts.models import User
from zhibu.web.core import clock
from zhibu.web.core.fields import PICK, day
from zhibu.web.core.scope import Scope
from zhibu.web.members import numbers
from zhibu.web.members.correcting import DAYS, WORDS
from zhibu.web.personal import configuration, register
from zhibu.web.personal.affected import LONGEST
from zhibu.web.personal.models import Request, SelfCheckAnswer

PROSE = {"rows": 4}


class AskForm(forms.Form):
    """What to do, and for a correction the right values; only what is filled in is asked for."""

    kind = forms.ChoiceField(
        label="要办什么", choices=Request.Kind.choices, widget=forms.RadioSelect,
        error_messages={"required": "选一项：更正、限制处理或删除"},
    )  # fmt: skip
    name = forms.CharField(label="姓名", max_length=40, required=False)
    sex = forms.ChoiceField(label="性别", choices=[("", "不改"), ("m", "男"), ("f", "女")], required=False)
    id_number = forms.CharField(label="公民身份号码", max_length=20, required=False)
    phone = forms.CharField(label="手机号码", max_length=20, required=False)
    born_on = day("出生日期")
    education = forms.CharField(label="学历", max_length=20, required=False)
    joined_on = day("加入党组织日期")
    full_on = day("转为正式党员日期")
    text = forms.CharField(label="说明", max_length=1000, required=False, widget=forms.Textarea(attrs=PROSE))

    def __init__(self, *args: Any, with_values: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in () if with_values else WORDS:
            del self.fields[name]

    def clean_id_number(self) -> str:
        number = numbers.tidy(self.cleaned_data["id_number"])
        if number and (len(number) != 18 or not numbers.is_number(number)):
            raise forms.ValidationError("填写完整的 18 位身份号码")
        return number

    def clean_phone(self) -> str:
        number = numbers.tidy(self.cleaned_data["phone"])
        if number and not numbers.is_number(number):
            raise forms.ValidationError("填写完整的手机号码，7 位以上数字")
        return number

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name in DAYS:
            if found.get(name) and found[name] > clock.today():
                self.add_error(name, "日期不能晚于今天")
        if found.get("kind") == Request.Kind.CORRECT and not self.wanted and not found.get("text") and not self.errors:
            raise forms.ValidationError("更正什么：填要改的那几项，或者在说明里写清楚")
        return found

    @property
    def wanted(self) -> dict[str, str]:
        """Field of the member → the right value; nothing when something else is asked for."""
        given = self.cleaned_data
        if given.get("kind") != Request.Kind.CORRECT:
            return {}
        return {name: str(given[name]) for name in WORDS if given.get(name)}


class AnswerForm(forms.Form):
    decision = forms.ChoiceField(
        label="办不办", choices=[("accept", "同意并办理"), ("refuse", "不同意")], widget=forms.RadioSelect,
        error_messages={"required": "选一项：同意并办理，或者不同意"},
    )  # fmt: skip
    template = forms.ChoiceField(label="不同意的理由", required=False)
    reason = forms.CharField(label="写给本人的话", max_length=600, required=False, widget=forms.Textarea(attrs=PROSE))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = [
            ("", "选一种"),
            *((key, one.word) for key, one in configuration.refusals().items()),
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("decision") == "refuse":
            if not found.get("template"):
                self.add_error("template", "选一种理由：不同意要说明理由（个人信息保护法第五十条）")
            if len(found.get("reason", "").strip()) < 4:
                self.add_error("reason", "写明具体的条款或情况，至少 4 个字")
        return found

    @property
    def said(self) -> str:
        """What the person reads: the text of the reason, and what was added to it."""
        given = self.cleaned_data
        chosen = configuration.refusals().get(given.get("template", ""))
        return f"{chosen.text if chosen else ''}{given['reason'].strip()}"


class LiftForm(forms.Form):
    reason = forms.CharField(label="为什么恢复", max_length=200, error_messages={"required": "写明为什么恢复处理"})


class DisclosureForm(forms.Form):
    on = day("日期", "填写提供的日期")
    to = forms.CharField(label="提供给谁", max_length=100, error_messages={"required": "写明接收的单位或个人"})
    what = forms.CharField(
        label="提供了哪些内容", max_length=300, error_messages={"required": "写明有哪些项，如姓名、入党日期"}
    )
    people = forms.IntegerField(
        label="涉及人数", min_value=1, max_value=100_000_000, error_messages={"required": "填写涉及多少人"}
    )
    ground = forms.ChoiceField(label="依据", error_messages={"required": "选一项依据"})
    document = forms.CharField(label="文件或合同", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [ground["name"] for ground in register.grounds().values()]
        self.fields["ground"].choices = [PICK, *((name, name) for name in names)]

    def clean_on(self) -> Any:
        if self.cleaned_data["on"] > clock.today():
            raise forms.ValidationError("日期不能晚于今天")
        return self.cleaned_data["on"]


class CheckForm(forms.Form):
    value = forms.ChoiceField(
        label="答复", choices=SelfCheckAnswer.Value.choices, widget=forms.RadioSelect,
        error_messages={"required": "选一项：已做到、还没有或不适用"},
    )  # fmt: skip
    note = forms.CharField(
        label="依据（文号、日期、责任人）", max_length=500, required=False, widget=forms.Textarea(attrs=PROSE)
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("value") in ("yes", "not_ours") and len(found.get("note", "").strip()) < 2:
            self.add_error("note", "写明依据，日后查得到")
        return found


class AffectedForm(forms.Form):
    """Whole days, both inclusive. Accounts that hold or held a post within reach; all others read like none."""

    account = forms.CharField(label="账号", max_length=64, error_messages={"required": "填写被冒用的账号"})
    since = day("从哪天", "填写从哪天起")
    until = day("到哪天", "填写到哪天")

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scope = scope

    def clean_account(self) -> User:
        user = User.objects.filter(username=self.cleaned_data["account"].strip()).first()
        if user is None or not Post.objects.within(self._scope).filter(user=user).exists():
            raise forms.ValidationError("没有这个账号，核对后再填")
        return user

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and since > until:
            self.add_error("until", "“到哪天”不能早于“从哪天”")
        elif since and until and until - since > LONGEST:
            self.add_error("until", f"一次最多查 {LONGEST.days} 天，分几次查")
        return found

    @property
    def window(self) -> tuple[datetime, datetime]:
        given = self.cleaned_data
        return tuple(  # type: ignore[return-value]
            timezone.make_aware(datetime.combine(given[name], at))
            for name, at in (("since", time.min), ("until", time.max))
        )
