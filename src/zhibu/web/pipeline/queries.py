"""Why a verdict is what it is: the facts of that organisation alone, through the engine's own steps."""

from __future__ import annotations

from zhibu.engine.facts.load import from_tables
from zhibu.engine.trace import Explanation, NoVerdictError, inquire
from zhibu.engine.trace import explain as trace
from zhibu.web.core.scope import Scope
from zhibu.web.duties.models import Evaluation, Verdict
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline import facts
from zhibu.web.pipeline.evaluate import window
from zhibu.web.regulations.queries import books_in_force
from zhibu.web.regulations.words import flat_words


def explain(
    scope: Scope, organisation: Organisation, rulebook: str, rule: str, period: str
) -> tuple[Verdict, Explanation] | None:
    """The kept verdict and its explanation as of the same day; None when there is none within reach."""
    rows = Verdict.objects.within(scope).filter(organisation=organisation, rulebook=rulebook, rule=rule)
    verdict = rows.filter(period=period).first()
    if verdict is None:
        return None
    tables = from_tables(facts.tables({organisation.pk}, people=False))
    as_of = Evaluation.objects.values_list("as_of", flat=True).get(year=verdict.year)
    inquiry = inquire(books_in_force(), tables, window(verdict.year), as_of, words=flat_words())
    try:
        return verdict, trace(inquiry, f"{rulebook}/{rule}", organisation.code, period)
    except NoVerdictError:
        return None
