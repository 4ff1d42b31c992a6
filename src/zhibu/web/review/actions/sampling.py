"""A sample is drawn by lot, looked through, and said in words for each branch."""

from __future__ import annotations

import random
import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.review.models import Sample, Sampling, SamplingResult
from zhibu.web.review.models.sampling import ITEMS

MOST = 2000  # records of one draw


@action("review.sample")
def draw(
    *, by: Scope, name: str, starts_on: date, ends_on: date, each: int, items: Sequence[str], seed: str = ""
) -> Sampling:
    """Some records of each branch that held something in the period. Raises Unfit."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if ends_on < starts_on:
        raise Unfit("ends_on", "结束日期不能早于开始日期")
    if not 1 <= len(items) <= ITEMS:
        raise Unfit("items", f"写 1 到 {ITEMS} 项，一行一项，现在是 {len(items)} 项")
    seed = seed or secrets.token_hex(4)
    found = _lots(by.doing("review.mark"), starts_on, ends_on, each, seed)
    if not found:
        raise Unfit("starts_on", f"{starts_on} 到 {ends_on}，下级没有活动记录")
    if len(found) > MOST:
        raise Unfit("each", f"会抽到 {len(found)} 条，一次最多 {MOST} 条；缩短时间或减少每个支部的条数")
    made = Sampling.objects.create(
        organisation=own, name=name, starts_on=starts_on, ends_on=ends_on, each=each, seed=seed, items=list(items),
        drawn_on=by.on,
    )  # fmt: skip
    Sample.objects.bulk_create(Sample(sampling=made, record_id=pk) for pk in found)
    new = {"seed": seed, "each": each, "records": len(found)}
    write(by=by, action="review.sample", sentence=f"抽查 {len(found)} 条活动记录：{name}", thing=made, organisation=own,
          new=new, happened_on=by.on)  # fmt: skip
    return made


def _lots(scope: Scope, starts_on: date, ends_on: date, each: int, seed: str) -> list[int]:
    """Keys of the drawn records. The order of the numbers decides, so the same seed draws the same ones."""
    rows = Record.objects.within(scope).filter(held_on__range=(starts_on, ends_on), withdrawn_at=None)
    bowl: dict[int, list[int]] = defaultdict(list)
    for pk, place in rows.order_by("organisation__path", "number").values_list("pk", "organisation"):
        bowl[place].append(pk)
    dice = random.Random(seed)  # noqa: S311  a lot that can be drawn again, no secret
    return [pk for keys in bowl.values() for pk in sorted(dice.sample(keys, min(each, len(keys))))]


@action("review.sample")
def look(*, by: Scope, sample: Sample, answers: Sequence[int], note: str) -> Sample:
    """What was seen in one record, item by item. May be said anew. Raises Unfit: an item without an answer."""
    here = reached(_own(by), sample.pk)
    if len(answers) != len(here.sampling.items) or not set(answers) <= {0, 1}:
        raise Unfit("note", "每一项选做到或没做到")
    old = {"answers": here.answers, "note": here.note}
    here.answers, here.note, here.looked_on = list(answers), note.strip()[:300], by.on
    here.save(update_fields=["answers", "note", "looked_on"])
    write(by=by, action="review.sample", sentence=f"抽查看过 {here.record.number}", thing=here,
          organisation=here.record.organisation, old=old, new={"answers": here.answers, "note": here.note},
          happened_on=by.on)  # fmt: skip
    return here


@action("review.sample")
def conclude(*, by: Scope, sampling: Sampling, organisation: Organisation, words: str) -> SamplingResult:
    """The result for one branch, in words. May be said anew. Raises Unfit."""
    kept = reached(Sampling.objects.within(by).filter(organisation=by.organisation_id), sampling.pk)
    rows = Sample.objects.unscoped("of the own sampling").filter(sampling=kept)
    if not rows.filter(record__organisation=organisation).exists():
        raise Unfit("words", "这个支部没有抽到")
    if not (words := " ".join(words.split())[:300]):
        raise Unfit("words", "写一句结果")
    found = SamplingResult.objects.unscoped("of the own sampling")
    said, _ = found.update_or_create(
        sampling=kept, organisation=organisation, defaults={"words": words, "said_on": by.on}
    )
    write(by=by, action="review.sample", sentence=f"抽查结果：{words}"[:300], thing=said, organisation=organisation,
          new={"sampling": kept.pk}, happened_on=by.on)  # fmt: skip
    return said


def _own(by: Scope):
    """Samples of the own committee's draws; the draw is its own, wherever the records are now."""
    rows = Sample.objects.unscoped("of the own sampling").filter(sampling__organisation=by.organisation_id)
    return rows.select_related("sampling", "record__organisation")
