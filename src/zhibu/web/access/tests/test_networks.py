"""Networks as people write them, and as they should not."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.web.access.networks import MOST, holds, read, written


def test_one_a_line_or_apart_by_commas_of_both_kinds() -> None:
    found = read("10.2.3.0/24，10.2.4.7\n\n 2001:db8:1::/48;10.2.3.0/255.255.255.0、fd00::7")
    assert written(found) == "10.2.3.0/24\n10.2.4.7\n2001:db8:1::/48\nfd00::7"
    assert read("") == read(" \n ") == ()


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("10.2.3.4/24", "整个网段写 10.2.3.0/24，只许这一台写 10.2.3.4"),
        ("2001:db8::1/48", "整个网段写 2001:db8::/48"),
        ("10.2.3.1-10.2.3.9", "一段地址"),
        ("10.2.3.1～10.2.3.9", "一段地址"),
        ("10.2.*.*", "写成 10.2.0.0/16"),
        ("0.0.0.0/0", "所有的 IPv4 地址"),
        ("::/0", "所有的 IPv6 地址"),
        ("0.0.0.0/1 128.0.0.0/1", "所有的 IPv4 地址"),
        ("::ffff:10.0.0.1", "直接写 IPv4：10.0.0.1"),
        ("10.2.3", "不是网段"),
        ("10.2.3.0/33", "不是网段"),
        ("10.2.3.0/-1", "不是网段"),
        ("010.2.3.4", "不是网段"),
        ("１０.2.3.4", "不是网段"),
        ("167772161", "不是网段"),
        ("fe80::1%eth0", "不是网段"),
        ("机关大楼", "不是网段"),
        ("10.2.3.0/24/24", "不是网段"),
        ("<script>", "不是网段"),
        ("\x0010.2.3.4", "不是网段"),
        ("1" * 5000, "不是网段"),
        (" ".join(f"10.2.{one}.1" for one in range(MOST + 1)), f"最多写 {MOST} 个"),
    ],
)
def test_what_is_wrong_and_what_would_be_right(text: str, right: str) -> None:
    with pytest.raises(ValueError, match=r".") as told:
        read(text)
    assert right in str(told.value) and len(str(told.value)) < 300


def test_an_address_is_inside_however_it_is_written() -> None:
    allowed = read("10.2.3.0/24 2001:db8::/32 fe80::/10")
    for inside in ("10.2.3.9", "::ffff:10.2.3.9", "2001:db8:9::1", "fe80::1%eth0"):
        assert holds(allowed, inside), inside
    for outside in (
        "10.2.4.1",
        "::ffff:10.2.4.1",
        "2001:db9::1",
        "",
        "10.2.3.9:4711",
        "10.2.3.9, 1.1.1.1",
        "unix:",
        "x",
    ):
        assert not holds(allowed, outside), outside
    assert not holds((), "10.2.3.9")


V4 = st.integers(0, 2**24 - 1).map(lambda n: ipaddress.IPv4Address(0x0A000000 + n))
V6 = st.integers(0, 2**64 - 1).map(lambda n: ipaddress.IPv6Address((0x20010DB8 << 96) + n))


@given(st.lists(V4 | V6, min_size=1, max_size=9))
def test_what_was_written_reads_the_same(addresses: list) -> None:
    found = read(" ".join(map(str, addresses)))
    assert read(written(found)) == found and all(holds(found, str(one)) for one in addresses)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        found = read(text)
    except ValueError as error:
        assert str(error)
    else:
        assert all(isinstance(one, ipaddress.IPv4Network | ipaddress.IPv6Network) for one in found)
