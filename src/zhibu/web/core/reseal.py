"""Every sealed value under the current key, digests too: in batches, beside readers and writers, goes on after a kill.

A row is rewritten only if it still holds what was read, so nobody's edit is lost; a reader sees the old text or the new
one, and the ring opens both. What can't be opened, or whose digest now stands in another row, is left and told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import IntegrityError, models, transaction

from zhibu.web.core import crypto
from zhibu.web.core.sealed import SealedField, columns, put, whole

BATCH = 500  # rows of one transaction
Tell = Callable[[str, int], None]


@dataclass
class Done:
    changed: int = 0
    trouble: list[str] = field(default_factory=list)  # a sentence for each row left as it was


def counts() -> dict[str, Counter[str]]:
    """Key id → column → number of values. Reads the head of each text only."""
    found: dict[str, Counter[str]] = {}
    for one in columns():
        texts = one.model._base_manager.exclude(**{one.name: ""}).order_by().values_list(one.name, flat=True)
        for text in texts.iterator(chunk_size=BATCH * 10):
            found.setdefault(_key_of(text), Counter())[one.purpose] += 1
    return found


def reseal(tell: Tell | None = None) -> Done:
    """Walk every column. Running it again does what is left; rows in trouble stay as they are and are told again."""
    done = Done()
    for one in columns():
        for rows in _batches(one):
            with transaction.atomic():
                for row in rows:
                    _again(one, row, done)
            if tell:
                tell(one.purpose, done.changed)
    return done


def check() -> list[str]:
    """A sentence for every value that does not open, or whose digest is not its own. Changes nothing."""
    return [
        said for one in columns() for rows in _batches(one, every=True) for row in rows if (said := _wrong(one, row))
    ]


def _batches(one: SealedField, *, every: bool = False) -> Iterator[list[models.Model]]:
    """Rows by key; of those under the current key none, unless `every`."""
    last = None
    while True:
        rows = one.model._base_manager.exclude(**{one.name: ""}).order_by("pk")
        rows = rows if every else rows.exclude(**{f"{one.name}__startswith": crypto.current_head()})
        found = list((rows.filter(pk__gt=last) if last is not None else rows)[:BATCH])
        if not found:
            return
        yield found
        last = found[-1].pk


def _again(one: SealedField, row: models.Model, done: Done) -> None:
    before = getattr(row, one.name)
    try:
        put(row, one.name, whole(row, one.name))
        names = [one.name, one.digest] if one.digest else [one.name]
        with transaction.atomic():
            same = type(row)._base_manager.filter(pk=row.pk, **{one.name: before})
            done.changed += same.update(**{name: getattr(row, name) for name in names})
    except crypto.Unavailable:
        raise
    except crypto.CryptoError as error:
        done.trouble.append(f"{one.purpose} 第 {row.pk} 行：{error}")
    except IntegrityError:
        done.trouble.append(f"{one.purpose} 第 {row.pk} 行：同一个号码已登记在另一行，合并后再换")


def _wrong(one: SealedField, row: models.Model) -> str:
    try:
        plain = whole(row, one.name)
    except crypto.CryptoError as error:
        return f"{one.purpose} 第 {row.pk} 行：{error}"
    if one.digest and getattr(row, one.digest) not in crypto.digests(plain, one.purpose):
        return f"{one.purpose} 第 {row.pk} 行：查找用的摘要和密文对不上，数据被改动过"
    return ""


def _key_of(text: str) -> str:
    parts = text.split("|", 3)
    return parts[2] if len(parts) == 4 else "?"
