"""Stops a request with more than its page takes, while it comes in: nothing of a file that nobody asked for reaches the
disk, and a body without end is cut off."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler

from zhibu.web.core.uploads import most


class Gate(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS. A view says what it takes by `@page(…, uploads="books")`; others take no file."""

    chunk_size = 1 << 16

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        match = getattr(self.request, "resolver_match", None)
        upload = getattr(match.func, "uploads", None) if match else None
        if upload is None or not self.request.user.is_authenticated:
            raise SuspiciousOperation("a file for a page that takes none")
        if not hasattr(self, "left"):
            self.left = most(upload)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.left -= len(raw_data)
        if self.left < 0:
            raise RequestDataTooBig("more than the page takes")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None  # the handlers after this one keep it
