"""Commitments (`commitments.py`), registrations and volunteer hours (`volunteers.py`), calls (`calls.py`), teams
(`teams.py`)."""

from zhibu.web.service.models.calls import Call, CallPost, SignUp
from zhibu.web.service.models.commitments import Commitment
from zhibu.web.service.models.teams import Dispatch, Team, TeamMember
from zhibu.web.service.models.volunteers import Registration, Shift

__all__ = ["Call", "CallPost", "Commitment", "Dispatch", "Registration", "Shift", "SignUp", "Team", "TeamMember"]
