"""`/` sends each role to its own first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.config.navigation import MENUS
from zhibu.web.core.pages import page


@page("identity.switch")
def home(request: HttpRequest) -> HttpResponse:
    return redirect(MENUS[request.scope.role][0][0])
