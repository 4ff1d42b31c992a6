"""/me/ 我的: one's own data, and who sees it. For everybody who signs in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from zhibu.web.core import announce, htmx
from zhibu.web.core.pages import page
from zhibu.web.members import about_me, history, leaders
from zhibu.web.members.queries import own


@page("me.view")
def me(request: HttpRequest) -> HttpResponse:
    member = about_me.own_row(request.scope.user_id)
    context: dict[str, object] = {"member": None}
    if member:
        context = {
            "member": own(member),
            "lately": about_me.lately(request.scope, member),
            "meetings": announce.coming_rows(request.scope, member.organisation_id),
            "coming": about_me.coming(request.scope, member),
            "looks": about_me.who_looked(member),
            "posts": about_me.who_can_see(request.scope, member),
            "steps": history.steps(member),
            "beside": announce.me_rows(request.scope, member.pk),
            "leads": leaders.is_leader(request.scope),
        }
    return htmx.page(request, "members/me.html", context)
