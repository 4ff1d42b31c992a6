"""A first password, which somebody else has seen, is changed before anything else."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


class ChangeFirstPassword:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        allowed = (reverse("password"), reverse("logout"), reverse("identity"))
        if getattr(request.user, "must_change_password", False) and request.path not in allowed:
            return redirect("password")
        return self.get_response(request)
