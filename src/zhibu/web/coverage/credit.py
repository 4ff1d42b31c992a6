"""统一社会信用代码: shape and check digit of GB 32100-2015 (18 places of 31 signs, weights 3^i mod 31).

Tried on codes that are published, in `tests/test_credit.py`.
"""

from __future__ import annotations

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I O S V Z
LENGTH = 18


def tidy(code: str) -> str:
    """Upper case, full-width forms and blanks gone."""
    return "".join(chr(ord(one) - 0xFEE0) if "！" <= one <= "～" else one for one in code).replace(" ", "").upper()


def fault(code: str) -> str:
    """What is wrong with a tidied code, in words; empty when nothing is."""
    if len(code) != LENGTH:
        return f"统一社会信用代码有 {len(code)} 位，应是 18 位"
    if strange := sorted(set(code) - set(SIGNS)):
        return f"统一社会信用代码里不会有“{strange[0]}”，字母 I、O、S、V、Z 和符号都不用"
    return "" if code[-1] == check_sign(code[:-1]) else "统一社会信用代码的校验码不对，照证书核对"


def check_sign(first: str) -> str:
    """The eighteenth sign for the first seventeen."""
    total = sum(SIGNS.index(one) * pow(3, place, 31) for place, one in enumerate(first))
    return SIGNS[-total % 31]
