"""The identity bar: one person, several posts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zhibu.web.access.middleware import SESSION_KEY
from zhibu.web.core.pages import page


@page("identity.switch", methods=("GET", "HEAD", "POST"))
def identity(request: HttpRequest) -> HttpResponse:
    """List the posts of the person; POST chooses one of them for this session."""
    if request.method == "POST":
        chosen = request.POST.get("post", "")
        if chosen.isdigit() and any(post.pk == int(chosen) for post in request.identities):
            request.session[SESSION_KEY] = int(chosen)
            return redirect("home")
    return render(request, "access/identity.html", {"posts": request.identities})
