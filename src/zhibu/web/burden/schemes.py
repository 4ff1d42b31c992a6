"""减负体检 of a drafted scheme: minutes a month of an organisation that all its rules bind (B9)."""

from __future__ import annotations

from fractions import Fraction

from zhibu.web.assessment.models import Trial
from zhibu.web.burden.estimates import minutes, rule_key, spoken
from zhibu.web.burden.issuers import duties, uppermost
from zhibu.web.core import clock
from zhibu.web.duties.models import Tally
from zhibu.web.regulations.library import rules_counted

WHY = "of the organisation whose trial it is"


def told(trial: Trial) -> list[str]:
    """Listener of `core.announce`: the sentence on the page of a trial; nothing where no text can be read."""
    tallies = Tally.objects.unscoped(WHY).filter(organisation=trial.organisation_id, year=trial.year)
    counted = duties(tallies)
    before, after = _of(trial.against.text, counted), _of(trial.scheme_text, counted)
    if before is None or after is None:
        return []
    return [f"每个支部每月约 {spoken(after[0])}（所比的那一版 {spoken(before[0])}）{_rest(after[1])}"]


def by_scheme(text: str) -> tuple[int, str]:
    """Minutes a month of a branch that all rules counted by the scheme bind, as last evaluated; and in words."""
    found = _of(text, duties(uppermost(clock.today().year))) or (0, 0)
    return found[0], f"每个支部每月约 {spoken(found[0])}{_rest(found[1])}"


def _rest(unknown: int) -> str:
    return f"；{unknown} 条计入的规则还没有估时" if unknown else ""


def _of(text: str, duties: dict[tuple[str, str], tuple[int, int]]) -> tuple[int, int] | None:
    """(minutes a month, how many rules nobody has estimated) of the rules a scheme counts, as last evaluated."""
    patterns = rules_counted(text)
    if patterns is None:
        return None
    counted = {name: one for name, one in duties.items() if {"/".join(name), f"{name[0]}/*"} & patterns}
    known = minutes({rule_key(*name) for name in counted})
    parts = [
        Fraction(known[rule_key(*name)].minutes * times, units * 12)
        for name, (units, times) in counted.items()
        if rule_key(*name) in known and units
    ]
    return round(sum(parts)), sum(rule_key(*name) not in known for name in counted)
