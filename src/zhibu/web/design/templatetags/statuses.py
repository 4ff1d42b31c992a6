"""Status tags and the cells of heat grids: drawing, word and colour of one vocabulary."""

from django import template
from django.utils.html import format_html

from zhibu.web.design.templatetags.formats import NO_DATA
from zhibu.web.design.vocabulary import STATUSES, status_of

register = template.Library()


@register.simple_tag
def status(value, text=""):
    """The status tag: drawing, word, colour. `text` says the word more precisely: 剩 4 天."""
    found = status_of(value)
    return format_html('<span class="st st-{}">{}</span>', found.id, text or found.word)


@register.simple_tag
def status_cell(value, url="", label="", text=""):
    """One cell of a heat grid; its words are hidden and say which task it is."""
    found = status_of(value)
    words = f"{label} {text or found.word}".strip()
    inner = format_html('<span class="st-word">{}</span>', words)
    if url:
        inner = format_html('<a href="{}" title="{}">{}</a>', url, words, inner)
    return format_html('<td class="cell st-{}">{}</td>', found.id, inner)


@register.simple_tag
def share_cell(late, due, url="", label="", alarm=10):
    """「逾期/应办」 of an area: five blue steps by share, red and `!` from `alarm` percent."""
    late, due = int(late or 0), int(due or 0)
    if not due:
        return format_html('<td class="cell share s-none"><span class="st-word">{} </span>{}</td>', label, NO_DATA)
    percent = 100 * late / due
    kind = "s-alarm" if percent >= alarm else f"s-{_step(percent, alarm)}"
    words = f"{label} {due} 项应办，{late} 项逾期".strip()
    inner = format_html('<span aria-hidden="true">{}/{}</span><span class="st-word">{}</span>', late, due, words)
    if url:
        inner = format_html('<a href="{}" title="{}">{}</a>', url, words, inner)
    return format_html('<td class="cell share {}">{}</td>', kind, inner)


def _step(percent, alarm):
    if percent == 0:
        return 0
    return min(4, 1 + int(4 * percent / alarm))


@register.inclusion_tag("design/parts/legend.html")
def legend():
    """What the drawings of a heat grid mean."""
    return {"statuses": STATUSES.values()}
