"""`@page("board.view")`: a view needs a signed-in person whose post may do the action; else sign-in or a 403 that
names who can help."""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

View = Callable[..., HttpResponse]


def page(
    action: str, *, methods: tuple[str, ...] = ("GET", "HEAD"), uploads: str | None = None
) -> Callable[[View], View]:
    """Guard a view; inside it the scope reaches where the post may do this.

    `view.needs` is read by the access-matrix test, which fails for a view without it. `uploads` names the table of
    `uploads.yaml` that the view takes files by; without it a request with a file is refused while it comes in.
    """

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.method not in methods:
                return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
            if request.scope is None or not request.scope.may(action):
                return refuse(request, action)
            request.scope = request.scope.doing(action)
            return view(request, *args, **kwargs)

        guarded.needs = action  # type: ignore[attr-defined]
        guarded.uploads = uploads  # type: ignore[attr-defined]
        return guarded

    return wrap


def open_to_all(view: View) -> View:
    """Mark a view that anybody may see (sign-in, error pages)."""
    view.needs = None  # type: ignore[attr-defined]
    return view


def refuse(request: HttpRequest, action: str = "") -> HttpResponse:
    """403, naming the present identity, who can help, and those of the reader's identities that could do it."""
    others = [one for one in getattr(request, "identities", ()) if action and one.may(action)]
    return render(request, "403.html", {"others": others, "here": request.get_full_path()}, status=403)
