"""What the pages say about seals, checkpoints and verifications."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Max, QuerySet

from zhibu.web.audit.chain import keys
from zhibu.web.audit.chain.sealing import head
from zhibu.web.audit.models import Archive, Checkpoint, Held, Line, Run, Seal


@dataclass(frozen=True, slots=True)
class Sealed:
    """A line's place in the chain; `covered` is the first checkpoint signed after it, None as yet."""

    seal: Seal | None
    covered: Checkpoint | None


def sealed(line: Line) -> Sealed:
    seal = Seal.objects.filter(line_id=line.pk).first()
    covered = Checkpoint.objects.filter(count__gte=seal.number).order_by("count").first() if seal else None
    return Sealed(seal, covered)


def state() -> dict[str, object]:
    """What the page 校验 shows of our own log."""
    return {
        "head": head(), "run": Run.objects.select_related("asked_by").first(), "archives": Archive.objects.all(),
        "origin": keys.origin(), "key": str(keys.public()),
        "good": Run.objects.filter(state=Run.State.GOOD).first(),
    }  # fmt: skip


def checkpoints() -> QuerySet[Checkpoint]:
    return Checkpoint.objects.all()


def held() -> QuerySet[Held]:
    """The installations whose checkpoints we hold: origin, how many, up to which line, taken when."""
    rows = Held.objects.order_by("origin").values("origin")
    return rows.annotate(points=Count("pk"), count=Max("count"), taken_at=Max("taken_at"))
