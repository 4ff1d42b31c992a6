"""Answers that are a file to be saved, never a page of ours, whatever is in them."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils.http import content_disposition_header


def to_be_saved[A: HttpResponseBase](response: A, name: str) -> A:
    """The same answer, under this file name."""
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"  # should a browser show it after all
    return response
