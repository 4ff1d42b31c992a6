"""Forms of this app, in the words of ux.md."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from zhibu.web.accounts import passwords, subjects
from zhibu.web.accounts.models import User
from zhibu.web.core.fields import suggest

SECRET = {"autocomplete": "current-password"}
CODE = {"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "none"}


def _password(label: str, autocomplete: str, **more: object) -> forms.CharField:
    return forms.CharField(
        label=label, strip=False, max_length=passwords.LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}), **more,
    )  # fmt: skip


def _username() -> forms.CharField:
    return forms.CharField(
        label="账号",
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )


class SignInForm(forms.Form):
    username = _username()
    password = _password("密码", "current-password")


class CodedSignInForm(SignInForm):
    """Password and second factor at once: the way in while strangers have used up the tries of an account."""

    code = forms.CharField(label="验证码", max_length=20, widget=forms.TextInput(attrs=CODE))


class SecondForm(forms.Form):
    code = forms.CharField(
        label="验证码", max_length=20, required=False, help_text="验证器里的 6 位数字；没有手机时填一个恢复码",
        widget=forms.TextInput(attrs={**CODE, "autofocus": True}),
    )  # fmt: skip
    passkey = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput)


class AgainForm(forms.Form):
    """Who has a second factor may show that instead of the password."""

    again_password = _password("密码", "current-password", required=False)
    again_code = forms.CharField(label="或验证码", max_length=20, required=False, widget=forms.TextInput(attrs=CODE))
    again_passkey = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput)


class PasswordForm(forms.Form):
    """A new password of one's own. `administers`: the longer minimum."""

    new_password1 = _password("新密码", "new-password")
    new_password2 = _password("再写一次", "new-password")

    def __init__(self, user: User, administers: bool, data: dict | None = None):
        super().__init__(data)
        self.user, self.administers = user, administers
        self.fields["new_password1"].help_text = passwords.help_text(administers=administers)

    def clean_new_password1(self) -> str:
        password = self.cleaned_data["new_password1"]
        passwords.check(password, self.user, administers=self.administers)
        return password

    def clean(self) -> None:
        first, second = self.cleaned_data.get("new_password1"), self.cleaned_data.get("new_password2")
        if first and second and first != second:
            self.add_error("new_password2", ValidationError("两次写的不一样，重新写一次"))


class CodeForm(forms.Form):
    code = forms.CharField(label="验证码", max_length=20, widget=forms.TextInput(attrs=CODE))


class PasskeyForm(forms.Form):
    name = forms.CharField(label="给它起个名字", max_length=40, required=False, help_text="例如：办公室电脑、我的手机")
    passkey = forms.CharField(max_length=20_000, widget=forms.HiddenInput)


class PhoneForm(forms.Form):
    phone = forms.RegexField(
        r"1[0-9]{10}", label="手机号", error_messages={"invalid": "手机号是 11 位数字，以 1 开头"},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "numeric"}),
    )  # fmt: skip


class AskCodeForm(forms.Form):
    username = _username()


class AccountForm(forms.Form):
    """A new account. The name is a mobile number or a unit account; letters, digits and `-_.` only."""

    username = forms.RegexField(
        r"[A-Za-z0-9][A-Za-z0-9_.-]{2,63}", label="账号", max_length=64,
        help_text="手机号，或单位账号（3 到 64 位字母、数字）",
        error_messages={"invalid": "账号用 3 到 64 位字母、数字，可含 - _ ."},
    )  # fmt: skip
    name = forms.CharField(label="姓名", max_length=40)
    organisation = forms.CharField(
        label="管理单位", max_length=120, help_text="本单位或下级单位的名称、简称或代码",
        error_messages={"required": "填写管理单位"},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        suggest(self.fields["organisation"], "accounts.open")


class ReasonForm(forms.Form):
    """Why an administrator does it: for the line and for the owner."""

    reason = forms.CharField(
        label="理由", max_length=200, help_text="本人和审计员看得到，如：本人书面申请",
        error_messages={"required": "写明理由，如：本人书面申请"},
    )  # fmt: skip


class SubjectForm(ReasonForm):
    """The subject of the unit's own provider that an account is; the action says what it may look like."""

    subject = forms.CharField(
        label="统一身份的编号", max_length=4000, help_text="本人在那边的编号（sub），由那边的管理员提供；区分大小写",
        error_messages={"required": subjects.fault("")}, widget=forms.TextInput(attrs={"autocapitalize": "none"}),
    )  # fmt: skip
    field_order = ("subject", "reason")
