"""Commitments, people registered, a call and a team of the sample county. Made up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.service import calling, commitments, queries, registering, teaming
from zhibu.web.service.models import CallPost, Shift, SignUp

WHY = "making the sample county"
TEXTS = ("每周清扫一次门前河道", "帮两户老人修水管", "教邻居用手机办社保", "晒谷期夜间巡查防火")


def fill(*, branch: Scope, host: Scope, today: date) -> None:
    """`branch`: a secretary's; `host`: the committee officer above it."""
    people = list(queries.roster(branch)[:6])
    _commitments(branch, host, people, today)
    _team(branch, people, today)
    _call(host, people, today)
    _registered(people, today)


def _commitments(by: Scope, host: Scope, people: list[Member], today: date) -> None:
    made = [
        commitments.make(by=by, text=text, due_on=today + timedelta(days=4 + 9 * at), public=True, member=one)
        for at, (one, text) in enumerate(zip(people, TEXTS, strict=False))
    ]
    commitments.make(by=by, text="年底前修好两段机耕路", due_on=today + timedelta(days=30), public=True)
    if made:
        commitments.fulfil(by=by, commitment=made[0], on=today, text="本月清扫四次")
        done = commitments.fulfil(by=by, commitment=made[-1], on=today, text="收谷期巡查 9 个晚上")
        commitments.confirm(by=host, commitment=done)


def _team(by: Scope, people: list[Member], today: date) -> None:
    team = teaming.found(
        by=by, name="红马甲服务队（示例）", purpose="修水电、代办代买", founded_on=today - timedelta(days=200)
    )
    for one in people[:4]:
        teaming.join(by=by, team=team, member=one, since=today - timedelta(days=120))
    gone = teaming.send(by=by, team=team, task="抢修水管", place="三组", on=today - timedelta(days=20))
    teaming.log(by=by, dispatch=gone, people=4, hours=Decimal("2.5"), result="修好 12 户")
    teaming.send(by=by, team=team, task="慰问演出布场", place="村广场", on=today + timedelta(days=6))


def _call(host: Scope, people: list[Member], today: date) -> None:
    call = calling.open_(
        by=host, kind="urgent", title="河堤巡查（示例）", task="三人一组巡查管涌、散浸", place="二号堤",
        starts_on=today, ends_on=today + timedelta(days=10), posts=[("巡查", 6), ("后勤", 2)],
    )  # fmt: skip
    post = CallPost.objects.within(host).filter(call=call).order_by("pk")[0]
    for at, one in enumerate(people[2:5]):
        row = SignUp.objects.create(call=call, member=one, signed_on=today)
        if at == 0:
            calling.assign(by=host, sign_up=row, post=post)


def _registered(people: list[Member], today: date) -> None:
    """Two at the first community of the county."""
    there = Organisation.objects.unscoped(WHY).filter(sector="community", dissolved_on=None).order_by("path").first()
    for one in people[:2] if there else ():
        here = registering.Registration.objects.create(
            organisation=there, member=one, asked_on=today - timedelta(days=60), answered_on=today - timedelta(days=58),
            state="accepted",
        )  # fmt: skip
        Shift.objects.create(
            organisation=there, member=one, registration=here, on=today - timedelta(days=15), what="楼道清洁（示例）",
            hours=Decimal(2), state="confirmed", answered_on=today - timedelta(days=14),
        )  # fmt: skip
