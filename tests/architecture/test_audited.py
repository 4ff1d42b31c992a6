"""Writes in bulk go round a model's `save`; so each place that does it is known, with the line that tells of it (A07).

What a page writes is watched while the tests run (`audit/testing.py`); this list is for what no request sees.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.architecture.test_house import ROOT, SOURCES
from zhibu.web.config.commands import parser

BULK = re.compile(
    r"\.(?:bulk_create|bulk_update|_raw_delete|cursor|update_or_create)\(|\bobjects\b.*\.(?:update|delete)\("
)
# File → whose line tells of it. Derived: computed from facts whose change has its line, and computed again every night.
KNOWN = {
    "accounts/actions/keeping.py": "accounts.*",
    "accounts/actions/own.py": "accounts.*",
    "accounts/actions/entering.py": "notices told: accounts.sign_in",
    "accounts/actions/subjects.py": "accounts.bind_account, accounts.unbind_account",
    "accounts/factors/passkeys.py": "a passkey's counter: accounts.sign_in",
    "accounts/factors/recovery.py": "accounts.* of who keeps them; a code used: accounts.sign_in",
    "accounts/factors/totp.py": "accounts.*; the last step used: accounts.sign_in",
    "accounts/jobs.py": "notices go after 90 days: nothing of an organisation",
    "accounts/limits.py": "the counting of tries: accounts.refuse, accounts.limit",
    "accounts/sessions.py": "accounts.sign_in, accounts.sign_out; idle sessions go by themselves",
    "accounts/sms/codes.py": "codes sent: accounts.sign_in",
    "members/checks.py": "checks.open",
    "appraisal/rounds.py": "appraisal.keep",
    "appraisal/results.py": "appraisal.keep",
    "members/number_export.py": "members.export_numbers",
    "access/actions.py": "posts.*",
    "access/terminals.py": "terminals.keep",
    "assessment/jobs.py": "old trials go after two months: retention, nothing of an organisation",
    "audit/archives.py": "audit.retire",
    "audit/chain/sealing.py": "the log itself",
    "audit/denials.py": "the log itself",
    "audit/guard.py": "triggers",
    "audit/verification.py": "audit.verify",
    "library/actions.py": "library.keep, library.ask",
    "programmes/tying.py": "records.submit, records.edit",
    "coverage/serving.py": "records.submit, records.edit",
    "burden/actions.py": "burden.*; what another app sent down: its own line, beside which it is called",
    "campaigns/actions.py": "campaigns.keep",
    "plans/actions/plans.py": "plans.keep",
    "plans/actions/meetings.py": "plans.keep",
    "plans/actions/issue.py": "plans.issue",
    "plans/actions/days.py": "plans.keep, plans.note",
    "letters/issuing.py": "letters.keep",
    "letters/checking.py": "letters.report, letters.judge",
    "letters/merging.py": "organisations.merge, which tells it",
    "tasks/actions.py": "tasks.issue",
    "tasks/recalling.py": "tasks.issue",
    "tasks/merging.py": "organisations.merge, which tells it",
    "liaison/actions.py": "liaison.send, liaison.reply",
    "parties/actions.py": "parties.keep",
    "bodies/actions.py": "profiles.keep",
    "bodies/groups.py": "groups.keep",
    "config/sample_dues.py": "made-up rows of the sample county, before anybody signs in",
    "core/seal_rows.py": "migrations: the database before its version",
    "core/turns.py": "a lock, no write",
    "coverage/sample.py": "coverage.keep",
    "dues/actions/collect.py": "dues.collect",
    "dues/actions/hand_in.py": "dues.hand_in",
    "dues/actions/keep.py": "dues.rate, dues.practise",
    "files/actions.py": "records.attach, records.detach",
    "funds/actions.py": "funds.keep, funds.rate",
    "hints/actions.py": "hints.set",
    "hints/asking.py": "hints.ask",
    "hints/same_photo.py": "derived",
    "hints/store.py": "derived",
    "imports/actions.py": "a check that failed: imports.check",
    "imports/background.py": "progress of a batch: its result is imports.*",
    "imports/entering.py": "imports.apply",
    "imports/registers/bases.py": "imports.apply",
    "imports/registers/cases.py": "imports.apply",
    "imports/registers/hours.py": "imports.apply",
    "imports/registers/payments.py": "imports.apply",
    "imports/registers/tenures.py": "imports.apply",
    "imports/undoing.py": "imports.undo",
    "imports/views.py": "progress of a batch: its result is imports.apply",
    "organisations/taking.py": "organisations.undo",
    "organisations/tree.py": "organisations.move, organisations.undo, imports.apply and imports.undo, which call it",
    "personal/erasing.py": "members.restrict",
    "personal/standings.py": "members.restrict",
    "personal/tombstones.py": "members.restrict",
    "pipeline/evaluate.py": "derived",
    "pipeline/keep.py": "derived",
    "pipeline/listening.py": "derived",
    "pipeline/moving.py": "derived",
    "pipeline/reassess.py": "derived",
    "pipeline/whatif.py": "progress of a trial: trials.make",
    "service/leaving.py": "organisations.merge, which tells it",
    "records/actions/drafts.py": "what was typed and not yet sent",
    "records/actions/edit.py": "records.edit",
    "records/actions/reviewing.py": "review.decide, review.resubmit, records.submit and .edit, which call it",
    "reminders/actions/asking.py": "reminders.ask",
    "reminders/run.py": "reminders.send; how far a message got: the run's own line",
    "review/actions/decide.py": "review.decide",
    "review/actions/faults.py": "review.call",
    "review/actions/filing.py": "filings.keep, filings.review",
    "review/actions/sampling.py": "review.sample",
    "offices/actions/election.py": "offices.keep",
    "offices/ending.py": "organisations.merge, .abolish and .undo, which tell it",
    "offices/sample.py": "the sample county",
    "offices/standards.py": "offices.set",
    "offices/terms.py": "terms.remind",
    "responsibilities/actions.py": "responsibilities.keep",
    "responsibilities/merging.py": "organisations.merge, which tells it",
    "records/actions/entry.py": "records.submit, records.edit",
    "records/actions/withdraw.py": "records.withdraw",
    "records/numbers.py": "the number of a record: records.submit",
    "regulations/actions.py": "regulations.publish",
    "signin/actions.py": "signin.host",
    "signin/phones.py": "signin.remember: the oldest of many phones goes",
    "signin/sample.py": "the sample county",
    "signin/scanning.py": "signin.sign",
    "signin/sitting.py": "signin.host, signin.invite",
}
# Commands of the web that leave no line, and why.
SILENT = {
    "migrate": "the database before there is a log",
    "facts": "reads",
    "refresh": "derived",
    "serve": "a process",
    "worker": "a process",
    "roles": "prints",
    "sample": "by the actions it calls",
}
LOUD = {"import": "imports.apply", "publish": "regulations.publish", "appoint": "posts.appoint", "audit": "audit.hold"}
LOUD |= {
    "account": "accounts.*",
    "keys": "keys.*",
    "terminals": "terminals.keep",
    "remind-terms": "terms.remind",
    "remind": "reminders.send",
}
LOUD |= {"retention": "retention.clear", "tombstones": "members.restrict", "affected": "affected.find"}


def bulk_writers() -> set[str]:
    web = ROOT / "src/zhibu/web"
    return {
        str(file.relative_to(web))
        for file in SOURCES
        if file.is_relative_to(web)
        and file.name not in ("testing.py", "scoped.py")
        and BULK.search(file.read_text("utf-8"))
    }


def test_every_bulk_write_is_known_with_its_line() -> None:
    strange = bulk_writers() - KNOWN.keys()
    assert not strange, f"{strange}: say in KNOWN which line tells of these writes, or write them by an @action"


def test_the_list_names_no_file_that_is_gone() -> None:
    assert {name for name in KNOWN if not (ROOT / "src/zhibu/web" / name).exists()} == set()


def test_the_search_sees_a_bulk_write() -> None:
    for planted in (
        "Post.objects.filter(pk=1).update(role='officer')", "Post.objects.bulk_create(rows)",
        "with connection.cursor() as cursor:", "Post.objects.unscoped('x').delete()",
    ):  # fmt: skip
        assert BULK.search(planted)


def test_every_command_leaves_a_line_or_says_why_not() -> None:
    subparsers = next(action for action in parser()._actions if action.choices)
    assert set(subparsers.choices) == SILENT.keys() | LOUD.keys(), "a new command: name the line it leaves, or why none"


def test_every_action_writes_its_line() -> None:
    """`@action` also fails at run time without one; this fails before."""
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and any("action(" in ast.unparse(one) for one in node.decorator_list):
                assert _calls(file, node), f"{file}: {node.name} is an @action and calls nothing that writes a line"


def _calls(file: Path, function: ast.FunctionDef) -> bool:
    """A call of `write`, or of a function of its own module that may hold it."""
    called = {ast.unparse(node.func).rsplit(".", 1)[-1] for node in ast.walk(function) if isinstance(node, ast.Call)}
    own = {node.name for node in ast.parse(file.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}
    return "write" in called or bool(called & own)
