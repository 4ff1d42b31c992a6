"""What every page of a thing's files does: they are chosen together and taken one by one, so that one bad file keeps no
good one out. Whose they are and who may add them, the app says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import Http404, HttpRequest

from zhibu.web.audit.actions import NotAllowed
from zhibu.web.files import queries
from zhibu.web.files.actions import MOST
from zhibu.web.files.fields import ManyFiles
from zhibu.web.files.models import Attachment
from zhibu.web.files.refuse import Refused

# Not image/*: asked for JPEG, a phone converts what it took in another form.
ACCEPT = "image/jpeg,image/png,image/webp,.pdf,.docx,.xlsx"


class FilesForm(forms.Form):
    """For its label, hint and errors alone."""

    files = forms.FileField(
        label="选文件", required=False, widget=ManyFiles(attrs={"accept": ACCEPT, "data-shrink": ""})
    )

    def __init__(self, refused: Sequence[str] = (), label: str = "", hint: str = ""):
        super().__init__({} if refused else None)
        self.fields["files"].label = label or self.fields["files"].label
        self.fields["files"].help_text = hint
        for words in refused:
            self.add_error("files", words)


def taken(
    request: HttpRequest, take: Callable[[UploadedFile], Attachment], refusals: type[Exception] = NotAllowed
) -> list[str]:
    """Take each chosen file with `take`, and say so; returns why others were not. `refusals`: what `take` raises beside
    the files' own Refused."""
    chosen = request.FILES.getlist("files")
    refused = [] if chosen else ["还没有选文件"]
    for file in chosen[:MOST]:
        try:
            messages.success(request, f"{take(file).name} 已加上")
        except (Refused, refusals) as why:
            refused.append(f"{(file.name or '')[:60]}：{why}")
    if len(chosen) > MOST:
        refused.append(f"一次最多 {MOST} 个文件，后面的没有传")
    return refused


def found(thing: models.Model, key: str) -> Attachment:
    """One file of a thing that the caller may see; else Http404."""
    if (one := queries.attachment(thing, key)) is None:
        raise Http404
    return one
