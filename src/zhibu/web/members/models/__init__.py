"""The tables of members: the roster (`roster.py`), what happened (`life.py`), who needs what (`care.py`), rounds and
papers (`checks.py`), standards and quotas (`targets.py`)."""

from zhibu.web.members.models.care import AwayContact, Care, CareHelp, Excused, Floating, MemberRole
from zhibu.web.members.models.checks import CheckLine, CheckSheet, FilePaper, RollCheck
from zhibu.web.members.models.life import MemberChange, Transfer
from zhibu.web.members.models.roster import Employment, LeftKind, Look, Member, MemberKind, Seen
from zhibu.web.members.models.targets import AdmissionQuota, LeaderItem, MemberStandard

__all__ = [
    "AdmissionQuota", "AwayContact", "Care", "CareHelp", "CheckLine", "CheckSheet", "Employment", "Excused",
    "FilePaper", "Floating", "LeaderItem", "LeftKind", "Look", "Member", "MemberChange", "MemberKind", "MemberRole",
    "MemberStandard", "RollCheck", "Seen", "Transfer",
]  # fmt: skip
