"""From a person and a day to the scopes they may act in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Prefetch, Q, QuerySet, When, prefetch_related_objects

from zhibu.web.access.models import Post, Role, StandIn
from zhibu.web.access.policy import POLICY, actions
from zhibu.web.core import clock
from zhibu.web.core.scope import BELOW, ONE, WHOLE, Area, Grant, Scope
from zhibu.web.core.spans import held
from zhibu.web.organisations import supervision, tree
from zhibu.web.organisations.models import Organisation

# A post's own contact points are what gives the scope, so they are read before there is one.
_WHY = "posts are what gives the scope"
_POINTS = Prefetch("points", Organisation.objects.unscoped("a post's own contact points"))
ORDER = tuple(Role.values)


@dataclass(frozen=True, slots=True)
class Identity:
    """A post a person may act as: their own, or a colleague's for the days they stand in."""

    post: Post
    stand_in: StandIn | None = None

    @property
    def key(self) -> str:
        """What the session remembers and the form of 切换身份 sends."""
        return f"s{self.stand_in.pk}" if self.stand_in else str(self.post.pk)

    @property
    def acting_for(self) -> str:
        return self.post.user.name if self.stand_in else ""

    def may(self, action: str) -> bool:
        """Whether its role may do this anywhere."""
        return action in actions(self.post.role) - (POLICY.in_person if self.stand_in else frozenset())

    def __str__(self) -> str:
        return f"{self.post}（代{self.acting_for}）" if self.stand_in else str(self.post)


def identities(user_id: int, on: date) -> list[Identity]:
    """The own posts of a day in the order of the roles, then those one stands in for."""
    posts = Post.objects.unscoped(_WHY).select_related("organisation", "user")
    own = [Identity(post) for post in posts.filter(held(on), user_id=user_id)]
    lent = StandIn.objects.unscoped(_WHY).filter(held(on), user_id=user_id)
    others = {post.pk: post for post in posts.filter(held(on), stand_ins__in=lent)} if lent else {}
    found = [Identity(others[one.post_id], one) for one in lent if one.post_id in others]
    return sorted([*own, *found], key=lambda one: (one.stand_in is not None, ORDER.index(one.post.role), one.post.pk))


def posts_on(user_id: int, on: date) -> list[Post]:
    """The posts a person holds on a day, in the order of the roles."""
    return [one.post for one in identities(user_id, on) if one.stand_in is None]


def scope_of(who: Post | Identity, on: date) -> Scope:
    """The reach of a post: what the policy gives its role in each relation, on that day."""
    identity = who if isinstance(who, Identity) else Identity(who)
    post, here = identity.post, identity.post.organisation
    return Scope(
        user_id=identity.stand_in.user_id if identity.stand_in else post.user_id,
        post_id=post.pk,
        role=post.role,
        organisation_id=here.pk,
        title=str(identity),
        grants=_grants(identity, on),
        on=on,
        help_contact=_help_line(here),
        acting_for=identity.acting_for,
    )


def _grants(identity: Identity, on: date) -> tuple[Grant, ...]:
    withheld = POLICY.in_person if identity.stand_in else frozenset[str]()
    relations = POLICY.roles[identity.post.role].relations if identity.post.role in POLICY.roles else {}
    areas = _areas(identity.post, frozenset(relations), on)
    return tuple(
        Grant(relation, areas.get(relation, ()), given.actions - withheld, given.fields)
        for relation, given in relations.items()
    )


def _areas(post: Post, relations: frozenset[str], on: date) -> dict[str, tuple[Area, ...]]:
    """Relation → the parts of the tree in which it stands to the post; `self` reaches no organisation."""
    path = post.organisation.path
    areas = {"own": (Area(path, ONE),), "below": (Area(path, BELOW),)}
    if "assigned" in relations:
        areas["assigned"] = tuple(Area(point.path) for point in points_of(post))
    lines = relations & set(supervision.KINDS)
    for kind, paths in (supervision.units(post.organisation, on) if lines else {}).items():
        areas[kind] = tuple(Area(path, WHOLE if wide else ONE) for path, wide in paths)
    return areas


def points_of(post: Post) -> list[Organisation]:
    prefetch_related_objects([post], _POINTS)
    return list(post.points.all())


def system_scope() -> Scope:
    """The reach of the system itself: a command on the server, nightly work. Everything, also an empty database.

    Every tree path begins with the empty prefix. User 0 is nobody: audit lines of it carry no user.
    """
    everything = Grant("system", (Area(""),), frozenset(POLICY.actions), frozenset(POLICY.fields))
    return Scope(
        user_id=0, post_id=0, role="system", organisation_id=0, title="系统", grants=(everything,), on=clock.today()
    )


def _help_line(here: Organisation) -> str:
    """Name and phone of the superior committee; a root answers for itself."""
    superior = tree.superior(here) or here
    return f"{superior.short_name or superior.name} {superior.phone}".strip()


def may_appoint(scope: Scope, here: Organisation) -> frozenset[str]:
    """The roles this post may give at an organisation."""
    role = POLICY.roles.get(scope.role)
    relation = "own" if here.pk == scope.organisation_id else "below"
    return role.appoints.get(relation, frozenset()) if role else frozenset()


def is_colleague(user_id: int, here: Organisation, on: date) -> bool:
    """Whether a person holds a post on a day at the organisation or one above it."""
    paths = [*tree.ancestor_paths(here.path), here.path]
    posts = Post.objects.unscoped(_WHY).filter(held(on), user_id=user_id, user__is_active=True)
    return posts.filter(organisation__path__in=paths).exists()


def posts(scope: Scope) -> QuerySet[Post]:
    """Posts of the organisations within reach, the upper ones first, those that ended last."""
    rows = Post.objects.within(scope).select_related("organisation", "user").prefetch_related(_POINTS)
    ended = Case(When(ends_on__lt=scope.on, then=1), default=0)
    return rows.order_by(ended, "organisation__path", "role", "-starts_on", "pk")


def lent(scope: Scope) -> QuerySet[StandIn]:
    """Who stands in for the present post, now or later; those that ended last."""
    rows = StandIn.objects.unscoped("the own post's").filter(post_id=scope.post_id)
    return rows.select_related("user", "post__organisation").order_by("-ends_on", "pk")


def lent_of(post: Post) -> QuerySet[StandIn]:
    """Who stands in for a post that was reached already."""
    return (
        StandIn.objects.unscoped("of a post within reach").filter(post=post).select_related("user").order_by("-ends_on")
    )


def named(rows: QuerySet[Post], q: str) -> QuerySet[Post]:
    """Posts whose holder or organisation has these words in its name."""
    there = Q(user__name__icontains=q) | Q(organisation__name__icontains=q) | Q(organisation__code__istartswith=q)
    return rows.filter(there) if q else rows


def watchers(action: str, here: Organisation, on: date) -> list[Identity]:
    """Everybody who may do this at an organisation on a day: its own posts, those above, beside (lines) and assigned.

    The policy decides post by post; what is looked up here is only who might be asked.
    """
    paths = [*tree.ancestor_paths(here.path), here.path]
    beside = [line.superior.path for line in supervision.supervising(paths, on)]
    above = {path for one in beside for path in [*tree.ancestor_paths(one), one]} | set(paths)
    roles = [word for word in POLICY.roles if action in actions(word)]
    maybe = Q(organisation__path__in=above) | Q(points__path__in=paths)
    rows = Post.objects.unscoped("who sees me is no secret to me").filter(maybe, held(on), role__in=roles).distinct()
    found = []
    for post in rows.select_related("organisation", "user").order_by("-organisation__depth", "role", "user__name"):
        if scope_of(post, on).may_at(action, here.path):
            found += [Identity(post), *(Identity(post, one) for one in lent_of(post).filter(held(on)))]
    return [one for one in found if one.may(action)]
