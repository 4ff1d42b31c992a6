"""What is typed survives an expired sign-in: it waits in the browser's session for the same person."""

from __future__ import annotations

import functools

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse

from zhibu.web.accounts.held import found, waiting
from zhibu.web.core.pages import View
from zhibu.web.records import actions, cleaning
from zhibu.web.records.typed import pack

_SALT = "records.typing"
_STASH = "records-typed"
_WEEK = 7 * 24 * 3600


def owner_mark(request: HttpRequest) -> str:
    """Signed into each form: whose words these are. Nobody else can fill the stash, nobody else gets it back."""
    return signing.dumps(request.user.pk, salt=_SALT)


def keeps_typing(view: View) -> View:
    """Outside `@page`: a POST after the sign-in expired keeps its words and leads back to them."""

    @functools.wraps(view)
    def kept(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated and (owner := _owner(request)):
            request.session[_STASH] = {"user": owner, "fields": pack(request.POST)}
            waiting(request)
            return redirect_to_login(f"{request.path}?key={cleaning.key(request.POST.get('key', ''))}")
        return view(request, *args, **kwargs)

    return kept


def take_back(request: HttpRequest) -> None:
    """After signing in again the words become a draft, if they are this person's."""
    stash = request.session.pop(_STASH, None)
    found(request)
    if not stash or stash["user"] != request.user.pk:
        return
    if key := cleaning.key((stash["fields"].get("key") or [""])[0]):
        actions.save_draft(by=request.scope, key=key, fields=stash["fields"])  # type: ignore[attr-defined]
        messages.info(request, "停留太久退出过。刚才写的都在，还没有提交")


def _owner(request: HttpRequest) -> int | None:
    try:
        return signing.loads(request.POST.get("owner", ""), salt=_SALT, max_age=_WEEK)
    except signing.BadSignature:
        return None
