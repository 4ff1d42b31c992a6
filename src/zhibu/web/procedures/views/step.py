"""Recording one step: only what it asks, what speaks against it, and when it would do."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.engine.procedures.model import Reason, VoteGate
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.procedures import actions, effects, keeping, queries, who, words
from zhibu.web.procedures.forms import StepForm
from zhibu.web.procedures.track import newest, papers_there
from zhibu.web.procedures.views.case import found

FORM = ("GET", "HEAD", "POST")


@page("procedures.record", methods=FORM)
def record(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """A step of the own organisation."""
    return _step(request, number, step, actions.record_step)


@page("procedures.decide", methods=FORM)
def decide(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """A step of a superior or of its office, on a case of an organisation below."""
    return _step(request, number, step, actions.decide_step)


def _step(request: HttpRequest, number: int, step: str, act) -> HttpResponse:
    scope, case = request.scope, found(request, number)
    own = case.organisation_id == scope.organisation_id
    if own != (act is actions.record_step):
        raise Http404
    stood = keeping.stood(case, scope.on)
    chosen = actions.step_of(stood.versions, step)
    if chosen is None or not who.acts(scope, chosen, case.organisation):
        raise Http404
    data = request.POST if request.method == "POST" else None
    there = papers_there(stood)
    form = StepForm(data, step=chosen, versions=stood.versions, there=there, initial={"done": scope.on})
    reasons: tuple[Reason, ...] = ()
    looked = False
    if form.is_valid():
        if "look" in request.POST:
            reasons, looked = actions.examined(by=scope, case=case, step=step, entry=form.entry()), True
        else:
            try:
                row = act(by=scope, case=case, step=step, entry=form.entry())
            except actions.NotYet as refusal:
                reasons = refusal.reasons
            except (Unfit, NotAllowed, effects.CannotFollow) as refusal:
                named = getattr(refusal, "field", "")
                form.add_error(named if named in form.fields else None, str(refusal))
            else:
                messages.success(request, f"已记下“{row.title}”")
                return redirect("case", number)
    book = newest(stood.versions, scope.on)
    context = {
        "case": case,
        "name": queries.shown(scope, case),
        "step": chosen,
        "said": words.step_words(book, chosen),
        "standing": next(
            (one for one in (stood.standing.steps if stood.standing else ()) if one.step.id == step), None
        ),
        "form": form,
        "votes": [words.vote_words(gate) for gate in form.gates if isinstance(gate, VoteGate)],
        "refused": [one for one in reasons if one.weight == "refused"],
        "asked": [one for one in reasons if one.weight == "reason_needed"],
        "hints": [one for one in reasons if one.weight == "hint"],
        "looked": looked,
        "clear": looked and not reasons,
    }
    bad = bool(form.errors or [one for one in reasons if one.weight != "hint"])
    return htmx.page(request, "procedures/step.html", context, status=422 if bad else 200)
