"""Which signs of an entry a rule or a scheme carries, each as a Chinese phrase and, where known, with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from zhibu.engine.errors import Place
from zhibu.engine.formalism.model import Signs
from zhibu.engine.formalism.names import among, said, text
from zhibu.engine.rulebooks.model import After, Equals, Has, OneOf, Rule, Test
from zhibu.engine.scheme import Scheme
from zhibu.engine.sentences import SUBJECT, UNITS
from zhibu.engine.uses import of_rule


@dataclass(frozen=True, slots=True)
class Hit:
    """What was seen; `place` None: nowhere nearer than the rule or scheme itself."""

    what: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Signs with what they are read by. `words`: the Chinese names of ids. `negations`: what takes a word back."""

    signs: Signs
    negations: tuple[str, ...]
    words: Mapping[str, str]

    def of_rule(self, rule: Rule) -> list[Hit]:
        """Structure first: types, columns, measure and subject, then the rule's own name."""
        return [*self._types(rule), *self._columns(rule), *self._nature(rule), *self.of_names([rule.title, rule.id])]

    def of_scheme(self, scheme: Scheme) -> list[Hit]:
        """The scheme's own words and its peer group; the rules it names are read one by one."""
        grades = [step.grade for step in scheme.grades]
        steps = [name for _, name in scheme.escalation.steps] if scheme.escalation else []
        hits = self.of_names([scheme.title, *(one.title for one in scheme.dimensions), *grades, *steps])
        group = scheme.peer_group
        if group and (among(group, self.signs.peer_groups) or among(group, self.signs.columns)):
            hits.append(Hit(f"分组列 {group}"))
        return hits + (self._named([group], "分组列") if group else [])

    def of_names(self, names: Iterable[str], what: str = "名称") -> list[Hit]:
        return self._named(names, what)

    # --- the parts

    def _types(self, rule: Rule) -> Iterator[Hit]:
        types = list(rule.needs.event) if rule.needs else []
        if isinstance(rule.clock, After) and rule.clock.event:
            types.append(rule.clock.event)
        for name in dict.fromkeys(types):
            if among(name, self.signs.types):
                yield Hit(f"活动类型 {self.words.get(name, name)}")
            else:
                yield from self._named([name, self.words.get(name, "")], "活动类型")

    def _columns(self, rule: Rule) -> Iterator[Hit]:
        for use in of_rule(rule):
            if among(use.column, self.signs.columns):
                yield Hit(f"列 {self.words.get(use.column, use.column)}", use.place)
            for value in (use.column, self.words.get(use.column, ""), *_operands(use.test)):
                if value != use.column and among(value, self.signs.types):
                    yield Hit(f"列 {use.column} 的值“{value}”", use.place)
                yield from (Hit(hit.what, use.place) for hit in self._named([value], f"列 {use.column}"))

    def _nature(self, rule: Rule) -> Iterator[Hit]:
        if rule.needs and rule.needs.measure in self.signs.measures:
            yield Hit(f"计量 {rule.needs.measure}（{UNITS[rule.needs.measure]}）")
        if rule.subject in self.signs.subjects:
            yield Hit(f"对象是{SUBJECT[rule.subject]}")

    def _named(self, names: Iterable[str], what: str) -> list[Hit]:
        hits = []
        for name in dict.fromkeys(names):
            word = said(name, self.signs.words, self.signs.apart, self.negations)
            if word or text(name) in self.signs.titles:
                hits.append(Hit(f"{what}“{name}”"))
        return hits


def _operands(test: Test | None) -> list[str]:
    """The texts a test compares with: a type may hide there, as in `topics: {has: 打卡}`."""
    match test:
        case Equals(value=str(value)) | Has(value=str(value)):
            return [value]
        case OneOf(values=values):
            return [value for value in values if isinstance(value, str)]
    return []
