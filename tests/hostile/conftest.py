"""The world of the access matrix, for the texts that go through its exports."""

from tests.access.conftest import _today, built, crowd

__all__ = ["_today", "built", "crowd"]
