"""台账: the page shows each post the registers it may open, and no other."""

from __future__ import annotations

import pytest
from django.urls import reverse

from zhibu.web.config.ledgers import LEDGERS


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda one: one.url)
def test_every_line_leads_to_a_page(ledger):
    assert reverse(ledger.url).startswith("/")


def test_each_finds_what_the_post_may_open(cast):
    assert reverse("members") in cast.client("secretary").get("/ledgers/").content.decode()
    assert reverse("members") not in cast.client("auditor").get("/ledgers/").content.decode()
