"""/pick/: what a box for organisations (`fields.py`) suggests while somebody types."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from zhibu.web.core import asked
from zhibu.web.core.pages import page
from zhibu.web.organisations import finding


@page("identity.switch")
def pick(request: HttpRequest) -> JsonResponse:
    """`?q=&for=&below=`: up to eight organisations at which the reader may do `for`; none when it may not at any."""
    needs, below = asked.text(request, "for"), asked.text(request, "below", 20)
    found = finding.suggested(request.scope.doing(needs), asked.text(request, "q"), below) if needs else []
    return JsonResponse({"found": [_told(one) for one in found]}, json_dumps_params={"ensure_ascii": False})


def _told(one: finding.Found) -> dict[str, str]:
    """`words` go into the box, `name` and `note` onto the line."""
    here = one.organisation
    note = " · ".join(filter(None, (here.code, one.path)))
    return {"words": one.words, "name": here.name, "note": note}
