"""Who may do a step: the organisation of the case, one above it, or an officer above it (decision 18, section 2)."""

from __future__ import annotations

from zhibu.engine.procedures.model import Step
from zhibu.web.access.models import Post, Role
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Kind, Organisation

OFFICERS = (Role.OFFICER, Role.COMMITTEE_OFFICER)


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


def nearest(step: Step, organisation: Organisation, scope: Scope) -> Organisation:
    """The organisation whose turn it is: for an officer's step the nearest that has one."""
    found = above(step, organisation)
    if step.by == "department" and found:
        posts = Post.objects.unscoped("which office has an officer is no secret").filter(held(scope.on))
        staffed = set(posts.filter(role__in=OFFICERS, organisation__in=found).values_list("organisation_id", flat=True))
        found = [one for one in found if one.pk in staffed] or found
    return found[0] if found else organisation


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
