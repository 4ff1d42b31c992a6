"""What hangs on an organisation: a set-up is taken back only where nothing does. Every column of every app that points
to organisations is asked, so a new register needs no line here."""

from __future__ import annotations

from django.db import models

from zhibu.web.core import scoped
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Change, Organisation

WHY = "what hangs on an organisation that was reached"
COMPUTED = frozenset(  # comes anew with the next run
    ("assessment.proposal", "assessment.score", "duties.moved", "duties.tally", "duties.verdict", "reminders.reminder")
)
NAMED = 3  # subordinates of a sentence


def on(here: Organisation, born: Change) -> list[str]:
    """In words (`党员 8 条`), rows withheld from everybody too; empty: nothing but the step that set it up."""
    below = list(tree.children(here).unscoped(WHY).values_list("name", flat=True)[: NAMED + 1])
    found = [f"下级党组织 {'、'.join(below[:NAMED])}{' 等' if len(below) > NAMED else ''}"] if below else []
    counts: dict[str, int] = {}
    for relation in relations():
        title, count = _counted(relation, here, born)
        counts[title] = counts.get(title, 0) + count
    left = Change.objects.unscoped(WHY).filter(old__superior=here.code).select_related("organisation").first()
    told = [f"{left.organisation.name} {left.on} 以前隶属于它"] if left else []
    return [*found, *(f"{title} {count} 条" for title, count in counts.items() if count), *told]


def relations() -> list[models.ManyToOneRel]:
    """The columns that point to organisations, in every app; those of computed rows not."""
    found = Organisation._meta.get_fields(include_hidden=True)
    return [
        one for one in found
        if isinstance(one, models.ManyToOneRel) and one.related_model._meta.label_lower not in COMPUTED
    ]  # fmt: skip


def _counted(relation: models.ManyToOneRel, here: Organisation, born: Change) -> tuple[str, int]:
    model = relation.related_model
    rows = scoped.everything(model, WHY).filter(**{relation.field.name: here})
    rows = rows.exclude(pk=born.pk) if model is Change else rows
    owner = model._meta.auto_created or model  # a link of many to many is of the model that has the column
    return str(owner._meta.verbose_name), rows.count()
