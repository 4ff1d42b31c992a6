"""Takes back an applied batch: everything it made goes, everything it changed returns.

A row that later work refers to stays, with what it needs, and the reader learns why; when a later import or a change by
hand rests on the batch, nothing happens, and the reader learns what that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from django.apps import apps
from django.db import models

from zhibu.web.assessment.models import Proposal, Score
from zhibu.web.audit.models import Line
from zhibu.web.core import scoped
from zhibu.web.coverage.models import Covering, Responsibility, Unit, UnitVerdict
from zhibu.web.duties.models import Tally, Verdict
from zhibu.web.imports import registers
from zhibu.web.imports.models import Batch, Created
from zhibu.web.members.models import Member, MemberChange
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures.models import Case, Custody, StepRecord
from zhibu.web.records.models import Record

WHY = "undo of an import"
CHUNK = 2000
COMPUTED = (Verdict, Tally, Score, Proposal, UnitVerdict)  # comes anew with the next run
# Looking at a member changes nothing that an undo would lose.
LOOKED = ("members.unmask", "members.find", "members.export", "members.export_numbers", "coverage.export")
REGISTERS = tuple(model for one in reversed(registers.OF.values()) for model in one.MODELS)
# the order in which they go
MODELS = (*REGISTERS, Record, MemberChange, Member, Covering, Responsibility, Unit, Organisation)
# What is nothing without the row it belongs to: it stays when that stays.
PARTS: dict[type[models.Model], tuple[tuple[type[models.Model], str], ...]] = {
    Unit: ((Covering, "unit"), (Responsibility, "unit")),
    Case: ((StepRecord, "case"), (Custody, "case")),
    Member: ((MemberChange, "member"),),
}


class LaterWork(ValueError):
    """`str()` names what rests on the batch."""


class Undoing:
    def __init__(self, batch: Batch):
        self.batch = batch
        self.made: dict[type[models.Model], set[int]] = {model: set() for model in MODELS}
        self.changed: dict[type[models.Model], dict[int, dict[str, Any]]] = {model: {} for model in MODELS}
        for created in batch.created.order_by("pk").iterator(chunk_size=CHUNK):
            model = apps.get_model(created.thing)
            self.made[model].update(created.made)
            for field, (old, new) in (created.before or {}).items():
                fields = self.changed[model].setdefault(created.thing_id or 0, {})
                fields[field] = [fields.get(field, [old])[0], new]  # changed twice: the first was before
        self.kept: dict[tuple[type[models.Model], int], str] = {}  # a row that stays → why
        self.touched: set[int] = set()
        self.units: set[int] = set()

    def run(self) -> None:
        self._no_later_import()
        self._no_later_change()
        self._stay()
        self._note_touched()
        self._restore()
        self._remove()

    # --- what rests on it ---------------------------------------------------------------------------------------

    def _no_later_import(self) -> None:
        later = Batch.objects.unscoped(WHY).filter(state=Batch.State.APPLIED, applied_at__gt=self.batch.applied_at)
        for batch in later.order_by("applied_at"):
            for model, keys in self._all_keys():
                ours = Created.objects.filter(batch=batch, thing=model._meta.label_lower, before__isnull=False)
                if keys & set(ours.values_list("thing_id", flat=True)):
                    raise LaterWork(f"{batch.applied_at:%m-%d %H:%M} 的导入改过这一批的内容，先撤销那一次")

    def _no_later_change(self) -> None:
        labels = {model._meta.label_lower: keys for model, keys in self._all_keys()}
        lines = Line.objects.unscoped(WHY).filter(at__gt=self.batch.applied_at, thing__in=labels)
        for thing, thing_id, sentence in lines.exclude(action__in=LOOKED).values_list("thing", "thing_id", "sentence"):
            if thing_id.isdigit() and int(thing_id) in labels[thing]:
                raise LaterWork(f"导入以后又有人做了“{sentence}”，不能整批撤销；请逐条改正")

    def _stay(self) -> None:
        """Rows that others refer to stay; so does what those need. What a run computes anew is no reason."""
        self._withheld()
        grew = True
        while grew:
            before = len(self.kept)
            for model in MODELS:
                if self.going(model):
                    for relation in _relations(model):
                        self._referred(model, relation.related_model, relation.field)
            self._parts()
            self._tree()
            grew = len(self.kept) > before
        if self.kept and not any(self.going(model) for model in MODELS) and not any(self.changed.values()):
            raise LaterWork(f"{next(iter(self.kept.values()))}，先处理它再撤销")

    def _withheld(self) -> None:
        """Members whose data may not be processed are left alone."""
        shown = Member.objects.unscoped(WHY).order_by()
        for chunk in batched(sorted(self.made[Member]), CHUNK):
            there = set(shown.filter(pk__in=chunk).values_list("pk", flat=True))
            gone = set(scoped.everything(Member, WHY).filter(pk__in=chunk).values_list("pk", flat=True)) - there
            self.kept.update(((Member, pk), "资料已限制处理") for pk in gone)

    def going(self, model: type[models.Model]) -> set[int]:
        """The rows of the batch that are taken back."""
        return {pk for pk in self.made[model] if (model, pk) not in self.kept} if self.kept else self.made[model]

    def _referred(self, model: type[models.Model], related: type[models.Model], field: models.Field) -> None:
        ours, rows = self.going(related) if related in self.made else set(), scoped.everything(related, WHY)
        for chunk in batched(sorted(self.going(model)), CHUNK):
            for pk, ref in rows.filter(**{f"{field.name}__in": chunk}).values_list("pk", field.attname):
                if pk not in ours and (model, ref) not in self.kept:
                    stays = (related, pk) in self.kept
                    told = f"{_named(related, pk)}也留下，用到了它" if stays else ""
                    self.kept[model, ref] = told or f"后来登记的{_named(related, pk)}用到了这一批的内容"

    def _parts(self) -> None:
        for whole, parts in PARTS.items():
            stay = [pk for model, pk in self.kept if model is whole]
            for part, field in parts:
                for chunk in batched(stay, CHUNK):
                    mine = scoped.everything(part, WHY).filter(**{f"{field}__in": chunk}).values_list("pk", flat=True)
                    for pk in set(mine) & self.made[part]:
                        self.kept.setdefault((part, pk), f"它属于留下的{_title(whole)}")

    def _tree(self) -> None:
        """An organisation stays while another one below it does."""
        if not self.made[Organisation]:
            return
        rows = Organisation.objects.unscoped(WHY).order_by()
        found, going = list(rows.values_list("path", "pk", "name")), self.going(Organisation)
        paths = {path: pk for path, pk, _ in found}
        for path, pk, name in found:
            if pk not in going:
                for above in {paths.get(one, 0) for one in tree.ancestor_paths(path)} & going:
                    self.kept[Organisation, above] = (
                        f"它下面的党组织“{name}”{'也留下' if pk in self.made[Organisation] else '不是这一批的'}"
                    )

    def told(self, most: int = 50) -> list[str]:
        """Which rows stayed, and why, in sentences; parts go without saying."""
        parts = {part for several in PARTS.values() for part, _ in several}
        found = [(model, pk, why) for (model, pk), why in self.kept.items() if model not in parts]
        lines = [f"{_named(model, pk)}留下：{why}" for model, pk, why in found[:most]]
        return lines + ([f"还有 {len(found) - most} 条"] if len(found) > most else [])

    def _all_keys(self) -> Iterator[tuple[type[models.Model], set[int]]]:
        return ((model, self.made[model] | self.changed[model].keys()) for model in MODELS)

    # --- taking back --------------------------------------------------------------------------------------------

    def _note_touched(self) -> None:
        for model in (Record, Member):
            keys = self.made[model] | self.changed[model].keys()
            for chunk in batched(sorted(keys), CHUNK):
                self.touched.update(
                    scoped.everything(model, WHY).filter(pk__in=chunk).values_list("organisation_id", flat=True)
                )
        self.touched |= self.changed[Organisation].keys()
        self.touched -= self.going(Organisation)
        covered = Covering.objects.unscoped(WHY).filter(pk__in=self.made[Covering])
        self.units = (self.changed[Unit].keys() | set(covered.values_list("unit", flat=True))) - self.going(Unit)

    def _restore(self) -> None:
        for model, rows in self.changed.items():
            for pk, fields in rows.items():
                former = {name: model._meta.get_field(name).to_python(old) for name, (old, _) in fields.items()}
                scoped.everything(model, WHY).filter(pk=pk).update(**former)

    def _remove(self) -> None:
        for model in MODELS[:-1]:
            for chunk in batched(sorted(self.going(model)), CHUNK):
                scoped.everything(model, WHY).filter(pk__in=chunk).delete()
        if going := self.going(Organisation):
            self._let_go(going)
            tree.uproot_many(going)

    def _let_go(self, organisations: Iterable[int]) -> None:
        """Batches remember where they were made; one made in a tree that goes away belongs to the system."""
        Batch.objects.unscoped(WHY).filter(organisation__in=list(organisations)).update(organisation=None)


def _named(model: type[models.Model], pk: int) -> str:
    """What a sentence calls a row; one that is withheld has no name."""
    rows = model.objects.all()
    one = (rows.unscoped(WHY) if hasattr(rows, "unscoped") else rows).filter(pk=pk).first()
    return f"{_title(model)}“{one}”" if one else f"一条{_title(model)}"


def _relations(model: type[models.Model]) -> list[models.ForeignObjectRel]:
    """Who may refer to it: what the model names, and what can't lose it. Computed rows and batches don't count."""
    found = [one for one in model._meta.get_fields(include_hidden=True) if one.auto_created and not one.concrete]
    return [
        one
        for one in found
        if isinstance(one, models.ManyToOneRel) and one.related_model not in (*COMPUTED, Batch)
        and (not one.hidden or one.on_delete in (models.PROTECT, models.RESTRICT))
    ]  # fmt: skip


def _title(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name)
