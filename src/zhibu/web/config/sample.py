"""The sample county of `make run`: three made-up Excel books, imported as a county office would, and a cast to sign in.

Synthetic people only: identity numbers begin with 99, which no area has.
"""

from __future__ import annotations

import secrets
import tempfile
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q
from rich.console import Console
from rich.table import Table

from zhibu.web.access.actions import appoint
from zhibu.web.access.models import Post, Role
from zhibu.web.access.queries import posts_on, scope_of, system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.accounts.models import User
from zhibu.web.agendas.sample import fill as fill_agendas
from zhibu.web.appraisal.sample import fill as fill_appraisal
from zhibu.web.burden.sample import fill as fill_burden
from zhibu.web.burden.sample import take_minutes
from zhibu.web.config import sample_dues, sample_joint, sample_organisations, sample_service
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.coverage.sample import furnish as furnish_units
from zhibu.web.hints.sample import fill as fill_hints
from zhibu.web.imports import actions as imports
from zhibu.web.imports.sample import write_books
from zhibu.web.learning.sample import fill as fill_learning
from zhibu.web.library.sample import fill as fill_library
from zhibu.web.members.models import Member
from zhibu.web.members.sample import fill as fill_members
from zhibu.web.offices.sample import fill as fill_offices
from zhibu.web.organisations.models import Kind, Organisation
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.plans.sample import fill as fill_plans
from zhibu.web.procedures import publishing
from zhibu.web.procedures import sample as cases
from zhibu.web.programmes.sample import fill as fill_programmes
from zhibu.web.publicity.sample import fill as fill_publicity
from zhibu.web.quizzes.sample import fill as fill_quizzes
from zhibu.web.regulations.actions import publish
from zhibu.web.reminders.sample import fill as fill_reminders
from zhibu.web.reports.sample import fill as fill_reports
from zhibu.web.responsibilities.sample import fill as fill_responsibilities
from zhibu.web.review.sample import fill as fill_review
from zhibu.web.signin.sample import fill as fill_signin

STUDENTS = {"officer": "officer", "branch": "secretary", "group": "water"}  # who studies, by whose name
NOTE = "logins.txt"
WHY = "making the sample county"


def make(seed: int) -> int:
    """Make the county when there is none; print the logins either way."""
    console = Console()
    if not Organisation.objects.unscoped(WHY).exists():
        with console.status("正在造示例县：三本台账、规则、结论……"):
            _make(seed)
    elif not (settings.HOME / NOTE).exists():
        console.print("数据库里已有党组织，没有再造示例县。")
        return 0
    _show(console)
    return 0


def _make(seed: int) -> None:
    today = clock.today()
    _import(today, seed)
    sample_organisations.furnish(today)
    publish(paths=[settings.PACKS / "central", settings.PACKS / "county-example"])
    publishing.publish(paths=[settings.PACKS / "central", settings.PACKS / "county-example"])
    fill_offices(system_scope())
    county = Organisation.objects.unscoped(WHY).get(depth=1)
    furnish_units(by=system_scope(), county=county, seed=seed, today=today)
    sample_joint.plant(today)
    take_minutes(system_scope())
    refresh()
    _cast(today)
    _library(today)
    fill_responsibilities(by=_scope("officer", today), branch=_scope("secretary", today), today=today)
    fill_plans(officer=_scope("officer", today), branch=_scope("secretary", today), today=today)
    _cases(today)
    fill_programmes(by=_scope("officer", today), today=today)
    sample_dues.fill(today)
    fill_appraisal(branch=_scope("secretary", today), today=today)
    fill_learning(**{who: _scope(name, today) for who, name in STUDENTS.items()}, today=today)
    fill_quizzes(officer=_scope("officer", today), branch=_scope("secretary", today), today=today)
    clerk = Post.objects.unscoped(WHY).select_related("user").get(user__username="town", role=Role.COMMITTEE_OFFICER)
    _review(today)
    town = scope_of(clerk, today)
    fill_publicity(officer=_scope("officer", today), town=town, branch=_scope("secretary", today), today=today)
    sample_joint.fill(officer=_scope("officer", today), branch=_scope("secretary", today), clerk=clerk, today=today)
    told = {word: _scope(who, today) for word, who in (("branch", "secretary"), ("town", "town"), ("group", "water"))}
    fill_signin(**told, today=today)
    sample_service.fill(officer=_scope("officer", today), town=town, branch=_scope("secretary", today), today=today)
    fill_burden(officer=_scope("officer", today), branch=_scope("secretary", today), today=today)
    fill_agendas(officer=_scope("officer", today), group=_scope("water", today), today=today)
    fill_reports(officer=_scope("officer", today), today=today)
    fill_hints(officer=_scope("officer", today), branch=_scope("secretary", today), today=today)
    fill_reminders(officer=_scope("officer", today), town=town, branch=_scope("secretary", today), today=today)
    _known(_scope("secretary", today))


def _import(today: date, seed: int) -> None:
    """Last year's books, then this year's activity book up to today."""
    with tempfile.TemporaryDirectory() as folder:
        for year in (today.year - 1, today.year):
            books = write_books(Path(folder) / str(year), county="青川县", year=year, seed=seed, until=today)
            chosen = books if year < today.year else books[2:]
            batch = imports.check(by=system_scope(), files=chosen)
            imports.apply(by=system_scope(), batch=batch)


def _cast(today: date) -> None:
    """One person for each role, at real places of the county; the secretary also holds a second post."""
    places = Organisation.objects.unscoped(WHY)
    county = places.get(depth=1)
    branch = _busy_branch(today)
    town = places.get(path=branch.path[: 2 * Organisation.steplen])
    points = list(places.filter(kind=Kind.BRANCH).order_by("path")[3:40:9])
    cast = [
        ("officer", "周部长", county, Role.OFFICER),
        ("town", "王干事", town, Role.COMMITTEE_OFFICER),
        ("secretary", branch.secretary_name or "李书记", branch, Role.SECRETARY),
        ("leader", "陈常委", county, Role.LEADER),
        ("member", "党员", branch, Role.MEMBER),
        ("auditor", "审计员", county, Role.AUDITOR),
        ("system", "系统管理员", county, Role.SYSTEM_ADMIN),
        ("security", "安全管理员", county, Role.SECURITY_ADMIN),
        ("audits", "审计管理员", county, Role.AUDIT_ADMIN),
    ]
    lines = []
    for username, name, place, role in cast:
        password = secrets.token_urlsafe(6)
        user, _ = register(username=username, name=name, password=password)
        chosen = points if role == Role.LEADER else ()
        appoint(
            by=system_scope(),
            user=user,
            organisation=place,
            role=role,
            starts_on=date(today.year - 1, 1, 1),
            points=chosen,
        )
        lines.append(f"{username}\t{password}\t{place.name}·{role.label}")
    _also(branch)
    fill_members(system_scope(), town, branch, today)
    note = settings.HOME / NOTE
    note.touch(mode=0o600)
    note.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _cases(today: date) -> None:
    """Applicants at the secretary's branch; the town above files what is its to file."""
    posts = Post.objects.unscoped(WHY).select_related("organisation", "user")
    secretary = posts.get(user__username="secretary", role=Role.SECRETARY)
    town = posts.get(user__username="town", role=Role.COMMITTEE_OFFICER)
    cases.fill(branch=secretary.organisation, secretary=scope_of(secretary, today), town=scope_of(town, today))


def _busy_branch(today: date) -> Organisation:
    """A village branch that is neither perfect nor far behind, so that every kind of row is seen."""
    villages = Organisation.objects.unscoped(WHY).filter(kind=Kind.BRANCH, sector="village", members__isnull=False)
    missed = Count("verdicts", Q(verdicts__year=today.year, verdicts__status="missed"), distinct=True)
    known = villages.annotate(missed=missed, people=Count("members", distinct=True)).filter(people__gte=5)
    return min(known.order_by("path"), key=lambda place: abs(place.missed - 4))


def _also(branch: Organisation) -> None:
    """The secretary is a member of the branch too, and the sample member is a person on its roster."""
    appoint(by=system_scope(), user=User.objects.get(username="secretary"), organisation=branch, role=Role.MEMBER)
    person = Member.objects.unscoped(WHY).filter(organisation=branch).order_by("pk")[0]
    person.user = User.objects.get(username="member")
    person.save(update_fields=["user"])


def _known(branch: Scope) -> None:
    """The secretary is one of the roster too, and sees what a member sees of himself."""
    rows = Member.objects.unscoped(WHY).filter(organisation=branch.organisation_id, branch_post="书记", user=None)
    if one := rows.first():
        one.user_id = branch.user_id
        one.save(update_fields=["user"])


def _library(today: date) -> None:
    branch = _scope("secretary", today)
    path = Organisation.objects.unscoped(WHY).get(pk=branch.organisation_id).path
    beside = Organisation.objects.unscoped(WHY).filter(path__startswith=path[: -Organisation.steplen], kind=Kind.BRANCH)
    units = list(dict.fromkeys([*beside.filter(path=path), *beside.order_by("path")[:8]]))
    fill_library(by=_scope("officer", today), units=[one.code for one in units], branch=branch, today=today)


def _review(today: date) -> None:
    """The town reviews; a leading group files its life meeting with the county."""
    fill_review(
        town=_scope("town", today), branch=_scope("secretary", today), group=_scope("water", today), today=today
    )


def _scope(username: str, today: date) -> Scope:
    """The first post of one of the cast."""
    return scope_of(next(iter(posts_on(User.objects.get(username=username).pk, today))), today)


def _show(console: Console) -> None:
    table = Table(title="示例县登录账号", title_justify="left")
    for heading in ("账号", "密码", "身份"):
        table.add_column(heading)
    for line in (settings.HOME / NOTE).read_text(encoding="utf-8").splitlines():
        table.add_row(*line.split("\t"))
    console.print(table)
