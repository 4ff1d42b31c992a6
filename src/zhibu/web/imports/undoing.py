"""Takes back an applied batch: everything it made goes, everything it changed returns; or, when later work rests on
it, nothing happens and the reader learns what that work is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from django.apps import apps
from django.db import models

from zhibu.web.assessment.models import Proposal, Score
from zhibu.web.audit.models import Line
from zhibu.web.coverage.models import Covering, Responsibility, Unit, UnitVerdict
from zhibu.web.duties.models import Tally, Verdict
from zhibu.web.imports.models import Batch, Created
from zhibu.web.members.models import Member
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record

WHY = "undo of an import"
CHUNK = 2000
COMPUTED = (Verdict, Tally, Score, Proposal, UnitVerdict)  # comes anew with the next run
# Looking at a member changes nothing that an undo would lose.
LOOKED = ("members.unmask", "members.find", "members.export", "members.export_numbers", "coverage.export")
MODELS = (Record, Member, Covering, Responsibility, Unit, Organisation)  # the order in which they go


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
            if created.before is not None:
                self.changed[model][created.thing_id] = created.before
        self.touched: set[int] = set()
        self.units: set[int] = set()

    def run(self) -> None:
        self._no_later_import()
        self._no_later_change()
        self._no_dependants()
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

    def _no_dependants(self) -> None:
        for model, keys in self.made.items():
            for relation in model._meta.related_objects:
                if relation.related_model not in COMPUTED and relation.related_model is not Batch:
                    self._none_of(relation.related_model, relation.field.name, keys)

    def _none_of(self, model: type[models.Model], field: str, keys: set[int]) -> None:
        ours = self.made.get(model, set())
        rows = _everything(model)
        for chunk in batched(sorted(keys), CHUNK):
            for pk in rows.filter(**{f"{field}__in": chunk}).values_list("pk", flat=True):
                if pk not in ours:
                    one = rows.get(pk=pk)
                    raise LaterWork(f"后来登记的{model._meta.verbose_name}“{one}”用到了这一批的内容，先处理它再撤销")

    def _all_keys(self) -> Iterator[tuple[type[models.Model], set[int]]]:
        return ((model, self.made[model] | self.changed[model].keys()) for model in MODELS)

    # --- taking back --------------------------------------------------------------------------------------------

    def _note_touched(self) -> None:
        for model in (Record, Member):
            keys = self.made[model] | self.changed[model].keys()
            for chunk in batched(sorted(keys), CHUNK):
                self.touched.update(_everything(model).filter(pk__in=chunk).values_list("organisation_id", flat=True))
        self.touched |= self.changed[Organisation].keys()
        self.touched -= self.made[Organisation]
        covered = Covering.objects.unscoped(WHY).filter(pk__in=self.made[Covering])
        self.units = (self.changed[Unit].keys() | set(covered.values_list("unit", flat=True))) - self.made[Unit]

    def _restore(self) -> None:
        for model, rows in self.changed.items():
            for pk, fields in rows.items():
                former = {name: model._meta.get_field(name).to_python(old) for name, (old, _) in fields.items()}
                _everything(model).filter(pk=pk).update(**former)

    def _remove(self) -> None:
        for model in MODELS[:-1]:
            for chunk in batched(sorted(self.made[model]), CHUNK):
                _everything(model).filter(pk__in=chunk).delete()
        if self.made[Organisation]:
            self._let_go(self.made[Organisation])
            try:
                tree.uproot_many(self.made[Organisation])
            except ValueError as error:
                raise LaterWork(f"后来建立的{error}，先处理它再撤销") from error

    def _let_go(self, organisations: Iterable[int]) -> None:
        """Batches remember where they were made; one made in a tree that goes away belongs to the system."""
        Batch.objects.unscoped(WHY).filter(organisation__in=list(organisations)).update(organisation=None)


def _everything(model: type[models.Model]) -> models.QuerySet:
    rows = model._base_manager.all() if not hasattr(model.objects.all(), "unscoped") else model.objects.unscoped(WHY)
    return rows.order_by()
