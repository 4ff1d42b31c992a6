"""Procedures in plain Chinese: spans, clauses, how sure a clause is. Serves the reader; no meaning is decided here."""

from __future__ import annotations

from zhibu.engine.procedures.model import Ground, Moment, Procedure, Span

COUNTERS = {"days": "天", "months": "个月", "years": "年", "working_days": "个工作日"}


def span(one: Span) -> str:
    if one.unit == "months" and one.n and one.n % 12 == 0:
        return f"{one.n // 12} 年"
    return f"{one.n} {COUNTERS[one.unit]}"


def clause(ground: Ground) -> str:
    """Such as 《发展党员工作细则》第十条（待核对）; empty where a step has no source."""
    if ground.source is None:
        return ""
    title = ground.source.title
    named = title if title.startswith("《") or not title else f"《{title}》"
    told = "待核对" in ground.clause  # the packs say it in the clause itself
    return f"{named}{ground.clause}" + ("（待核对）" if unsure(ground) and not told else "")


def unsure(ground: Ground) -> bool:
    return ground.evidence != "text" or ground.status == "draft"


def title(procedure: Procedure, step: str) -> str:
    return procedure.step(step).title if procedure.knows(step) else step


def value(procedure: Procedure, key: str) -> str:
    return next((one.title for one in procedure.values if one.id == key), key)


def base(procedure: Procedure, moment: Moment) -> str:
    """What a moment is counted from."""
    if moment.step is not None:
        return f"“{title(procedure, moment.step)}”"
    return f"“{value(procedure, moment.value)}”" if moment.value is not None else "开始办理"


def mapping(procedure: Procedure) -> dict[str, str]:
    """Ids of values and of their options as words, for the sentences of conditions."""
    found = {key: word for one in procedure.values for key, word in one.options.items()}
    return found | {one.id: one.title for one in procedure.values}
