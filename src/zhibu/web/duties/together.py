"""Which open duties one record can close: 「可与 11 月主题党日一起记」. Serves convenience only.

Duties that share an activity type are closed by the same record anyway. The pairs below are customary; the record
form lets its writer tick any others.
"""

from __future__ import annotations

from collections.abc import Collection

PAIRS = frozenset(
    frozenset(pair)
    for pair in (
        ("theme_day", "party_lecture"),
        ("theme_day", "study"),
        ("theme_day", "discussion"),
        ("theme_day", "clean_education"),
        ("committee_meeting", "preparation"),  # a committee meeting may settle the coming day's content
        ("general_meeting", "dues_report"),
        ("life_meeting", "appraisal"),  # ZB art. 18: may be combined
    )
)


def goes_with(types: Collection[str], others: Collection[str]) -> bool:
    """One activity can honestly be both."""
    return any(one == other or frozenset((one, other)) in PAIRS for one in types for other in others)
