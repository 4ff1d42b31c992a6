"""The size of text: 标准版, 大字 and 大字版."""

from django import template

from zhibu.web.design.sizes import size_of
from zhibu.web.design.vocabulary import SIZES

register = template.Library()


def _size(context):
    request = context.get("request")
    return size_of(request) if request else "normal"


def _here(context):
    """The page to come back to: this one, unless it is the answer to a form."""
    request = context.get("request")
    return request.get_full_path() if request and request.method == "GET" else ""


@register.simple_tag(takes_context=True)
def text_size(context):
    """normal, large or elder, for <html data-size>."""
    return _size(context)


@register.inclusion_tag("design/parts/size_switch.html", takes_context=True)
def size_switch(context):
    """The bar's switch: 大字版, or 标准版 when it is on."""
    size = _size(context)
    return {"elder": size == "elder", "here": _here(context), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("design/parts/size_choice.html", takes_context=True)
def size_choice(context):
    """All three sizes, for the footer and the page 我的."""
    return {"size": _size(context), "sizes": SIZES, "here": _here(context), "csrf_token": context.get("csrf_token")}
