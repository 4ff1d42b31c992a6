"""No identity number and no phone reaches the log, whichever way it comes."""

from __future__ import annotations

import json

import pytest

from zhibu.web.audit import masking
from zhibu.web.audit.actions import write
from zhibu.web.audit.denials import refused
from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast
from zhibu.web.members.models import Member

IDENTITY, PHONE = "990001198001010013", "13999990013"


@pytest.mark.parametrize(
    "clear",
    [
        IDENTITY, "99000119800101001X", "990001 19800101 0013", "990001-19800101-0013", "990001800101001", PHONE,
        "139 9999 0013", "139-9999-0013", "+8613999990013", "+86 139 9999 0013", "１３９９９９９００１３",
        "９９０００１１９８００１０１００１３",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "电话{}。", "a{}z", "x={},", "{}\n{}"])
def test_texts_lose_them(clear: str, around: str) -> None:
    said = masking.text(around.replace("a", "g").format(clear, clear))
    assert clear not in said
    assert "***" in said


@pytest.mark.parametrize(
    "kept",
    ["R2026-00012", "2026-11-21 08:00:00", "0999-5551234", "12345678901234567890", "ab13999990013cd" * 4, "第 3 号"],
)
def test_other_numbers_stay(kept: str) -> None:
    assert masking.text(kept) == kept


def test_personal_fields_are_masked_whatever_they_hold() -> None:
    given = {
        "phone": "0999-5551234",
        "id_number": "x",
        "new_password": "p",
        "deep": {"contact_phone": ["0999-1234567"]},
    }
    text = json.dumps(masking.values(given | {"password": "支部-pass-1", "n": 13999990013, "m": 7}))
    for clear in ("5551234", "1234567", "pass-1", "-1", "13999990013", '"x"'):
        assert clear not in text
    assert masking.values({"n": 7, "none": None, "phone": "", "on": True}) == {
        "n": 7,
        "none": None,
        "phone": "",
        "on": True,
    }


def test_keys_are_masked_too() -> None:
    assert PHONE not in json.dumps(masking.values({PHONE: 1}))


def everything() -> str:
    lines = Line.objects.unscoped("t").values()
    return json.dumps(list(lines), default=str, ensure_ascii=False)


def test_canaries_of_every_member_stay_out_of_the_log(cast: Cast) -> None:
    """Whatever the actions of this house write about a member, and whatever a reader types into an address."""
    one = Member.objects.unscoped("t").filter(organisation=cast.branch)[0]
    canaries = [one.id_number, one.phone]
    write(
        by=cast.scope("secretary"), action="members.change", sentence=f"改 {one.name} {one.id_number}", thing=one,
        organisation=cast.branch, old={"phone": one.phone, "note": f"身份证 {one.id_number}"},
        new={"who": {one.phone: "x"}},
    )  # fmt: skip
    refused(action="accounts.sign_in", outcome="failed", sentence=f"账号 {one.phone} 密码不对", about=one.phone)
    client = cast.client("secretary")
    for number in canaries:
        client.get(f"/o/{number}/")
        client.get(f"/members/?q={number}")
    client.get("/members/export/")
    assert Line.objects.unscoped("t").filter(outcome="denied").exists()
    for number in canaries:
        assert number not in everything()
