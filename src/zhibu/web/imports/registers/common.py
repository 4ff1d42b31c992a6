"""What the registers' books have in common: where a row belongs, who is meant, sums of money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import batched

from zhibu.web.core.scope import Scope
from zhibu.web.core.sealed import digests
from zhibu.web.imports.books.cells import missing, squeeze, text, yes
from zhibu.web.imports.books.check import Check
from zhibu.web.imports.books.fields import Fields
from zhibu.web.imports.books.identity import read_identity
from zhibu.web.imports.books.names import Ref, not_found
from zhibu.web.imports.books.table import Table
from zhibu.web.members.identity import BadNumber
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation

CHUNK = 2000  # rows looked up in the database together


@dataclass(slots=True)
class Who:
    """What a page calls a row that came to nothing."""

    name: str
    branch_name: str


def chunks(tables: Iterable[Table]) -> Iterator[list[Fields]]:
    for table in tables:
        for some in batched((Fields(table, number, cells) for number, cells in table.rows()), CHUNK):
            yield list(some)


class Places:
    """The organisations rows may belong to: those of this call's books, within the reach of one action."""

    def __init__(self, check: Check, by: Scope, needs: str):
        self.scope = by.doing(needs)
        rows = Organisation.objects.within(self.scope).filter(dissolved_on=None).order_by()
        self.known = {one.pk: one for one in rows.only("pk", "path", "name", "code", "kind")}
        self._directory = check.directory

    def find(self, fields: Fields, title: str) -> tuple[Ref | None, str]:
        """A post of a single organisation need not name it. None with a finding when there is none."""
        ref, name = self._find(fields, title)
        fields.row.value = Who(fields.person("name"), name)
        return ref, name

    def _find(self, fields: Fields, title: str) -> tuple[Ref | None, str]:
        name = text(fields.raw("branch"))
        if not name and len(self.known) == 1:
            only = next(iter(self.known.values()))
            return ("db", only.pk), only.name
        if not name:
            fields.error("branch", f"{title}没有填")
            return None, ""
        entry = self._directory.find(name)
        if isinstance(entry, str):
            fields.error("branch", not_found(title, name, entry))
            return None, name
        if entry.ref[0] == "db" and entry.ref[1] not in self.known:
            fields.error("branch", f"“{entry.name[:60]}”的这张表由它自己导入")
            return None, name
        return entry.ref, entry.name


class People:
    """Members on the rosters of organisations, each organisation read once."""

    def __init__(self, scope: Scope):
        self._scope = scope
        self._of: dict[int, dict[str, list[Member]]] = {}

    def load(self, organisations: Iterable[int]) -> None:
        fresh = {one for one in organisations if one not in self._of}
        self._of.update((one, {}) for one in fresh)
        fields = ("pk", "organisation_id", "name", "id_digest", "born_on", "joined_on", "left_on")
        for some in batched(sorted(fresh), 500):
            for one in Member.objects.within(self._scope).filter(organisation__in=some).only(*fields).order_by("pk"):
                self._of[one.organisation_id].setdefault(one.name, []).append(one)

    def named(self, organisation: int, name: str) -> list[Member]:
        return self._of.get(organisation, {}).get(name, [])

    def find(self, fields: Fields, organisation: int) -> Member | None:
        """The member a row means, by name; of several by the number too. None with a finding."""
        name = fields.person("name")
        found = self.named(organisation, name)
        if found and not missing(fields.raw("id_number")):
            found = _numbered(fields, found)
            if not found:
                return None
        if not name:
            fields.error("name", "姓名为空，填党员姓名")
        elif not found:
            fields.error("name", f"名册里没有“{name[:20]}”，核对姓名；新党员先导入党员信息表")
        elif len(found) > 1:
            fields.error("name", f"有 {len(found)} 个“{name[:20]}”，填公民身份号码以便区分")
        else:
            return found[0]
        return None


def _numbered(fields: Fields, found: list[Member]) -> list[Member]:
    try:
        number = read_identity(fields.raw("id_number")).number
    except BadNumber as error:
        fields.error("id_number", f"身份证{error}")
        return []
    known = set(digests(Member, "id_number", number))
    same = [one for one in found if one.id_digest in known]
    if not same:
        fields.error("id_number", "公民身份号码与名册里的这个人不一致，核对两处")
    return same


def yuan(fields: Fields, name: str) -> Decimal | None:
    """A sum of money; None for an empty cell or one that is none (a finding says so, without the sum itself)."""
    cell = fields.raw(name)
    if missing(cell):
        return None
    told = squeeze(cell).replace(",", "").removeprefix("¥").removeprefix("￥").removesuffix("元")
    try:
        found = Decimal(told)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or not 0 <= found < 10**9 or found != found.quantize(Decimal("0.01")):
        fields.error(name, f"{fields.title(name)}要填不小于 0、最多两位小数的元数，如 4200.50")
        return None
    return found.quantize(Decimal("0.01"))


def flag(fields: Fields, name: str) -> bool | None:
    """An empty cell is not known; it is no no."""
    if not fields.has(name) or missing(fields.raw(name)):
        return None
    found = yes(fields.raw(name))
    if found is None:
        fields.warn(name, f"{fields.title(name)}填是或否，现按没有填")
    return found


def day(fields: Fields, name: str, today: date) -> date | None:
    """A day that must be told and has come. None with a finding."""
    if missing(fields.raw(name)):
        fields.error(name, f"{fields.title(name) if fields.has(name) else '日期'}没有填，要写成 2025.3.4 这样")
        return None
    return fields.past(name, today)


def one_of(fields: Fields, name: str, words: dict[str, str], usual: str = "") -> str:
    """The value of a word; `usual` for an empty cell. Empty with a finding."""
    word = squeeze(fields.raw(name))
    if not word and usual:
        return usual
    if word not in words:
        said = f"“{word[:20]}”未知" if word else "没有填"
        fields.error(name, f"{fields.title(name)}{said}，填{'、'.join(dict.fromkeys(words))}"[:200])
    return words.get(word, "")
