"""A file that can't be read at all: one sentence for the reader."""

from __future__ import annotations


class Refused(ValueError):
    """`str()` says what is wrong with the file and what to do. Nothing of it was read."""
