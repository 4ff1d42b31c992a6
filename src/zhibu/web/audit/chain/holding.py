"""A superior's side: taking in the checkpoints of installations below, and keeping them for the day of comparison."""

from __future__ import annotations

from zhibu.web.audit.actions import action, write
from zhibu.web.audit.chain.checkpoints import Statement, read
from zhibu.web.audit.chain.notes import MARK, Unsigned, Verifier
from zhibu.web.audit.models import Held
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope

MOST = 2000  # checkpoints taken in at once: two weeks of one installation


class Fork(ValueError):
    """Two checkpoints of one installation contradict each other; `str()` says which."""


def split(text: str) -> list[str]:
    """The notes of a file that holds any number of them one after another."""
    found: list[str] = []
    body: list[str] = []
    ended = False  # by its empty line; a signature is due
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line:
            ended = bool(body) and not ended
            body = body if ended else []
        elif not ended:
            body.append(line)
        else:
            signed = line.startswith(MARK) and line != MARK
            if signed:
                found.append("\n".join([*body, "", line, ""]))
            body, ended = ([] if signed else [line]), False
    return found


def known_key(origin: str) -> Verifier | None:
    """The key with which an installation signed so far."""
    last = Held.objects.filter(origin=origin).order_by("-pk").values_list("key", flat=True).first()
    return Verifier.read(last) if last else None


@action("audit.hold")
def take(*, by: Scope, text: str, key: str = "") -> list[Held]:
    """Keep the checkpoints of `text`. The first of an installation needs its public key (compared by telephone);
    afterwards the same key is asked for.

    Raises Unsigned when one is not signed by that key, Fork when one contradicts what is held. Then nothing is kept.
    """
    notes = split(text)
    if not notes:
        raise Unsigned("没有检查点。应是下级用 zhibu audit checkpoint 打印的文本，连最后的签名行")
    if len(notes) > MOST:
        raise Unsigned(f"一次最多收存 {MOST} 个检查点，请分几次")
    kept = [held for note in notes if (held := _keep(by, note, key)) is not None]
    origins = "、".join(sorted({note.partition("\n")[0] for note in notes}))
    fewer = "；条数比更早的一个少，请向对方核实" if any(map(odd, kept)) else ""
    write(
        by=by, action="audit.hold", sentence=f"收存 {origins} 的检查点 {len(kept)} 个{fewer}",
        thing=kept[-1] if kept else None, organisation=None,
        new={"origins": origins, "heads": {str(one.count): one.head for one in kept[-5:]}},
    )  # fmt: skip
    return kept


def _keep(by: Scope, note: str, key: str) -> Held | None:
    """None when it is held already."""
    origin = note.partition("\n")[0]
    verifier = _verifier(origin, key)
    said = read(note, verifier)
    if Held.objects.filter(origin=origin, count=said.count, head=said.head).exists():
        return None
    _no_fork(said)
    return Held.objects.create(
        origin=origin, count=said.count, head=said.head, at=said.at, text=note, key=str(verifier),
        taken_at=clock.now(), taken_by_id=by.user_id or None,
    )  # fmt: skip


def _verifier(origin: str, key: str) -> Verifier:
    given, known = Verifier.read(key) if key.strip() else None, known_key(origin)
    if known is None and given is None:
        raise Unsigned(f"第一次收存“{origin}”的检查点，请同时填它的公钥（对方用 zhibu audit key 打印，电话核对）")
    if known and given and given != known:
        raise Unsigned(f"“{origin}”以前用的是另一把钥匙（{known.id.hex()}）。先向对方核实，为什么换")
    return known or given


def _no_fork(said: Statement) -> None:
    if Held.objects.filter(origin=said.origin, count=said.count).exists():
        raise Fork(f"“{said.origin}”第 {said.count} 条有两个不同的摘要：它的审计记录被改写过。已收存的不动，请追查")


def odd(held: Held) -> bool:
    """Fewer lines than at an earlier time, as the other's clock says: cut off, or the clock was changed. Ask them."""
    return Held.objects.filter(origin=held.origin, at__lt=held.at, count__gt=held.count).exists()
