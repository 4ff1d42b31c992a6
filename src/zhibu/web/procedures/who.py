"""Who may do a step: the organisation of the case, one above it, or an officer above it (decision 18, section 2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import batched

from zhibu.engine.procedures.model import Step
from zhibu.web.access.models import Post, Role
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Kind, Organisation
from zhibu.web.procedures.models import Case

RECEIVES = "members.receive"  # the effect of a step that notes the receipt of a member
OFFICERS = (Role.OFFICER, Role.COMMITTEE_OFFICER)


def receives(step: Step) -> bool:
    """Whether it is the receiving side's: a receipt is noted where the person goes."""
    return any(RECEIVES in (one.effect, step.effect) for one in step.outcomes)


def place(step: Step, case: Case) -> Organisation:
    """The organisation from which it is counted who acts: that of the case, for a receipt the receiving one."""
    return case.receiver if case.receiver is not None and receives(step) else case.organisation


def above(step: Step, organisation: Organisation) -> list[Organisation]:
    """Those who may do a step that is not the organisation's own, the nearest first.

    Empty for an own step, and where nobody of these kinds is above it in this installation: then the organisation
    itself writes down what its superior decided.
    """
    if step.by == "own":
        return []
    found = _chain(organisation)
    return [one for one in found if one.kind in step.of_kind] if step.of_kind else found


def _chain(organisation: Organisation) -> list[Organisation]:
    """All above, the nearest first; read once for an object, for a page asks of every step."""
    path, kept = organisation.path, getattr(organisation, "_above", None)
    if kept is None or kept[0] != path:
        kept = (path, list(reversed(tree.ancestors(organisation))))
        organisation._above = kept
    return kept[1]


def nearest(
    step: Step, organisation: Organisation, scope: Scope, offices: Collection[int] | None = None
) -> Organisation:
    """The organisation whose turn it is: for an officer's step the nearest that has one (`offices`: known already)."""
    found = above(step, organisation)
    if step.by == "department" and found:
        there = staffed(scope, found) if offices is None else offices
        found = [one for one in found if one.pk in there] or found
    return found[0] if found else organisation


def staffed(scope: Scope, among: Iterable[Organisation] | None = None) -> set[int]:
    """The organisations, of some or of all, that have an officer."""
    posts = Post.objects.unscoped("which office has an officer is no secret").filter(held(scope.on), role__in=OFFICERS)
    if among is not None:
        posts = posts.filter(organisation__in=among)
    return set(posts.values_list("organisation_id", flat=True))


def know_above(organisations: Iterable[Organisation]) -> None:
    """Tell many organisations at once who is above them, instead of one query for each."""
    some = list(organisations)
    paths = {path for one in some for path in tree.ancestor_paths(one.path)}
    rows = Organisation.objects.unscoped("who is above is no secret").order_by()
    known = {one.path: one for part in batched(sorted(paths), 500) for one in rows.filter(path__in=part)}
    for one in some:
        chain = [known[path] for path in reversed(tree.ancestor_paths(one.path)) if path in known]
        one._above = (one.path, chain)  # type: ignore[attr-defined]


def acts(scope: Scope, step: Step, organisation: Organisation) -> bool:
    """Whether this post does the step; the right of its role (`procedures.record`, `.decide`) is asked elsewhere."""
    if scope.role == "system":
        return True
    found = above(step, organisation)
    if not found:
        return scope.organisation_id == organisation.pk
    if step.by == "department" and scope.role not in OFFICERS:
        return False
    return scope.organisation_id in {one.pk for one in found}


def case_words(step: Step, case: Case) -> str:
    """The same for a case: who receives is named; an organisation outside is spoken for by the sending side."""
    at = place(step, case)
    if not receives(step):
        return words(step, at)
    if case.receiver is None:
        return f"接收方的{words(step)}（接收方不在本系统内的，由转出方的上级按回执代记）"
    return f"接收方{at.short_name or at.name}的{words(step, at)}"


def words(step: Step, organisation: Organisation | None = None) -> str:
    """本支部 / 上级党委 / 上级组织部门."""
    kinds = "或".join(str(Kind(one).label) for one in step.of_kind if one in Kind.values)
    if step.by == "own":
        return "本组织"
    said = (
        f"上级{kinds or '党组织'}" if step.by == "superior" else f"上级{kinds}的组织部门" if kinds else "上级组织部门"
    )
    if organisation is not None and not above(step, organisation):
        return f"{said}（不在本系统内，由本组织代记，写明批复文号）"
    return said
