"""Every component of the interface, as template tags: all of them are built in (`config/settings.py`), so pages load
nothing. Reference: ../README.md."""

TAGS = tuple(f"{__name__}.{name}" for name in ("formats", "statuses", "pieces", "forms", "htmx", "sizes"))
