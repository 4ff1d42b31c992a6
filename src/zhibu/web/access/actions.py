"""Posts are given, ended, handed over and lent here. What may be given by whom stands in `policy.yaml`, `appoints`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from zhibu.web.access import queries
from zhibu.web.access.models import FOR_A_TIME, POINTED, Post, Role, StandIn
from zhibu.web.access.policy import POLICY
from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.core import announce
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import overlapping
from zhibu.web.organisations.models import Organisation

WHY = "all posts of a person count, wherever they are"
DAY = timedelta(days=1)


@action("posts.appoint")
def appoint(
    *,
    by: Scope,
    user: User,
    organisation: Organisation,
    role: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    document: str = "",
    points: Iterable[Organisation] = (),
) -> Post:
    """Give a person a post. Raises NotAllowed when the role is not the asker's to give, Unfit for dates and points."""
    here, points = reached(Organisation.objects.within(by), organisation.pk), list(points)
    _may_give(by, user, here, role)
    _fits(user, here, role, starts_on, ends_on)
    _pointed(by, role, points, ends_on)
    post = Post.objects.create(
        user=user, organisation=here, role=Role(role), starts_on=starts_on, ends_on=ends_on, document=document
    )
    post.points.add(*points)
    new = {"user": user.pk, "role": post.role, "starts_on": starts_on, "ends_on": ends_on, "document": document}
    write(
        by=by, action="posts.appoint", sentence=f"任命 {user.name} 为 {here.name}{post.get_role_display()}", thing=post,
        organisation=here, new={**new, "points": [point.code for point in points]}, happened_on=starts_on,
    )  # fmt: skip
    return post


@action("posts.end")
def end(*, by: Scope, post: Post, ends_on: date, document: str = "") -> Post:
    """The post ends with this day, inclusive; colleagues who stood in stop with it."""
    here = reached(Organisation.objects.within(by), post.organisation_id)
    _may_give(by, post.user, here, post.role)
    if post.ends_on and post.ends_on <= ends_on:
        raise Unfit("ends_on", f"这个职务已于 {post.ends_on} 离任")
    if post.starts_on and ends_on < post.starts_on:
        raise Unfit("ends_on", f"{post.starts_on} 才任职，离任日期不能更早")
    stop(post, ends_on)
    write(
        by=by, action="posts.end", sentence=f"免去 {post.user.name} 的 {here.name}{post.get_role_display()}",
        thing=post, organisation=here, new={"ends_on": ends_on, "document": document}, happened_on=ends_on,
    )  # fmt: skip
    return post


@action("posts.hand_over")
def hand_over(*, by: Scope, post: Post, to: User, on: date, document: str = "") -> Post:
    """交接: from a day on another person holds the post; drafts and what waits for it go over. Returns the new post."""
    here = reached(Organisation.objects.within(by), post.organisation_id)
    if post.role == Role.CAMPAIGN_STAFF:
        raise Unfit("username", "专项活动办公室的人员在“专项活动”里调整")
    for person in (post.user, to):
        _may_give(by, person, here, post.role)
    if to.pk == post.user_id:
        raise Unfit("username", "接任的就是现任本人")
    if (post.starts_on and on <= post.starts_on) or (post.ends_on and on > post.ends_on + DAY):
        raise Unfit("on", "交接日期要在现任任职之后、离任之前")
    _fits(to, here, post.role, on, None)
    points = queries.points_of(post)
    _pointed(by, post.role, points, post.ends_on)
    ends_on = post.ends_on if post.role in FOR_A_TIME else None
    stop(post, on - DAY)
    new = Post.objects.create(
        user=to, organisation=here, role=post.role, starts_on=on, ends_on=ends_on, document=document
    )
    new.points.add(*points)
    announce.post_handed_over(post.user_id, to.pk, here.pk)
    sentence = f"{here.name}{post.get_role_display()}交接：{post.user.name} 交给 {to.name}"
    write(
        by=by, action="posts.hand_over", sentence=sentence, thing=new, organisation=here,
        old={"user": post.user_id, "post": post.pk}, new={"user": to.pk, "document": document}, happened_on=on,
    )  # fmt: skip
    return new


@action("posts.stand_in")
def stand_in(*, by: Scope, user: User, starts_on: date, ends_on: date, reason: str) -> StandIn:
    """代办: a colleague acts as the asker's present post for some days. Raises Unfit."""
    post = Post.objects.unscoped("the own post").select_related("organisation", "user").get(pk=by.post_id)
    if user.pk == by.user_id:
        raise Unfit("username", "代办人要是另一个人")
    if ends_on < starts_on:
        raise Unfit("ends_on", "结束日期不能早于开始日期")
    if not queries.is_colleague(user.pk, post.organisation, by.on):
        raise Unfit("username", "代办人要在本党组织或上级党组织任职")
    lent = StandIn.objects.create(post=post, user=user, starts_on=starts_on, ends_on=ends_on, reason=reason)
    new = {"user": user.pk, "starts_on": starts_on, "ends_on": ends_on, "reason": reason}
    write(
        by=by, action="posts.stand_in", sentence=f"委托 {user.name} 代办 {post}", thing=lent,
        organisation=post.organisation, new=new, happened_on=starts_on,
    )  # fmt: skip
    return lent


@action("posts.stand_in")
def take_back(*, by: Scope, lent: StandIn) -> None:
    """The colleague stops at once: yesterday was the last day, or the row is gone when it had not begun."""
    if lent.post_id != by.post_id:
        raise NotAllowed("只能收回自己委托的代办")
    sentence, place = f"收回 {lent.user.name} 的代办", lent.post.organisation
    write(
        by=by, action="posts.stand_in", sentence=sentence, thing=lent, organisation=place, old={"ends_on": lent.ends_on}
    )
    if lent.starts_on >= by.on:
        lent.delete()
        return
    lent.ends_on = by.on - DAY
    lent.save(update_fields=["ends_on"])


def stop(post: Post, ends_on: date) -> None:
    post.ends_on = ends_on
    post.save(update_fields=["ends_on"])
    lent = StandIn.objects.unscoped("they end with the post").filter(post=post)
    lent.filter(starts_on__gt=ends_on).delete()
    lent.filter(ends_on__gt=ends_on).update(ends_on=ends_on)


def _may_give(by: Scope, user: User, here: Organisation, role: str) -> None:
    """A post is given and taken from above, never to oneself. The system (a command on the server) may give any."""
    if by.role == "system":
        return
    if user.pk == by.user_id:
        raise NotAllowed("自己的职务由上级任免")
    if role not in queries.may_appoint(by, here):
        raise NotAllowed(f"“{by.title}”不能任免这一级的{POLICY.roles[role].name if role in POLICY.roles else role}")


def _fits(user: User, here: Organisation, role: str, starts_on: date | None, ends_on: date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise Unfit("ends_on", "离任日期不能早于任职日期")
    others = Post.objects.unscoped(WHY).filter(overlapping(starts_on, ends_on), user=user)
    for other in others.select_related("organisation"):
        if other.role == role and other.organisation_id == here.pk:
            raise Unfit("role", f"{user.name} 这段时间已是{other}")
        if Role.MEMBER not in (role, other.role) and POLICY.apart & {role, other.role}:
            raise Unfit("role", f"系统、安全、审计管理员互相分离，也不兼其他职务：{user.name} 现为{other}")


def _pointed(by: Scope, role: str, points: list[Organisation], ends_on: date | None) -> None:
    if role not in POINTED:
        if points:
            raise Unfit("points", "这个职务不分配点")
        return
    if not points:
        raise Unfit("points", "写明联系、督查或指导哪些党组织")
    if role in FOR_A_TIME and ends_on is None:
        raise Unfit("ends_on", "督查组只管这一轮，专项活动办公室只管这次活动，写明到哪天结束")
    for point in points:
        reached(Organisation.objects.within(by), point.pk)
