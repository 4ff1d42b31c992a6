"""/publicity/stories/ 典型故事: lead, draft, edited, published; the consent of whom it names; its files."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import asked, htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.files import adding
from zhibu.web.files import queries as kept
from zhibu.web.files.answer import answer
from zhibu.web.publicity import actions, queries
from zhibu.web.publicity.forms import ConsentForm, EditForm, PublishForm, ReasonForm, StoryForm
from zhibu.web.publicity.models import Story
from zhibu.web.publicity.views.tabs import tabs

FORM = ("GET", "HEAD", "POST")
POST = ("POST",)
State = Story.State
STEPS = [State.LEAD, State.DRAFT, State.EDITED, State.PUBLISHED]


@page("stories.view")
def listing(request: HttpRequest) -> HttpResponse:
    """`?state=&page=`"""
    state = asked.choice(request, "state", State.values)
    context = {
        "page": page_of(request, queries.stories(request.scope, state)), "state": state, "states": State.choices,
        "may_keep": request.scope.may("stories.keep"), "tabs": tabs(request.scope, "stories"),
    }  # fmt: skip
    return htmx.page(request, "publicity/stories.html", context)


@page("stories.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    form = StoryForm(request.POST or None)
    if form.is_bound and form.is_valid() and (made := tried(form, lambda: _change(request.scope, None, form))):
        messages.success(request, "已登记，上级党委可以编辑和刊发")
        return redirect("story", made.pk)
    return htmx.page(request, "publicity/story_form.html", {"form": form}, status=422 if form.errors else 200)


@page("stories.view")
def one(request: HttpRequest, number: int) -> HttpResponse:
    return _one(request, _found(request, number))


@page("stories.keep", methods=FORM)
def change(request: HttpRequest, number: int) -> HttpResponse:
    here = _own(request, number)
    start = {name: getattr(here, name) for name in ("title", "lead", "person", "text", "film")}
    form = StoryForm(request.POST or None, initial=start)
    if form.is_bound and form.is_valid() and tried(form, lambda: _change(request.scope, here, form)):
        messages.success(request, "已修改")
        return redirect("story", number)
    context = {"form": form, "here": here}
    return htmx.page(request, "publicity/story_form.html", context, status=422 if form.errors else 200)


@page("stories.keep", methods=POST)
def consent(request: HttpRequest, number: int) -> HttpResponse:
    form = ConsentForm(request.POST)
    return _act(request, _own(request, number), "consent", form, actions.consent, "已登记本人同意")


@page("stories.keep", methods=POST)
def take_down(request: HttpRequest, number: int) -> HttpResponse:
    word = "已撤下，稿件、姓名和附件都已删除。已经刊发的，告知刊发的媒体一并撤下"
    return _act(request, _own(request, number), "down", ReasonForm(request.POST), actions.take_down, word)


@page("stories.edit", methods=FORM)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    here = _found(request, number)
    form = EditForm(request.POST or None, initial={"title": here.title, "text": here.text})
    if form.is_bound and carried_out(form, actions.edited, by=request.scope, story=here):
        messages.success(request, "已存为已编辑")
        return redirect("story", number)
    context = {"form": form, "here": here}
    return htmx.page(request, "publicity/story_edit.html", context, status=422 if form.errors else 200)


@page("stories.edit", methods=POST)
def publish(request: HttpRequest, number: int) -> HttpResponse:
    form = PublishForm(request.POST)
    return _act(request, _found(request, number), "publish", form, actions.publish, "已登记刊发")


@page("stories.keep", methods=FORM, uploads="attachments")
def files(request: HttpRequest, number: int) -> HttpResponse:
    here = _own(request, number)
    if here.state == State.DOWN:
        raise Http404
    if request.method != "POST":
        return _files(request, here)
    refused = adding.taken(request, lambda file: actions.attach(by=request.scope, story=here, upload=file))
    return _files(request, here, refused) if refused else redirect("story", number)


@page("stories.view")
def file(request: HttpRequest, number: int, key: str) -> HttpResponseBase:
    return answer(adding.found(_found(request, number), key))


@page("stories.keep", methods=POST)
def remove(request: HttpRequest, number: int, key: str) -> HttpResponse:
    here = _own(request, number)
    gone = adding.found(here, key)
    actions.detach(by=request.scope, story=here, attachment=gone)
    messages.success(request, f"{gone.name} 已移除")
    return redirect("story-files", number)


def _found(request: HttpRequest, number: int) -> Story:
    return get_object_or_404(queries.stories(request.scope), pk=number)


def _own(request: HttpRequest, number: int) -> Story:
    here = _found(request, number)
    if here.organisation_id != request.scope.organisation_id:
        raise Http404
    return here


def _act(
    request: HttpRequest, here: Story, name: str, form: forms.Form, act: Callable[..., object], word: str
) -> HttpResponse:
    if carried_out(form, act, by=request.scope, story=here):
        messages.success(request, word)
        return redirect("story", here.pk)
    return _one(request, here, **{name: form})


def _one(request: HttpRequest, here: Story, **tried_forms: forms.Form) -> HttpResponse:
    scope, living = request.scope, here.state != State.DOWN
    own = here.organisation_id == scope.organisation_id and scope.may("stories.keep") and living
    edits = scope.may_at("stories.edit", here.organisation.path) and living and here.state != State.PUBLISHED
    context = {
        "here": here, "own": own, "edits": edits, "files": kept.attachments(here),
        "may_change": own and here.state != State.PUBLISHED,
        "may_publish": edits and here.state == State.EDITED,
        "steps": [one.label for one in STEPS], "current": STEPS.index(State(here.state)) + 1 if living else None,
        "consent": ConsentForm(initial={"consent_by": here.consent_by or here.person, "consent_on": scope.on,
                                        "consent_for": here.consent_for}),
        "publish": PublishForm(initial={"published_on": scope.on}), "down": ReasonForm(), **tried_forms,
    }  # fmt: skip
    return htmx.page(request, "publicity/story.html", context, status=422 if tried_forms else 200)


def _files(request: HttpRequest, here: Story, refused: list[str] | None = None) -> HttpResponse:
    context = {"form": adding.FilesForm(refused or ()), "here": here, "files": kept.attachments(here)}
    return htmx.page(request, "publicity/story_files.html", context, status=422 if refused else 200)


def _change(scope: Scope, story: Story | None, form: StoryForm) -> Story:
    return actions.change(by=scope, story=story, facts=form.cleaned_data)
