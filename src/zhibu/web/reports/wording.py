"""Figures as a sentence of running text."""

from __future__ import annotations

from collections.abc import Iterable

from zhibu.web.reports.figures import Figure
from zhibu.web.reports.models import ReportFigure


def sentence(figures: Iterable[Figure | ReportFigure]) -> str:
    """党组织 45 个，党员 812 名。"""
    return "，".join(f"{one.words} {one.value}{'' if one.unit == '%' else ' '}{one.unit}" for one in figures) + "。"
