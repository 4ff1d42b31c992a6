"""P01 sign-in, sign-out, password change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator

from zhibu.web.accounts import actions
from zhibu.web.accounts.forms import SignInForm
from zhibu.web.core.pages import open_to_all, page


@method_decorator(open_to_all, name="dispatch")
class SignIn(LoginView):
    template_name = "accounts/login.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def form_valid(self, form: SignInForm) -> HttpResponse:
        response = super().form_valid(form)
        actions.signed_in(user=form.get_user())
        return response


sign_in = open_to_all(SignIn.as_view())


@open_to_all
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session on a POST; a GET changes nothing."""
    if request.method == "POST":
        logout(request)
        return redirect("login")
    return redirect("home")


@page("password.change", methods=("GET", "HEAD", "POST"))
def password(request: HttpRequest) -> HttpResponse:
    form = SetPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.change_password(user=request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已改")
        return redirect("home")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/password.html", {"form": form}, status=status)


def locked_out(request: HttpRequest, credentials: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Shown by django-axes after too many wrong passwords from one address for one account."""
    return render(request, "accounts/locked.html", status=429)
