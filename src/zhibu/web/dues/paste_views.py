from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.dues import paste as pasting
from zhibu.web.dues import places
from zhibu.web.dues.forms import PasteForm
from zhibu.web.dues.models import PayerKind


@page("dues.rate", methods=("GET", "HEAD", "POST"))
def paste(request: HttpRequest, code: str) -> HttpResponse:
    """Rows of bases or payments copied from a spreadsheet; bad ones stay in the box, named."""
    here = places.place(request, code)
    form = PasteForm(request.POST if request.method == "POST" else None)
    context = {"here": here, "form": form, "kinds": PayerKind.labels, "heads": pasting.HEADS}
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        good, bad = pasting.put_in(by=request.scope, branch=here, kind=told["kind"], text=told["rows"])
        again = PasteForm(initial={"kind": told["kind"], "rows": "\n".join(one.line for one in bad)})
        context |= {"good": good, "bad": bad, "form": again, "done": True}
        return htmx.page(request, "dues/paste.html", context, status=422 if bad else 200)
    return htmx.page(request, "dues/paste.html", context, status=422 if form.errors else 200)
