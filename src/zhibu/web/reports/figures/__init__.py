"""Live figures of a report: read from what other apps hold, each with its source and its day. Nothing is judged."""

from zhibu.web.reports.figures.asked import Asked, Figure
from zhibu.web.reports.figures.gathering import GROUPS, gather

__all__ = ["GROUPS", "Asked", "Figure", "gather"]
