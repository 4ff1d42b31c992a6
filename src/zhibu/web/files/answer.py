"""An attachment goes out as a file to be saved: never a page of ours, whatever is in it."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponseBase

from zhibu.web.core.saved import to_be_saved
from zhibu.web.files import store
from zhibu.web.files.models import Attachment

TYPES = {
    "jpeg": "image/jpeg",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def answer(attachment: Attachment) -> HttpResponseBase:
    """For an attachment that the caller found with its thing, within the scope. 404 when the file is gone."""
    try:
        file = store.path(attachment.stored).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=TYPES[attachment.kind])
    response.headers["Content-Length"] = str(attachment.size)
    return to_be_saved(response, attachment.name)
