"""`{% load fractions %}`: the engine's exact numbers as people write them."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django import template

register = template.Library()


@register.filter
def plain(value):
    """3, 0.5, 33.33: at most two decimals, none that are zero."""
    exact = Decimal(Fraction(value).numerator) / Decimal(Fraction(value).denominator)
    text = f"{exact.quantize(Decimal('0.01'), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
