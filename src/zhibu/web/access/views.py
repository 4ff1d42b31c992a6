"""The identity bar: one person, several posts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zhibu.web.access.middleware import SESSION_KEY
from zhibu.web.access.policy import POLICY, Given, Role
from zhibu.web.core import asked, htmx
from zhibu.web.core.pages import page


@page("identity.switch", methods=("GET", "HEAD", "POST"))
def identity(request: HttpRequest) -> HttpResponse:
    """List the posts of the person; POST chooses one of them for this session and leads on to `next`."""
    if request.method == "POST":
        chosen = request.POST.get("post", "")
        if any(one.key == chosen for one in request.identities):
            request.session[SESSION_KEY] = chosen
            return redirect(asked.onward(request, request.POST.get("next", "")) or "home")
    return render(request, "access/identity.html", {"now": request.identity.key})


@page("policy.view")
def policy(request: HttpRequest) -> HttpResponse:
    """The policy file in words."""
    context = {
        "roles": [(word, role.name, _shown(role)) for word, role in POLICY.roles.items()],
        "apart": [POLICY.roles[word].name for word in POLICY.roles if word in POLICY.apart],
        "in_person": [name for word, name in POLICY.actions.items() if word in POLICY.in_person],
    }
    return htmx.page(request, "access/policy.html", context)


def _shown(role: Role) -> list[tuple[str, list[str], list[str]]]:
    """(relation, actions, restricted fields) in Chinese; own and below as one line where they are alike."""
    told: dict[str, Given] = dict(role.relations)
    alike = told.get("own") is not None and told.get("own") == told.get("below")
    lines = []
    for relation, given in told.items():
        if not (alike and relation == "below"):
            name = "本级和下级" if alike and relation == "own" else POLICY.relations[relation]
            actions = [word for action, word in POLICY.actions.items() if action in given.actions]
            lines.append((name, actions, [word for field, word in POLICY.fields.items() if field in given.fields]))
    return lines
