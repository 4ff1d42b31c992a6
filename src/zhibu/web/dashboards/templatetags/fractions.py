"""`{% load fractions %}`: the engine's exact numbers as people write them."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django import template

from zhibu.web.records.words import period_words

register = template.Library()


@register.filter
def plain(value):
    """3, 0.5, 33.33: at most two decimals, none that are zero."""
    exact = Decimal(Fraction(value).numerator) / Decimal(Fraction(value).denominator)
    text = f"{exact.quantize(Decimal('0.01'), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def places(value):
    """Four decimals, as the lines of a score are printed: 9.5238."""
    exact = Decimal(Fraction(value).numerator) / Decimal(Fraction(value).denominator)
    return f"{exact.quantize(Decimal('0.0001'), ROUND_HALF_UP):f}".replace("-", "−")


@register.filter
def period(verdict, today):
    """10 月; a state to be in has no period but now."""
    return period_words(verdict.period, today) if verdict.need is not None else "现在"
