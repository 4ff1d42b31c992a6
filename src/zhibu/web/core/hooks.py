"""A place where apps above register functions that an app below calls."""

from __future__ import annotations

from collections.abc import Callable


class Hook[**P, R]:
    """Calling it with a function registers that function, once; `ready` may run again in tests."""

    def __init__(self) -> None:
        self.heard: list[Callable[P, R]] = []

    def __call__[F: Callable[..., object]](self, function: F) -> F:
        if function not in self.heard:
            self.heard.append(function)  # type: ignore[arg-type]
        return function

    def tell(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """What each of them gives, in the order registered. One that raises undoes the whole action."""
        return [function(*args, **kwargs) for function in self.heard]


class Rows[**P, T](Hook[P, list[T]]):
    """Functions that each give rows of one list."""

    def rows(self, *args: P.args, **kwargs: P.kwargs) -> list[T]:
        return [row for rows in self.tell(*args, **kwargs) for row in rows]


class Joined[**P, K, V](Hook[P, dict[K, V]]):
    """Functions that each give a part of one mapping; of two that know a key the later is believed."""

    def joined(self, *args: P.args, **kwargs: P.kwargs) -> dict[K, V]:
        told: dict[K, V] = {}
        for part in self.tell(*args, **kwargs):
            told |= part
        return told
