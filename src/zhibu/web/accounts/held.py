"""A form that came after the session had ended: its words wait for their writer (ux.md: 会话已过期).

The words go into the new, anonymous session with the id of the person whose session expired. He signs in and finds
them; anybody else who signs in at that computer does not. Passwords and files are not kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from zhibu.web.accounts.signing_in import HELD

MOST = 64 * 1024  # characters of one form
SHORT = 4  # characters of a word
WAITING = "words-wait"  # in the session: a view keeps the words of its own form
_HAN = re.compile("[\u3400-\u9fff]")
NEVER = ("password", "code", "csrfmiddlewaretoken", "passkey")


def waiting(request: HttpRequest) -> None:
    """The view has put the words by itself; the sign-in page says that they are not lost."""
    request.session[WAITING] = True
    request.words_kept = True  # type: ignore[attr-defined]


def found(request: HttpRequest) -> None:
    """Their writer is back at the form."""
    request.session.pop(WAITING, None)


def readable(fields: list[list[str]]) -> list[str]:
    """What a person wrote: Chinese, and longer than a word. Keys, marks and choices are not shown."""
    return [value for _, value in fields if len(value) > SHORT and _HAN.search(value)]


class HeldForms:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        owner = getattr(request.session, "late_owner", None)
        sent_away = response.status_code == 302 and response.headers["Location"].startswith(settings.LOGIN_URL)
        kept = getattr(request, "words_kept", False)  # by the form's own view, which leads back to it
        if owner and sent_away and not kept and request.method == "POST" and request.headers.get("X-Draft") is None:
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
