"""The sign-in form, in the words of ux.md."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError


class SignInForm(AuthenticationForm):
    username = forms.CharField(
        label="账号",
        max_length=64,
        error_messages={"required": "填写账号"},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        error_messages={"required": "填写密码"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def get_invalid_login_error(self) -> ValidationError:
        """Unknown account and wrong password read alike; the count is that of this browser's session."""
        left = settings.AXES_FAILURE_LIMIT - self._failures()
        tries = f"，还可再试 {left} 次" if left > 0 else ""
        return ValidationError(f"账号或密码不对{tries}。忘记密码时联系上级党委的组织干事", code="invalid_login")

    def _failures(self) -> int:
        session: Any = self.request.session if self.request else {}
        session["failures"] = session.get("failures", 0) + 1
        return session["failures"]
