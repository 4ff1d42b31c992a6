"""Why a verdict and a score are what they are: one object, which the command prints and the pages show.

Explanations take the reference's own steps (owed.py, judge.py, scores.py), so they cannot say anything else than the
result.
"""

from __future__ import annotations

from zhibu.engine.trace.inquiry import Inquiry, inquire
from zhibu.engine.trace.objects import Counted, Excuse, Explanation, Near, NoVerdictError, Share, Step
from zhibu.engine.trace.scores import NoScoreError, explain_score, score_lines, shares_of
from zhibu.engine.trace.shares import Adjusted, DimensionShare, RuleShare, ScoreExplanation, VerdictShare
from zhibu.engine.trace.verdicts import explain

__all__ = [
    "Adjusted",
    "Counted",
    "DimensionShare",
    "Excuse",
    "Explanation",
    "Inquiry",
    "Near",
    "NoScoreError",
    "NoVerdictError",
    "RuleShare",
    "ScoreExplanation",
    "Share",
    "Step",
    "VerdictShare",
    "explain",
    "explain_score",
    "inquire",
    "score_lines",
    "shares_of",
]
