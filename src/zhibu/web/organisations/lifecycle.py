"""An organisation is set up, renamed, converted, moved, merged, abolished (M001): by a document, from a day on.

Each is one transaction with its audit line and one `Change`, and may be called as the effect of a procedure. All take
`by`, `on` (not later than today, not before the organisation's last step) and `document` (name and number of the
approval), and raise Unfit or NotAllowed with a sentence for the reader.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.web.audit.actions import NotAllowed, Unfit, action, write
from zhibu.web.core import announce, turns
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import overlapping
from zhibu.web.organisations import fitting, hanging, history, taking, tree
from zhibu.web.organisations.models import BRANCH_KINDS, Change, Kind, Organisation, Supervision
from zhibu.web.organisations.pinyin import initials

Steps = Change.Kind
WHY = "steps of an organisation that was reached"
ACTIONS: dict[str, str] = {
    Steps.SET_UP: "organisations.set_up", Steps.RENAMED: "organisations.rename",
    Steps.CONVERTED: "organisations.convert", Steps.MOVED: "organisations.move", Steps.MERGED: "organisations.merge",
    Steps.ABOLISHED: "organisations.abolish",
}  # fmt: skip


@action("organisations.set_up")
def set_up(
    *, by: Scope, superior: Organisation, name: str, kind: str, on: date, document: str, sector: str = "",
    short_name: str = "",
) -> Organisation:  # fmt: skip
    """设立: a new organisation below a superior; its code is given here. Returns it."""
    turns.alone()
    above = fitting.alive(by, superior, "superior")
    fitting.paper(by, on, document)
    return begin(by, above, name, kind, on, document, sector=sector, short_name=short_name)


def begin(
    by: Scope, above: Organisation, name: str, kind: str, on: date, document: str, *, sector: str = "",
    short_name: str = "",
) -> Organisation:  # fmt: skip
    """The same inside another action that forms an organisation (a branch its groups, which need no approval)."""
    fitting.below(above, kind, "kind")
    if above.founded_on and on < above.founded_on:
        raise Unfit("on", f"{above.name} {above.founded_on} 才建立，下级不能更早")
    here = tree.plant(
        parent=above, code=tree.free_code(), name=fitting.named(above, name), short_name=short_name.strip(),
        kind=Kind(kind), sector=sector, founded_on=on,
    )  # fmt: skip
    new = {"name": here.name, "kind": here.kind, "superior": above.code}
    _kept(by, here, Steps.SET_UP, on, document, {}, new, f"设立{here.get_kind_display()} {here.name}")
    return here


@action("organisations.rename")
def rename(
    *, by: Scope, organisation: Organisation, name: str, on: date, document: str, short_name: str = ""
) -> Organisation:
    """更名. An empty short name stays empty."""
    here = fitting.own(by, organisation)
    fitting.step(by, here, on, document)
    new = {"name": fitting.named(tree.superior(here), name, here.pk), "short_name": short_name.strip()}
    if new == (old := {"name": here.name, "short_name": here.short_name}):
        raise Unfit("name", "名称没有变，写新的名称")
    _set(here, new)
    _kept(by, here, Steps.RENAMED, on, document, old, new, f"更名：{old['name']} 改为 {here.name}")
    return here


@action("organisations.convert")
def convert(
    *, by: Scope, organisation: Organisation, kind: str, on: date, document: str, sector: str | None = None
) -> Organisation:
    """改设: a branch becomes a general branch, a general branch a committee … or it belongs to another sector
    (None: the same). What hangs below must fit."""
    here = fitting.own(by, organisation)
    fitting.step(by, here, on, document)
    old = {"kind": here.kind, "sector": here.sector}
    new = {"kind": Kind(kind).value, "sector": here.sector if sector is None else sector}
    if new == old:
        raise Unfit("kind", f"它现在就是{here.get_kind_display()}，选改设后的类别或领域")
    if above := tree.superior(here):
        fitting.below(above, kind, "kind")
    _set(here, new)
    for one in _living(here):
        fitting.below(here, one.kind, "kind")
    sentence = f"改设：{here.name} 由{Kind(old['kind']).label}改为{here.get_kind_display()}"
    _kept(by, here, Steps.CONVERTED, on, document, old, new, sentence)
    return here


@action("organisations.move")
def move(*, by: Scope, organisation: Organisation, to: Organisation, on: date, document: str) -> Organisation:
    """调整隶属: hang an organisation, with all below it, under another superior."""
    here = fitting.own(by, organisation)
    there = fitting.alive(by, to, "to")
    fitting.step(by, here, on, document)
    _move(by, here, there, on, document)
    return here


@action("organisations.merge")
def merge(*, by: Scope, organisation: Organisation, into: Organisation, on: date, document: str) -> Organisation:
    """合并: an organisation ends and another takes over its members, subordinates and what is still open. The day is
    the last of the one and the first at the other for those who go over. Returns the receiving one."""
    here = fitting.own(by, organisation)
    there = fitting.alive(by, into, "into")
    fitting.step(by, here, on, document)
    if there.path.startswith(here.path):
        raise Unfit("into", f"{there.name} 在 {here.name} 之下，或就是它自己，不能接收它")
    if (here.kind in BRANCH_KINDS) != (there.kind in BRANCH_KINDS):
        raise Unfit(
            "into",
            f"{here.get_kind_display()}不能并入{there.get_kind_display()}；党员只能在党支部，下级只能在党委、党总支",
        )
    _nobody_left_later(here, on)
    before, moved = taking.look(here), []
    for one in _living(here):
        fitting.step(by, one, on, document)
        moved.append(_move(by, one, there, on, document).pk)
    counts = announce.merged(here.pk, there.pk, on) | _end(here, on, document)
    new, sentence = {"superior": there.code} | counts, f"合并：{here.name} 并入 {there.name}"
    change = _kept(by, here, Steps.MERGED, on, document, {}, new, sentence, into=there)
    change.taken = taking.taken(here, before) | {"moved": moved}
    change.save(update_fields=["taken"])
    announce.facts_changed({there.pk})
    return there


@action("organisations.abolish")
def abolish(*, by: Scope, organisation: Organisation, on: date, document: str) -> Organisation:
    """撤销. Refused, naming them, while members, subordinates or posts remain."""
    here = fitting.own(by, organisation)
    fitting.step(by, here, on, document)
    below = [one.name for one in _living(here)[:5]]
    left = [*([f"下级党组织 {'、'.join(below)}{' 等' if len(below) == 5 else ''}"] if below else [])]
    if left := [*left, *announce.remains(here.pk, on)]:
        raise Unfit("on", f"还不能撤销，这里还有：{'；'.join(left)}。先转出、免职，或改用合并")
    _nobody_left_later(here, on)
    ended: dict[str, Any] = {**_end(here, on, document)}
    _kept(by, here, Steps.ABOLISHED, on, document, {}, ended, f"撤销 {here.name}")
    return here


@action("organisations.undo")
def undo(*, by: Scope, change: Change, reason: str) -> Organisation:
    """撤回: the last step of an organisation was written down wrongly; what was before stands again. Returns it; of a
    set-up that is taken back, its superior."""
    here = fitting.own(by, change.organisation)
    last = fitting.last_step(here)
    if last is None or last.pk != change.pk:
        raise Unfit("reason", "只能撤回最近的一次变更")
    if last.kind == Steps.ELECTED:
        raise Unfit("reason", "换届不能在这里撤回：新班子已登记任职。登记错了的，在“职务与班子”里改任职和离任")
    if not reason.strip():
        raise Unfit("reason", "写明撤回的理由，如：日期录错")
    if last.kind == Steps.SET_UP:
        return _unmade(by, here, last, reason)
    word, day = last.get_kind_display(), last.on
    new = _restore(by, here, last) | {"reason": reason.strip()}
    sentence = f"撤回{word}：{here.name}（{day}）"
    _wrote(by, here, sentence, {"document": last.document}, new, day, action="organisations.undo")
    last.delete()
    announce.facts_changed({here.pk, *([last.into_id] if last.into_id else [])})
    return here


def _unmade(by: Scope, here: Organisation, born: Change, reason: str) -> Organisation:
    """设立 taken back: the organisation is gone as if it had never been. Refused while anything hangs on it."""
    above = tree.superior(here)
    if above is None:
        raise Unfit("reason", f"{here.name} 没有上级，不能撤回它的设立")
    if left := hanging.on(here, born):
        raise Unfit("reason", f"设立还不能撤回，这里已有：{'；'.join(left)}。先处理这些，或者改用“撤销”")
    old = {"code": here.code, "name": here.name, "kind": here.kind, "superior": above.code, "document": born.document}
    sentence = f"撤回{born.get_kind_display()}：{here.name}（{born.on}）"
    _wrote(by, here, sentence, old, {"reason": reason.strip()}, born.on, action="organisations.undo")
    tree.uproot(here)
    announce.facts_changed({above.pk})
    return above


def _restore(by: Scope, here: Organisation, last: Change) -> dict[str, Any]:
    """Write down again what was before the step; gives what it was."""
    if last.kind in (Steps.ABOLISHED, Steps.MERGED):
        above = tree.superior(here)
        if above and above.dissolved_on:
            raise Unfit("reason", f"上级 {above.name} 也已撤销，先撤回它的撤销")
        if last.kind == Steps.MERGED:
            return _unmerged(by, here, last)
        _set(here, {"dissolved_on": None})
        announce.revived(here.pk, last.on, last.document)
        return {"dissolved_on": None}
    before = {name: history.read(name, value) for name, value in last.old.items() if name in history.WRITTEN}
    if "superior" in before:
        rows = Organisation.objects.within(by).filter(code=before["superior"])
        if (there := rows.first()) is None:
            raise NotAllowed("原来的上级党组织不在本级管理范围内，由能管到它的上级党委撤回")
        there = fitting.alive(by, there, "reason")
        fitting.under(here, there, last.on)
        announce.tree_moved(here.pk, *tree.move(here, there))
    if "kind" in before:
        here.kind = before["kind"]
        for one in _living(here):
            fitting.below(here, one.kind, "reason")
    _set(here, {name: value for name, value in before.items() if name != "superior"})
    return before


def _unmerged(by: Scope, here: Organisation, last: Change) -> dict[str, Any]:
    """What went over comes back, those below too; refused whole where anything has altered since."""
    taking.give_back(last.taken)
    _set(here, {"dissolved_on": None})
    for pk in reversed(last.taken["moved"]):
        change = Change.objects.unscoped(WHY).filter(pk=pk).select_related("organisation").first()
        below = change and fitting.last_step(change.organisation)
        if change is None or below is None or below.pk != pk:
            name = below.organisation.name if below else "有下级"
            raise Unfit("reason", f"合并不能撤回：{name} 随合并转去以后又有变更，先撤回那一次")
        _restore(by, change.organisation, change)
        change.delete()
    announce.tree_moved(here.pk, here.path, here.path)
    return {"dissolved_on": None}


def _move(by: Scope, here: Organisation, there: Organisation, on: date, document: str) -> Change:
    before = tree.superior(here)
    if before is not None and before.pk == there.pk:
        raise Unfit("to", f"{here.name} 现在就由 {there.name} 管理，选另一个上级")
    fitting.below(there, here.kind, "to")
    fitting.under(here, there, on)
    announce.tree_moved(here.pk, *tree.move(here, there))
    old = {"superior": before.code if before else None}
    sentence = f"调整隶属关系 {here.name}：改由{there.name}管理"
    return _kept(by, here, Steps.MOVED, on, document, old, {"superior": there.code}, sentence)


def _living(here: Organisation) -> list[Organisation]:
    """Its direct subordinates that have not been abolished, also those out of the asker's reach."""
    return list(tree.children(here).unscoped("the tree keeps itself").filter(dissolved_on=None))


def _nobody_left_later(here: Organisation, on: date) -> None:
    """On every day of the past each had a superior that was there: also those who have gone, or ended, since."""
    if left := history.left_after(here, on):
        raise Unfit("on", f"{left.organisation.name} {left.on} 才转出，{here.name} 不能在那以前撤销")
    ended = tree.children(here).unscoped("the tree keeps itself").filter(dissolved_on__gt=on)
    if last := ended.order_by("dissolved_on", "pk").last():
        raise Unfit("on", f"{last.name} {last.dissolved_on} 才撤销，{here.name} 不能在那以前撤销")


def _end(here: Organisation, on: date, document: str) -> dict[str, int]:
    """Its last day; relations to superiors and to those it supervises end with it, and what other apps have there.
    Gives how many of what, for the log."""
    _set(here, {"dissolved_on": on})
    rows = Supervision.objects.unscoped("relations end with the organisation").filter(overlapping(on, None))
    for own in (rows.filter(organisation=here), rows.filter(superior=here)):
        own.filter(starts_on__gt=on).delete()
        own.update(ends_on=on)
    return announce.ended(here.pk, on, document)


def _set(here: Organisation, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(here, name, value)
    names = list(values)
    if "name" in values:
        here.initials = initials(here.name, here.short_name)
        names.append("initials")
    here.save(update_fields=names)


def _kept(
    by: Scope, here: Organisation, kind: str, on: date, document: str, old: dict[str, Any], new: dict[str, Any],
    sentence: str, into: Organisation | None = None,
) -> Change:  # fmt: skip
    """The step, its audit line, and what follows for duties."""
    change = Change.objects.create(organisation=here, kind=kind, on=on, document=document.strip(), old=old, into=into)
    _wrote(by, here, sentence, old, new | {"document": document.strip()}, on, action=ACTIONS[kind])
    announce.facts_changed({here.pk})
    return change


def _wrote(
    by: Scope, here: Organisation, sentence: str, old: dict[str, Any], new: dict[str, Any], on: date, *, action: str
) -> None:
    write(by=by, action=action, sentence=sentence, thing=here, organisation=here, old=old, new=new, happened_on=on)
