"""A form that came after the session had ended: its words wait for their writer (ux.md: 会话已过期).

The words go into the new, anonymous session with the id of the person whose session expired. He signs in and finds
them; anybody else who signs in at that computer does not. Passwords and files are not kept.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from zhibu.web.accounts.signing_in import HELD

MOST = 64 * 1024  # characters of one form
NEVER = ("password", "code", "csrfmiddlewaretoken", "passkey")


class HeldForms:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        owner = getattr(request.session, "late_owner", None)
        sent_away = response.status_code == 302 and response.headers["Location"].startswith(settings.LOGIN_URL)
        if owner and sent_away and request.method == "POST" and request.headers.get("X-Draft") is None:
            fields = words_of(request)
            if fields and sum(len(value) for _, value in fields) <= MOST:
                request.session[HELD] = {"user": owner, "path": request.get_full_path(), "fields": fields}
        return response


def words_of(request: HttpRequest) -> list[list[str]]:
    return [
        [name, value]
        for name, values in request.POST.lists()
        if not any(word in name for word in NEVER)
        for value in values
    ]
