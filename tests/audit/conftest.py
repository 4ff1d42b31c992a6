"""The cast of the house."""

from zhibu.web.conftest import _today, cast

__all__ = ["_today", "cast"]
