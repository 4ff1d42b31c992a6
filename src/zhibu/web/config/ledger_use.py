"""Which registers are of use to a post: those that hold something for it, or that it may begin."""

from __future__ import annotations

from collections.abc import Callable, Sized

from django.db.models import QuerySet

from zhibu.web.bodies.models import HostedOffice, Link, Subunit
from zhibu.web.campaigns.queries import campaigns
from zhibu.web.concerns.models import PointVisit
from zhibu.web.concerns.queries import concerns
from zhibu.web.core.scope import Scope
from zhibu.web.core.scoped import Scoped
from zhibu.web.coverage.goals import OF_ENTERPRISES
from zhibu.web.coverage.models import Goal, Station, Unit
from zhibu.web.coverage.quiet import quiet
from zhibu.web.dues.models import HandIn
from zhibu.web.funds.conditions import communities
from zhibu.web.guides.queries import items as guide_items
from zhibu.web.hints.queries import hints
from zhibu.web.learning.lectures import best
from zhibu.web.learning.models import LearningOrgan, Scenario, StudyProgramme
from zhibu.web.letters.queries import letters
from zhibu.web.liaison import queries as liaison
from zhibu.web.library.models import Checklist
from zhibu.web.library.queries import documents, to_answer
from zhibu.web.members.models import AdmissionQuota, CheckSheet, LeaderItem, MemberStandard, Transfer
from zhibu.web.offices.models import Office, Opinion, Reserve, Talk
from zhibu.web.organisations import finding
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.plans.models import MeetingNotice
from zhibu.web.plans.queries.themes import cycles
from zhibu.web.programmes.queries import programmes
from zhibu.web.publicity.models import Column, News, Press, Recognised, Recommended, Story, TourStop
from zhibu.web.publicity.queries import exchanged
from zhibu.web.quizzes.queries import contests, papers
from zhibu.web.records.models import Record
from zhibu.web.responsibilities.models import Charter, Holder
from zhibu.web.responsibilities.queries import own as charges_own
from zhibu.web.review.models import Fault, Filing
from zhibu.web.service.models import Commitment, Team
from zhibu.web.service.queries import calls, registrations
from zhibu.web.signin.leading import leaders
from zhibu.web.signin.models import SitIn
from zhibu.web.tasks.models import Order, Problem
from zhibu.web.tasks.queries import tasks

Rows = Callable[[Scope], QuerySet | Sized]


def of_(model: type[Scoped]) -> Rows:
    return lambda scope: model.objects.within(scope)


def _goals(scope: Scope) -> QuerySet:
    """Kept ones, or the enterprises' organisations that may set some."""
    found = Goal.objects.within(scope)
    mine = Organisation.objects.within(scope.doing("goals.keep")).filter(sector__in=OF_ENTERPRISES)
    return found if found.exists() else mine


def _touch(scope: Scope) -> QuerySet:
    """What was sent, or those to whom something may be sent."""
    found, here = liaison.matters(scope), finding.own(scope)
    return found if here is None or found.exists() else liaison.counterparts(here, scope)


def _below(scope: Scope) -> QuerySet:
    """Organisations whose records may be reviewed: a branch has none below it."""
    return Organisation.objects.within(scope.doing("review.decide"))


def _problems(scope: Scope) -> QuerySet:
    """Problems there are, or organisations of which some may be written down: a branch has none below it."""
    found = Problem.objects.within(scope)
    below = Organisation.objects.within(scope).exclude(pk=scope.organisation_id)
    return found if found.exists() else below


def _faults(scope: Scope) -> QuerySet:
    found = Fault.objects.within(scope)
    return found if found.exists() else _below(scope)


def _letters(scope: Scope) -> QuerySet:
    """Letters there are, or organisations to which some may be issued: a branch has none below it."""
    found = letters(scope)
    below = Organisation.objects.within(scope.doing("letters.keep")).exclude(pk=scope.organisation_id)
    return found if found.exists() else below


def _filings(scope: Scope) -> QuerySet:
    """Those there are, or the committees and leading groups that may file one."""
    found, mine = Filing.objects.within(scope), scope.doing("filings.keep")
    return found if found.exists() else Organisation.objects.within(mine).exclude(kind__in=BRANCH_KINDS)


# url → (the act that adds the first row, or none; what it holds for a scope). A register that is not here always has
# something to show.
HOLDS: dict[str, tuple[str, Rows]] = {
    "transfers": ("members.move", of_(Transfer)),
    "checks": ("checks.open", of_(CheckSheet)),
    "standards": ("standards.keep", of_(MemberStandard)),
    "quotas": ("quotas.keep", of_(AdmissionQuota)),
    "dues-handed": ("dues.receive", of_(HandIn)),
    "conditions": ("", communities),
    "campaigns": ("campaigns.keep", campaigns),
    "inbox": ("", _below),
    "faults": ("", _faults),
    "samplings": ("", _below),
    "filings": ("", _filings),
    "meetings": ("plans.keep", of_(MeetingNotice)),
    "cycles": ("plans.issue", cycles),
    "days": ("plans.issue", of_(Record)),
    "programmes": ("programmes.keep", programmes),
    "hints": ("hints.set", hints),
    "charges-own": ("", charges_own),
    "library-asked": ("", to_answer),
    "opinions": ("opinions.ask", of_(Opinion)),
    "letters": ("", _letters),
    "tasks": ("tasks.issue", tasks),
    "orders": ("tasks.issue", of_(Order)),
    "problems": ("", _problems),
    "liaison": ("", _touch),
    "guides": ("guides.keep", guide_items),
    "commitments": ("service.keep", of_(Commitment)),
    "registrations": ("service.keep", registrations),
    "calls": ("service.call", calls),
    "teams": ("service.keep", of_(Team)),
    "concerns": ("concerns.keep", concerns),
    "visits": ("concerns.visit", of_(PointVisit)),
    "publicity": ("publicity.write", of_(News)),
    "publicity-exchange": ("", exchanged),
    "stories": ("stories.keep", of_(Story)),
    "publicity-press": ("publicity.keep", of_(Press)),
    "publicity-columns": ("publicity.keep", of_(Column)),
    "publicity-tours": ("publicity.keep", of_(TourStop)),
    "publicity-recommended": ("publicity.keep", of_(Recommended)),
    "publicity-recognised": ("publicity.keep", of_(Recognised)),
    "offices-offices": ("offices.keep", of_(Office)),
    "offices-reserves": ("reserves.keep", of_(Reserve)),
    "talks": ("talks.keep", of_(Talk)),
    "leading": ("signin.require", leaders),
    "sitins": ("", of_(SitIn)),
    "leaders": ("standards.keep", of_(LeaderItem)),
    "subunits": ("subunits.keep", of_(Subunit)),
    "chains": ("organisations.set_up", of_(Link)),
    "hosted": ("hosted.keep", of_(HostedOffice)),
    "charters": ("responsibilities.keep", of_(Charter)),
    "holders": ("responsibilities.keep", of_(Holder)),
    "conformity": ("responsibilities.keep", of_(Charter)),
    "units": ("coverage.keep", of_(Unit)),
    "units-due": ("coverage.keep", of_(Unit)),
    "units-rates": ("coverage.keep", of_(Unit)),
    "units-visits": ("coverage.keep", of_(Unit)),
    "units-gaps": ("coverage.keep", of_(Unit)),
    "stations": ("coverage.keep", of_(Station)),
    "units-quiet": ("coverage.keep", quiet),
    "units-three": ("coverage.keep", of_(Unit)),
    "goals": ("", _goals),
    "study-programmes": ("learning.keep", of_(StudyProgramme)),
    "lectures": ("learning.select", best),
    "scenarios": ("learning.scenarios", of_(Scenario)),
    "organs": ("learning.organs", of_(LearningOrgan)),
    "contests": ("quizzes.keep", contests),
    "quiz-papers": ("quizzes.keep", papers),
    "library": ("library.keep", documents),
    "checklists": ("library.ask", of_(Checklist)),
}
# url → how the addresses of those rows of 本月任务 begin that are worked off in the register
DUE = {
    "cases": "/procedures/",
    "dues": "/dues/",
    "appraisals": "/appraisal/",
    "dues-handed": "/dues/handed/",
    "campaigns": "/campaigns/",
    "plans": "/plans/",
    "meetings": "/plans/meetings/",
    "programmes": "/programmes/",
    "units-quiet": "/coverage/quiet/",
    "charges-own": "/responsibilities/",
    "library-asked": "/library/",
    "letters": "/letters/",
    "tasks": "/tasks/",
    "liaison": "/liaison/",
    "commitments": "/service/commitments/",
    "registrations": "/service/registrations/",
    "concerns": "/concerns/",
    "publicity": "/publicity/",
}


def of_use(url: str, needs: str, scope: Scope) -> bool:
    begins, holds = HOLDS.get(url, ("", None))
    if holds is None or (begins and scope.may(begins)):
        return True
    rows = holds(scope.doing(needs))
    return rows.exists() if isinstance(rows, QuerySet) else bool(rows)
