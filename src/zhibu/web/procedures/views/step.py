"""Recording one step: only what it asks, what speaks against it, and when it would do."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.engine.procedures.model import SKIPPED, Reason, VoteGate
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.procedures import actions, counting, effects, keeping, queries, who, words
from zhibu.web.procedures.ballot_forms import BallotForm
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
    stood = keeping.stood(case, scope.on)
    chosen = actions.step_of(stood.versions, step)
    if chosen is None or not who.acts(scope, chosen, at := who.place(chosen, case)) or not scope.reaches(at.path):
        raise Http404
    if (at.pk == scope.organisation_id) != (act is actions.record_step):
        raise Http404
    data = request.POST if request.method == "POST" else None
    asked = counting.asked(case, stood.versions, chosen)
    ballots = BallotForm(data, what=asked) if asked else None
    form = StepForm(
        data, step=chosen, versions=stood.versions, there=papers_there(stood), initial={"done": scope.on},
        counted=tuple(filter(None, (asked.ballots.into, asked.ballots.valid))) if asked else (),
    )  # fmt: skip
    reasons: tuple[Reason, ...] = ()
    looked, count = False, None
    if form.is_valid() and _told(form, ballots):
        entry = form.entry(ballots.typed() if ballots and not _skips(form) else None)
        try:
            if "look" in request.POST:
                if asked and entry.ballots is not None:
                    count = counting.counted(asked, chosen, entry.ballots)
                reasons = actions.examined(by=scope, case=case, step=step, entry=entry)
                looked = True
            else:
                row = act(by=scope, case=case, step=step, entry=entry)
                messages.success(request, f"已记下“{row.title}”")
                return redirect("case", number)
        except actions.NotYet as refusal:
            reasons = refusal.reasons
        except (Unfit, NotAllowed, effects.CannotFollow) as refusal:
            named = getattr(refusal, "field", "")
            holder = ballots if ballots and named == counting.FIELD else form
            holder.add_error(named if named in holder.fields else None, str(refusal))
    book = newest(stood.versions, scope.on)
    standing = (one for one in (stood.standing.steps if stood.standing else ()) if one.step.id == step)
    context = {
        "case": case,
        "name": queries.shown(scope, case),
        "step": chosen,
        "said": words.step_words(book, chosen),
        "standing": next(standing, None),
        "form": form,
        "ballots": ballots,
        "asked_ballots": asked,
        "count": count.kept if count else None,
        "roster": queries.voters(scope, case) if asked else [],
        "votes": [words.vote_words(gate) for gate in form.gates if isinstance(gate, VoteGate)],
        "refused": [one for one in reasons if one.weight == "refused"],
        "asked": [one for one in reasons if one.weight == "reason_needed"],
        "hints": [one for one in reasons if one.weight == "hint"],
        "looked": looked,
        "clear": looked and not reasons,
    }
    bad = bool(form.errors or (ballots and ballots.errors) or [one for one in reasons if one.weight != "hint"])
    return htmx.page(request, "procedures/step.html", context, status=422 if bad else 200)


def _skips(form: StepForm) -> bool:
    return form.cleaned_data.get("outcome") == SKIPPED


def _told(form: StepForm, ballots: BallotForm | None) -> bool:
    """Whether the ballots are whole, where they are asked for."""
    return ballots is None or _skips(form) or ballots.is_valid()
