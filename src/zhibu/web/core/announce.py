"""What an app below tells the apps above: "the facts of this organisation changed".

Records and members must not import the pipeline, yet a saved record has to move its verdicts in the same
transaction. A listener that raises undoes the whole action: all or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from zhibu.web.core.scope import Scope


def _known[T](registered: list[T], one: T) -> T:
    """Registers it, once; `ready` may run again in tests."""
    if one not in registered:
        registered.append(one)
    return one


Listener = Callable[[frozenset[int], date | None], None]
_listeners: list[Listener] = []


def on_facts_changed(listener: Listener) -> Listener:
    """Register `listener(organisation_ids, since)`; called inside the transaction of the write."""
    return _known(_listeners, listener)


def facts_changed(organisation_ids: Iterable[int], since: date | None = None) -> None:
    """`since`: only activities of that day or later changed, none of them made up for an earlier period."""
    ids = frozenset(organisation_ids)
    for listener in _listeners:
        listener(ids, since)


Carrier = Callable[[int, str, str], None]
_carriers: list[Carrier] = []


def on_tree_moved(carrier: Carrier) -> Carrier:
    """Register `carrier(organisation_id, old_path, new_path)`; called inside the transaction of the move."""
    return _known(_carriers, carrier)


def tree_moved(organisation_id: int, old_path: str, new_path: str) -> None:
    for carrier in _carriers:
        carrier(organisation_id, old_path, new_path)


Asker = Callable[[int], None]
_askers: list[Asker] = []


def on_trial_asked(asker: Asker) -> Asker:
    """Register `asker(trial_id)`; called when the trial is saved."""
    return _known(_askers, asker)


def trial_asked(trial_id: int) -> None:
    for asker in _askers:
        asker(trial_id)


Receiver = Callable[[int, int, int], None]
_receivers: list[Receiver] = []


def on_post_handed_over(receiver: Receiver) -> Receiver:
    """Register `receiver(from_user_id, to_user_id, organisation_id)`; called inside the transaction of the 交接."""
    return _known(_receivers, receiver)


def post_handed_over(from_user_id: int, to_user_id: int, organisation_id: int) -> None:
    for receiver in _receivers:
        receiver(from_user_id, to_user_id, organisation_id)


# What an app above adds to 本月任务 of an organisation: (address, title, status word, when or why), the urgent first.
MonthRow = tuple[str, str, str, str]
MonthRows = Callable[[Scope, int], list[MonthRow]]
_months: list[MonthRows] = []
URGENT = {"returned": 0, "late": 1, "soon": 2}  # status words; the others after them


def on_month(rows: MonthRows) -> MonthRows:
    """Register `rows(scope, organisation_id)`: what stands on the month page beside the duties."""
    return _known(_months, rows)


def month_rows(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """Of all apps together, the urgent first."""
    found = [row for rows in _months for row in rows(scope, organisation_id)]
    return sorted(found, key=lambda row: URGENT.get(row[2], len(URGENT)))


# What an app above shows beside one activity record: (address, title, status word, note).
RecordRows = Callable[[Scope, int], list[MonthRow]]
_record_pages: list[RecordRows] = []


def on_record(rows: RecordRows) -> RecordRows:
    """Register `rows(scope, record_id)`: what stands on the page of a record the reader may see."""
    return _known(_record_pages, rows)


def record_rows(scope: Scope, record_id: int) -> list[MonthRow]:
    return [row for rows in _record_pages for row in rows(scope, record_id)]


# What an app above shows on 我的 of a member: (address, title, status word, note).
MeRows = Callable[[Scope, int], list[MonthRow]]
_me_pages: list[MeRows] = []


def on_me(rows: MeRows) -> MeRows:
    """Register `rows(scope, member_id)`: what stands on 我的; `member_id` is the reader's own row."""
    return _known(_me_pages, rows)


def me_rows(scope: Scope, member_id: int) -> list[MonthRow]:
    return [row for rows in _me_pages for row in rows(scope, member_id)]


Reader = Callable[[Scope, int, bool], None]
_readers: list[Reader] = []


def on_recorded(reader: Reader) -> Reader:
    """Register `reader(by, record_id, first)`; called inside the transaction in which a record is entered or edited,
    before its facts are told to have changed."""
    return _known(_readers, reader)


def recorded(by: Scope, record_id: int, *, first: bool) -> None:
    for reader in _readers:
        reader(by, record_id, first)


ReceiptLines = Callable[[Scope, int], list[str]]
_receipts: list[ReceiptLines] = []


def on_receipt(lines: ReceiptLines) -> ReceiptLines:
    """Register `lines(scope, record_id)`: sentences on the receipt of an activity record."""
    return _known(_receipts, lines)


def receipt_lines(scope: Scope, record_id: int) -> list[str]:
    return [line for lines in _receipts for line in lines(scope, record_id)]


# What an app above tells a member of what comes next in the own branch: (address, title, status word, when and where).
Comings = Callable[[Scope, int], list[MonthRow]]
_comings: list[Comings] = []


def on_coming(rows: Comings) -> Comings:
    """Register `rows(scope, organisation_id)`: what stands first on 我的, the next first."""
    return _known(_comings, rows)


def coming_rows(scope: Scope, organisation_id: int) -> list[MonthRow]:
    return [row for rows in _comings for row in rows(scope, organisation_id)]


Watcher = Callable[[int, str], None]
_watchers: list[Watcher] = []


def on_file_kept(watcher: Watcher) -> Watcher:
    """Register `watcher(attachment_id, thing)`; called inside the transaction that keeps a file of a thing."""
    return _known(_watchers, watcher)


def file_kept(attachment_id: int, thing: str) -> None:
    for watcher in _watchers:
        watcher(attachment_id, thing)


Teller = Callable[[int, date], list[str]]
_tellers: list[Teller] = []


def on_remains_asked(teller: Teller) -> Teller:
    """Register `teller(organisation_id, on)`: what of yours is still open there after a day, in words (`党员 8 人`)."""
    return _known(_tellers, teller)


def remains(organisation_id: int, on: date) -> list[str]:
    return [word for teller in _tellers for word in teller(organisation_id, on)]


Heir = Callable[[int, int, date], dict[str, int]]
_heirs: list[Heir] = []


def on_merged(heir: Heir) -> Heir:
    """Register `heir(from_id, into_id, on)`; called inside the transaction of the 合并. It takes over what is yours and
    gives the number of things by their names in the log (`people`)."""
    return _known(_heirs, heir)


def merged(from_id: int, into_id: int, on: date) -> dict[str, int]:
    taken: dict[str, int] = {}
    for heir in _heirs:
        taken |= heir(from_id, into_id, on)
    return taken


Ender = Callable[[int, date, str], dict[str, int]]
_enders: list[Ender] = []


def on_ended(ender: Ender) -> Ender:
    """Register `ender(organisation_id, on, document)`; called inside the transaction of a 合并 or 撤销, after who takes
    over has. It ends what is yours there and gives the number of things by their names in the log (`tenures`)."""
    return _known(_enders, ender)


def ended(organisation_id: int, on: date, document: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for ender in _enders:
        counts |= ender(organisation_id, on, document)
    return counts


Reviver = Callable[[int, date, str], None]
_revivers: list[Reviver] = []


def on_revived(reviver: Reviver) -> Reviver:
    """Register `reviver(organisation_id, on, document)`; called inside the transaction that takes a 撤销 back."""
    return _known(_revivers, reviver)


def revived(organisation_id: int, on: date, document: str) -> None:
    for reviver in _revivers:
        reviver(organisation_id, on, document)


Follower = Callable[[Scope, int, int, date], None]
_followers: list[Follower] = []


def on_member_moved(follower: Follower) -> Follower:
    """Register `follower(by, member_id, into_id, on)`; called inside the transaction of the move to another roster."""
    return _known(_followers, follower)


def member_moved(by: Scope, member_id: int, into_id: int, on: date) -> None:
    for follower in _followers:
        follower(by, member_id, into_id, on)


Leaver = Callable[[int, int, date, str], None]
_leavers: list[Leaver] = []


def on_roster_left(leaver: Leaver) -> Leaver:
    """Register `leaver(member_id, from_id, last, document)`; called inside the transaction by which a member is no
    longer on the roster of an organisation: `last` was the last day, `document` the letter."""
    return _known(_leavers, leaver)


def roster_left(member_id: int, from_id: int, last: date, document: str) -> None:
    for leaver in _leavers:
        leaver(member_id, from_id, last, document)


Duties = Callable[[int, int], list[str]]
_duties: list[Duties] = []


def on_leaving_asked(duties: Duties) -> Duties:
    """Register `duties(member_id, organisation_id)`: what ends for who leaves this roster, in words (`书记`)."""
    return _known(_duties, duties)


def ends_with_leaving(member_id: int, organisation_id: int) -> list[str]:
    return [word for duties in _duties for word in duties(member_id, organisation_id)]


Judge = Callable[[frozenset[int]], None]
_judges: list[Judge] = []


def on_units_changed(judge: Judge) -> Judge:
    """Register `judge(unit_ids)`; called inside the transaction of the write."""
    return _known(_judges, judge)


def units_changed(unit_ids: Iterable[int]) -> None:
    ids = frozenset(unit_ids)
    for judge in _judges:
        judge(ids)


Known = Callable[[int, date, list[str], str], dict[int, str]]
_known_states: list[Known] = []


def on_sheet_asked(known: Known) -> Known:
    """Register `known(organisation_id, held_on, types, form_key)`: member → state at that meeting, before anybody ticks
    on the form of its record."""
    return _known(_known_states, known)


def sheet_known(organisation_id: int, held_on: date, types: list[str], form_key: str) -> dict[int, str]:
    states: dict[int, str] = {}
    for known in _known_states:
        states |= known(organisation_id, held_on, types, form_key)
    return states


Ways = Callable[[int], dict[int, str]]
_ways: list[Ways] = []


def on_sheet_written(ways: Ways) -> Ways:
    """Register `ways(record_id)`; called inside the transaction that writes the attendance of a record. It gives
    member → way for those whose being there is known from elsewhere; the rest was ticked."""
    return _known(_ways, ways)


def sheet_ways(record_id: int) -> dict[int, str]:
    told: dict[int, str] = {}
    for ways in _ways:
        told |= ways(record_id)
    return told


PeopleRow = tuple[str, int, list[str]]  # 来宾, 2, names
People = Callable[[Scope, int], list[PeopleRow]]
_people: list[People] = []


def on_people_asked(rows: People) -> People:
    """Register `rows(scope, record_id)`: who else was at the meeting of a record the reader may see."""
    return _known(_people, rows)


def people_rows(scope: Scope, record_id: int) -> list[PeopleRow]:
    return [row for rows in _people for row in rows(scope, record_id)]
