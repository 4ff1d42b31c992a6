"""The committee says which records of those below it reviews, its usual sentences, and what it takes for repeated."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import words
from zhibu.web.review.models import SENTENCES, ReviewSetting

KEPT = ("types", "share", "sentences", "marks", "mark_days")


@action("review.set")
def keep(
    *,
    by: Scope,
    types: Sequence[str],
    share: int,
    sentences: Sequence[str],
    marks: int | None = None,
    mark_days: int | None = None,
    new_seed: bool = False,
) -> ReviewSetting:
    """Of the own committee, for what is submitted from now on; what waits already goes on waiting. Raises Unfit."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if not all(words.known(kind) for kind in types):
        raise Unfit("types", "活动类型不对，重新选")
    if not 0 <= share <= 100:
        raise Unfit("share", "抽查比例是 0 到 100")
    if len(sentences) > SENTENCES:
        raise Unfit("sentences", f"最多 {SENTENCES} 句，现在是 {len(sentences)} 句")
    if (marks is None) != (mark_days is None):
        raise Unfit("marks", "几次、多少天以内，两个都填或者都不填")
    rows = ReviewSetting.objects.unscoped("of the own committee")
    kept, fresh = rows.get_or_create(organisation=own, defaults={"seed": secrets.token_hex(4)})
    old = None if fresh else {name: getattr(kept, name) for name in KEPT}
    if new_seed:
        kept.seed = secrets.token_hex(4)
    kept.types, kept.share, kept.sentences = list(types), share, list(sentences)
    kept.marks, kept.mark_days = marks, mark_days
    kept.save()
    new = {name: getattr(kept, name) for name in (*KEPT, "seed")}
    write(by=by, action="review.set", sentence="规定活动记录的审核办法", thing=kept, organisation=own, old=old, new=new,
          happened_on=by.on)  # fmt: skip
    return kept
