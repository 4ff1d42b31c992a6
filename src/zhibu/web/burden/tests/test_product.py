"""B5: the product's own forms ask nothing twice, field by field; its estimates are of pages that are there."""

from __future__ import annotations

import pytest
from django.urls import get_resolver
from tests.architecture.test_house import patterns

from zhibu.web.burden import product
from zhibu.web.burden.estimates import counted_when_sent, page_keys, spoken

ROWS = [(app.word, form, field) for app in product.register() for form, fields in app.forms for field in fields]


def test_nothing_held_is_asked_again_without_a_reason() -> None:
    """A new field that asks for a held fact: prefill it, pick it, or say why in `data/forms.yaml`."""
    assert [row for row in ROWS if row[2].again] == []
    assert len(ROWS) > 500 and len({app for app, _, _ in ROWS}) > 20


def test_reasons_are_of_fields_that_are_there() -> None:
    names = [field.name for _, _, field in ROWS if field.source.startswith("填：")]
    for pattern, _ in product._whys():
        assert any(product.fnmatchcase(name, pattern) for name in names), f"{pattern}: no such field needs a reason"


def test_minutes_are_of_pages_that_are_there() -> None:
    routes = {pattern.name for pattern in patterns(get_resolver())}
    assert {key.removeprefix("page:") for key in page_keys()} <= routes
    assert counted_when_sent("library-asked") and not counted_when_sent("record")


@pytest.mark.parametrize(("amount", "words"), [(0, "0 分钟"), (59, "59 分钟"), (60, "1 小时"), (125, "2 小时 5 分钟"),
                                               (6000, "100 小时"), (720_030, "12,000 小时")])  # fmt: skip
def test_how_minutes_are_said(amount: int, words: str) -> None:
    assert spoken(amount) == words
