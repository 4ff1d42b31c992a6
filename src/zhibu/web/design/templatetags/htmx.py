"""The six `hx_*` tags print only attributes: the plain href or action, which works without JavaScript, and htmx's.

Pages never write hx-* by hand, so that a change of htmx version is a change of this file. `target` is a selector such
as "#rows". It is also what is taken from the answer, so a view may send the whole page or just the part; the line of
messages comes along when the answer holds one.
"""

from django import template
from django.utils.html import format_html, format_html_join

register = template.Library()


def _attributes(pairs):
    return format_html_join("", ' {}="{}"', [(key, value) for key, value in pairs if value])


def _swap(target, style):
    whole = target.startswith("#")
    return [
        ("hx-target", target),
        ("hx-select", target if whole else ""),
        ("hx-select-oob", "#messages" if whole else ""),
        ("hx-swap", style),
    ]


@register.simple_tag
def hx_form(url="", target="", confirm=""):
    """On <form>: posts; 422 comes back in place, a redirect leads on."""
    found = [("method", "post"), ("action", url)]
    if target:
        found += [
            ("hx-post", url or "?"),
            *_swap(target, "outerHTML show:top"),
            ("hx-disable", "find button"),
            ("hx-sync", "this:drop"),
            ("hx-confirm", confirm),
        ]
    return format_html("{} novalidate", _attributes(found))


@register.simple_tag
def hx_filter(url="", target="#rows"):
    """On <form>: a filter by query string; refreshes the list as choices change."""
    return _attributes(
        [
            ("method", "get"),
            ("action", url),
            ("hx-get", url or "?"),
            *_swap(target, "outerHTML"),
            ("hx-trigger", "submit, change, input changed delay:400ms target:[type=search]"),
            ("hx-push-url", "true"),
            ("hx-sync", "this:replace"),
        ]
    )


@register.simple_tag
def hx_page(url, target="#rows"):
    """On <a>: another page, tab or order of the same list."""
    return _attributes(
        [
            ("href", url),
            ("hx-get", url),
            *_swap(target, "outerHTML show:top"),
            ("hx-push-url", "true"),
        ]
    )


@register.simple_tag
def hx_poll(url, every=5, target=""):
    """On an element with an id: fetches itself anew every so many seconds. Put a plain reload link inside."""
    return _attributes(
        [
            ("hx-get", url),
            ("hx-trigger", f"every {int(every)}s"),
            ("hx-target", target or "this"),
            ("hx-select", target if target.startswith("#") else ""),
            ("hx-swap", "outerMorph"),
            ("hx-sync", "this:drop"),
        ]
    )


@register.simple_tag
def hx_cell(url, target="closest tr", method="get", confirm=""):
    """On <a> (get) or <form> (post): replaces only the row or cell around it."""
    plain = [("href", url)] if method == "get" else [("method", "post"), ("action", url)]
    return _attributes(
        [
            *plain,
            (f"hx-{method}", url),
            *_swap(target, "outerHTML"),
            ("hx-confirm", confirm),
            ("hx-sync", "this:drop"),
        ]
    )


@register.simple_tag
def hx_dialog(url, part="#content"):
    """On <a>: shows `part` of that page in a dialog; without JavaScript simply goes there."""
    return _attributes(
        [
            ("href", url),
            ("hx-get", url),
            ("hx-target", "#dialog-body"),
            ("hx-select", part),
            ("hx-swap", "innerHTML"),
            ("data-dialog", "open"),
        ]
    )
