"""What each role may do: the one table. Pages name an action, actions carry the same name, tests read it too."""

from __future__ import annotations

# Words: <capability>.<verb>. `.view` reads; everything else writes and leaves an audit line.
READ_TREE = frozenset({"organisations.view", "regulations.view", "branch.view", "records.view"})
OWN = frozenset({"identity.switch", "password.change", "feedback.send", "me.view"})

POLICY: dict[str, frozenset[str]] = {
    "officer": READ_TREE
    | OWN
    | {
        "board.view",
        "late.view",
        "members.view",
        "members.export",
        "board.export",
        "imports.view",
        "imports.check",
        "imports.apply",
        "imports.undo",
        "feedback.view",
        "feedback.answer",
        "waivers.grant",
        "pipeline.run",
    },
    "committee_officer": READ_TREE
    | OWN
    | {
        "board.view",
        "late.view",
        "members.view",
        "members.export",
        "board.export",
        "imports.view",
        "imports.check",
        "imports.apply",
        "imports.undo",
        "feedback.view",
        "feedback.answer",
    },
    "secretary": READ_TREE
    | OWN
    | {
        "month.view",
        "records.write",
        "records.submit",
        "records.edit",
        "records.withdraw",
        "records.draft",
        "members.view",
        "members.export",
    },
    "leader": READ_TREE | OWN | {"board.view"},
    "member": OWN | {"regulations.view", "records.view"},
    "auditor": OWN | {"audit.view", "audit.export", "regulations.view"},
}


def actions(role: str) -> frozenset[str]:
    """The actions of a role; an unknown role may do nothing."""
    return POLICY.get(role, frozenset())
