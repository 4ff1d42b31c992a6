"""What each role may do: the one table. Pages name an action, actions carry the same name, tests read it too."""

from __future__ import annotations

# Words: <capability>.<verb>. `.view` reads; everything else writes and leaves an audit line.
READ_TREE = frozenset({"organisations.view", "regulations.view", "branch.view", "records.view"})
OWN = frozenset({"identity.switch", "password.change", "feedback.send", "me.view"})

SUPERVISE = frozenset({"board.view", "board.export", "late.view", "members.view", "members.export"})
IMPORT = frozenset({"imports.view", "imports.check", "imports.apply", "imports.undo"})
TRY = frozenset({"trials.view", "trials.make"})  # drafts are the department's own until they are published
KEEP = frozenset({"organisations.change", "organisations.move", "members.change", "waivers.grant"})
ANSWER = frozenset({"feedback.view", "feedback.answer"})
RECORD = frozenset(f"records.{verb}" for verb in ("write", "submit", "edit", "withdraw", "draft"))

POLICY: dict[str, frozenset[str]] = {
    "officer": READ_TREE | OWN | SUPERVISE | IMPORT | KEEP | ANSWER | TRY,
    "committee_officer": READ_TREE | OWN | SUPERVISE | IMPORT | KEEP | ANSWER,
    "secretary": READ_TREE | OWN | RECORD | {"month.view", "members.view", "members.export"},
    "leader": READ_TREE | OWN | {"board.view"},
    "member": OWN | {"regulations.view", "records.view"},
    "auditor": OWN | {"audit.view", "audit.export", "regulations.view"},
}


def actions(role: str) -> frozenset[str]:
    """The actions of a role; an unknown role may do nothing."""
    return POLICY.get(role, frozenset())
