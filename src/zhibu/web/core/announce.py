"""What an app below tells the apps above, and asks of them: "the facts of this organisation changed".

Records and members must not import the pipeline, yet a saved record has to move its verdicts in the same
transaction. A listener that raises undoes the whole action: all or nothing. `on_x(function)` registers, in `ready`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from zhibu.web.core.hooks import Hook, Joined, Rows
from zhibu.web.core.scope import Scope

# ---- something changed; told inside the transaction of the write

on_facts_changed = Hook[[frozenset[int], date | None], None]()  # organisation_ids, since


def facts_changed(organisation_ids: Iterable[int], since: date | None = None) -> None:
    """`since`: only activities of that day or later changed, none of them made up for an earlier period."""
    on_facts_changed.tell(frozenset(organisation_ids), since)


on_units_changed = Hook[[frozenset[int]], None]()  # unit_ids


def units_changed(unit_ids: Iterable[int]) -> None:
    on_units_changed.tell(frozenset(unit_ids))


on_tree_moved = Hook[[int, str, str], None]()  # organisation_id, old_path, new_path
tree_moved = on_tree_moved.tell

on_trial_asked = Hook[[int], None]()  # trial_id: when the trial is saved
trial_asked = on_trial_asked.tell

on_post_handed_over = Hook[[int, int, int], None]()  # from_user_id, to_user_id, organisation_id: a 交接
post_handed_over = on_post_handed_over.tell

on_file_kept = Hook[[int, str], None]()  # attachment_id, thing
file_kept = on_file_kept.tell

on_recorded = Hook[[Scope, int, bool], None]()  # by, record_id, first: before its facts are told to have changed


def recorded(by: Scope, record_id: int, *, first: bool) -> None:
    """A record was entered (`first`) or edited."""
    on_recorded.tell(by, record_id, first)


# ---- organisations and members come and go; the same

# from_id, into_id, on: a 合并. Takes over what is yours and gives the number of things by their names in the log.
on_merged = Joined[[int, int, date], str, int]()
merged = on_merged.joined

# organisation_id, on, document: a 合并 or 撤销, after who takes over has. Ends what is yours there, gives numbers too.
on_ended = Joined[[int, date, str], str, int]()
ended = on_ended.joined

on_revived = Hook[[int, date, str], None]()  # organisation_id, on, document: a 撤销 is taken back
revived = on_revived.tell

on_member_moved = Hook[[Scope, int, int, date], None]()  # by, member_id, into_id, on: to another roster
member_moved = on_member_moved.tell

# member_id, from_id, last, document: no longer on that roster; `last` was the last day, `document` the letter.
on_roster_left = Hook[[int, int, date, str], None]()
roster_left = on_roster_left.tell

# ---- what is asked of the apps above

on_remains_asked = Rows[
    [int, date], str
]()  # organisation_id, on: what of yours is open there after a day (`党员 8 人`)
remains = on_remains_asked.rows

on_leaving_asked = Rows[[int, int], str]()  # member_id, organisation_id: what ends for who leaves this roster (`书记`)
ends_with_leaving = on_leaving_asked.rows

# organisation_id, held_on, types, form_key: member → state at that meeting, before anybody ticks on its form.
on_sheet_asked = Joined[[int, date, list[str], str], int, str]()
sheet_known = on_sheet_asked.joined

# record_id, inside the transaction that writes its attendance: member → way, of those known from elsewhere.
on_sheet_written = Joined[[int], int, str]()
sheet_ways = on_sheet_written.joined

# ---- rows on the pages of an app below: (address, title, status word, when or why)

MonthRow = tuple[str, str, str, str]
URGENT = {"returned": 0, "late": 1, "soon": 2}  # status words; the others after them

on_month = Rows[[Scope, int], MonthRow]()  # scope, organisation_id: 本月任务, beside the duties


def month_rows(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """Of all apps together, the urgent first."""
    found = on_month.rows(scope, organisation_id)
    return sorted(found, key=lambda row: URGENT.get(row[2], len(URGENT)))


# scope, the organisation, its month (`duties.grouping.Month`), the rows beside: (address, words) under the headline
on_month_told = Rows[[Scope, Any, Any, list[MonthRow]], tuple[str, str]]()
month_told = on_month_told.rows

on_trial_told = Rows[[Any], str]()  # the trial (`assessment.models.Trial`): sentences of its 减负体检
trial_told = on_trial_told.rows

on_record = Rows[[Scope, int], MonthRow]()  # scope, record_id: the page of a record the reader may see
record_rows = on_record.rows

on_decided = Rows[[Scope, int], MonthRow]()  # scope, record_id: what that meeting decided and how far it is
decided_rows = on_decided.rows

on_filing = Rows[[Scope, int], MonthRow]()  # scope, filing_id: the page of a filing the reader may see
filing_rows = on_filing.rows

on_me = Rows[[Scope, int], MonthRow]()  # scope, member_id: 我的, of the reader's own row
me_rows = on_me.rows

on_coming = Rows[[Scope, int], MonthRow]()  # scope, organisation_id: what comes next in the own branch, first on 我的
coming_rows = on_coming.rows

on_check = Rows[[Scope, int, list[str]], str]()  # scope, organisation_id, types: sentences before a record is sent
check_lines = on_check.rows

on_receipt = Rows[[Scope, int], str]()  # scope, record_id: sentences on the receipt of a record
receipt_lines = on_receipt.rows

PeopleRow = tuple[str, int, list[str]]  # 来宾, 2, names
on_people_asked = Rows[[Scope, int], PeopleRow]()  # scope, record_id: who else was at its meeting
people_rows = on_people_asked.rows
