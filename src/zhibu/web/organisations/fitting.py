"""What a step in an organisation's life must respect. Every refusal says what would be right."""

from __future__ import annotations

from datetime import date

from zhibu.web.audit.actions import NotAllowed, Unfit, reached
from zhibu.web.core import turns
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import history, tree
from zhibu.web.organisations.models import BRANCH_KINDS, Change, Kind, Organisation

EARLIEST = date(1921, 7, 1)
UNDER_BRANCH = (Kind.GROUP,)


def own(by: Scope, organisation: Organisation) -> Organisation:
    """The organisation as it is now, below the asker's own, or a root. Raises NotAllowed."""
    turns.alone()
    here = reached(Organisation.objects.within(by), organisation.pk)
    if here.path in by.prefixes and here.depth > 1:
        raise NotAllowed("自己所在的党组织由上级党委调整")
    return here


def alive(by: Scope, organisation: Organisation, field: str) -> Organisation:
    """Another organisation within reach that has not been abolished. Raises NotAllowed, Unfit."""
    there = reached(Organisation.objects.within(by), organisation.pk)
    if there.dissolved_on:
        raise Unfit(field, f"{there.name} 已于 {there.dissolved_on} 撤销，换一个现有的党组织")
    return there


def step(by: Scope, here: Organisation, on: date, document: str) -> None:
    """A living organisation, a day that has come and follows its last step, a document. Raises Unfit."""
    if here.dissolved_on:
        raise Unfit("on", f"{here.name} 已于 {here.dissolved_on} 撤销，不能再变更；撤错了先撤回那一次撤销")
    paper(by, on, document)
    if here.founded_on and on < here.founded_on:
        raise Unfit("on", f"{here.name} {here.founded_on} 才建立，变更不能早于那一天")
    if (last := last_step(here)) and on < last.on:
        raise Unfit("on", f"{last.on} 已有一次{last.get_kind_display()}，新的变更不能早于那一天；那一次记错了就先撤回")


def elected(by: Scope, here: Organisation, on: date, document: str) -> None:
    """The same for a 换届, which alone alters secretary, committee and term: it follows the last 换届. Another step (a
    new name) may have come between the meeting and the approval of its result."""
    if here.dissolved_on:
        raise Unfit("on", f"{here.name} 已于 {here.dissolved_on} 撤销，不能再换届")
    paper(by, on, document)
    if here.founded_on and on < here.founded_on:
        raise Unfit("on", f"{here.name} {here.founded_on} 才建立，换届不能早于那一天")
    rows = Change.objects.unscoped("of an organisation that was reached").filter(organisation=here)
    last = rows.filter(kind=Change.Kind.ELECTED).order_by("on", "pk").last()
    if last and on < last.on:
        raise Unfit("on", f"{last.on} 已有一次换届，新的换届不能早于那一天")


def paper(by: Scope, on: date, document: str) -> None:
    if not document.strip():
        raise Unfit("document", "写明批准文件的名称和文号")
    if on > by.on:
        raise Unfit("on", f"{on} 还没到。到那一天再办，党组织树总是今天的")
    if on < EARLIEST:
        raise Unfit("on", f"日期不能早于 {EARLIEST}，看看年份有没有写错")


def last_step(here: Organisation) -> Change | None:
    rows = Change.objects.unscoped("of an organisation that was reached").filter(organisation=here)
    return rows.order_by("on", "pk").last()


def below(superior: Organisation, kind: str, field: str) -> None:
    """Whether an organisation of a kind may stand under a superior: under a branch only its groups."""
    if superior.kind == Kind.GROUP or (superior.kind in BRANCH_KINDS and kind not in UNDER_BRANCH):
        word = Kind(kind).label
        raise Unfit(field, f"{superior.name} 是{superior.get_kind_display()}，下面不能设{word}。选它的上级党组织")
    if kind == Kind.GROUP and superior.kind not in BRANCH_KINDS:
        raise Unfit(field, f"党小组设在党支部下面，{superior.name} 是{superior.get_kind_display()}")


def named(superior: Organisation | None, name: str, but: int | None = None) -> str:
    """The name without blanks around it; no living sister has it. Raises Unfit."""
    name = " ".join(name.split())
    if not name:
        raise Unfit("name", "写明党组织全称，如：大营镇槐树村党支部")
    if superior is not None:
        sisters = tree.children(superior).unscoped("names under one superior").filter(dissolved_on=None).exclude(pk=but)
        if sisters.filter(name=name).exists():
            raise Unfit("name", f"{superior.name} 下面已有“{name}”，换一个能分清的名称")
    return name


def under(here: Organisation, there: Organisation, on: date) -> None:
    """Whether `here` may hang below `there` from a day on. Raises Unfit."""
    if there.path.startswith(here.path):
        raise Unfit("to", f"{there.name} 在 {here.name} 之下，或就是它自己，不能当它的上级")
    if there.founded_on and on < there.founded_on:
        raise Unfit("on", f"{there.name} {there.founded_on} 才建立，那一天以前不能管理别的党组织")
    if day := history.first_inside(here, there, on):
        raise Unfit("on", f"{day} 这天 {there.name} 还在 {here.name} 之下，生效日期要晚于它转出的那一天")
