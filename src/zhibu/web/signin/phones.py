"""A phone is remembered for 90 days after one code by SMS: a signed cookie and a row that the member can end."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from zhibu.web.accounts.limits import digest
from zhibu.web.audit.actions import action, reached, write
from zhibu.web.audit.where import device_of
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.members.about_me import own_row
from zhibu.web.members.models import Member
from zhibu.web.signin.models import Phone

COOKIE = "signin"
SALT = "zhibu.signin.phones"
DAYS = 90
MOST = 5  # phones of one member; the oldest is forgotten


def member_of(request: HttpRequest) -> Member | None:
    """Whose phone this is: signed in with an account, or remembered and not forgotten since."""
    if request.user.is_authenticated and (own := own_row(request.user.pk)):
        return own
    row = _row(request)
    if row is None:
        return None
    rows = Member.objects.unscoped("the person who holds this phone").filter(left_on=None)
    return rows.select_related("organisation").filter(pk=row.member_id).first()


def remember(request: HttpRequest, response: HttpResponse, member: Member) -> None:
    word, today = secrets.token_urlsafe(24), clock.today()
    with transaction.atomic():
        kept = Phone.objects.filter(member=member, ended_on=None, until__gte=today).order_by("-pk")
        Phone.objects.filter(pk__in=[one.pk for one in kept[MOST - 1 :]]).update(ended_on=today)
        row = Phone.objects.create(
            member=member, digest=digest("signin", word), device=device_of(request.headers.get("User-Agent"))[:60],
            since=today, until=today + timedelta(days=DAYS),
        )  # fmt: skip
        write(
            by=None, user=member.user, action="signin.remember", sentence="凭短信码记住一部手机，用于会议签到",
            thing=row, organisation=member.organisation, new={"until": row.until}, happened_on=today,
        )  # fmt: skip
    response.set_cookie(
        COOKIE, signing.dumps(word, salt=SALT), max_age=DAYS * 24 * 3600, httponly=True, samesite="Lax", path="/s/",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def forget_this(request: HttpRequest, response: HttpResponse) -> None:
    """Whoever holds the phone says it is not theirs."""
    if row := _row(request):
        with transaction.atomic():
            _end(row)
            member = row.member
            write(
                by=None, user=member.user, action="signin.forget_here", sentence="在签到页上不再记住这部手机",
                thing=row, organisation=member.organisation, happened_on=row.ended_on,
            )  # fmt: skip
    response.delete_cookie(COOKIE, path="/s/")


@action("signin.forget")
def forget(*, by: Scope, number: int) -> Phone:
    """By the member, on 我的. Raises NotAllowed for another's phone."""
    member = own_row(by.user_id)
    row = reached(Phone.objects.filter(member=member, ended_on=None), number, "没有记住这部手机")
    _end(row)
    write(
        by=by, action="signin.forget", sentence="不再记住一部签到用的手机", thing=row,
        organisation=member.organisation if member else None, happened_on=by.on,
    )  # fmt: skip
    return row


def of(member: Member) -> list[Phone]:
    return list(Phone.objects.filter(member=member, ended_on=None, until__gte=clock.today()).order_by("-pk"))


def _end(row: Phone) -> None:
    row.ended_on = clock.today()
    row.save(update_fields=["ended_on"])


def _row(request: HttpRequest) -> Phone | None:
    try:
        word = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=DAYS * 24 * 3600)
    except signing.BadSignature:
        return None
    rows = Phone.objects.filter(digest=digest("signin", str(word)), ended_on=None, until__gte=clock.today())
    return rows.first()
