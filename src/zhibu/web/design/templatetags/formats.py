"""How values read: `{{ day|ymd }}`. What there is no value for reads `--`."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django import template
from django.utils import timezone
from django.utils.html import format_html

from zhibu.web.core.clock import day_words

register = template.Library()

NO_DATA = "--"


def _date(value):
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value[:10])
        except ValueError:
            return None
    return value


@register.filter
def day(value):
    """11 月 21 日, with the year when it is not this one. For sentences; tables use `ymd`."""
    date = _date(value)
    return day_words(date) if date else NO_DATA


@register.filter
def weekday(value):
    """周六"""
    date = _date(value)
    return f"周{'一二三四五六日'[date.weekday()]}" if date else NO_DATA


@register.filter
def ymd(value):
    """2026-11-21, for tables."""
    date = _date(value)
    return date.isoformat() if date else NO_DATA


@register.filter
def clock(value):
    """20:14"""
    if not value:
        return NO_DATA
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return value.strftime("%H:%M")


@register.filter
def moment(value):
    """11 月 21 日 20:14"""
    return f"{day(value)} {clock(value)}" if isinstance(value, dt.datetime) else day(value)


@register.filter
def score(value):
    """One decimal everywhere: 86.5."""
    number = _number(value)
    return NO_DATA if number is None else f"{number.quantize(Decimal('0.1'), ROUND_HALF_UP):.1f}"


@register.filter
def exact(value):
    """Points as they were given, nothing rounded: 2.25, 5."""
    number = _number(value)
    return NO_DATA if number is None else f"{number.normalize():f}"


@register.filter
def signed(value):
    """A change of points: +2.0, −1.5, 0.0."""
    number = _number(value)
    if number is None:
        return NO_DATA
    text = score(abs(number))
    return text if text == "0.0" else f"{'+' if number > 0 else '−'}{text}"


@register.filter
def percent(value, places=0):
    """A share between 0 and 1 as 96%; give its denominator beside it."""
    number = _number(value)
    if number is None:
        return NO_DATA
    step = Decimal(1).scaleb(-int(places))
    return f"{(number * 100).quantize(step, ROUND_HALF_UP)}%"


@register.filter
def thousands(value):
    """Groups of three from 10,000 up; 9999 stays as it is."""
    number = _number(value)
    if number is None:
        return NO_DATA
    whole = number == number.to_integral_value()
    return f"{int(number):,}" if whole and abs(number) >= 10_000 else f"{int(number)}" if whole else f"{number:,}"


@register.filter
def dash(value):
    """`--` for no data; zero is zero."""
    return NO_DATA if value is None or value == "" else value


@register.filter
def masked(value):
    """A phone or identity number with its middle hidden: 138****5678, 3301**********1234."""
    text = str(value or "")
    if not text:
        return NO_DATA
    if len(text) <= 4:
        return "*" * len(text)
    head = 3 if len(text) <= 11 else 4
    head = head if len(text) > 7 else 1
    tail = 4 if len(text) > 7 else 1
    return f"{text[:head]}{'*' * (len(text) - head - tail)}{text[-tail:]}"


def _number(value):
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


@register.filter
def outside(value, length=60):
    """A link somebody typed, opened apart and telling the other side nothing; words alone when it is not https."""
    text = str(value)
    short = text if len(text) <= length else text[: length - 1] + "…"
    if not text.startswith("https://") or any(mark.isspace() for mark in text):
        return short
    return format_html('<a href="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>', text, short)
