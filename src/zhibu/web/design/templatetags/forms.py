"""Buttons, icons, and forms with their errors."""

from django import template
from django.conf import settings
from django.forms import widgets
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from zhibu.web.design.errors import words_of

register = template.Library()


@register.simple_tag
def icon(name, label=""):
    """A drawing of the sprite; always beside a word, or with a label of its own."""
    url = f"{static('built/sprite.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, url)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"/></svg>', url)


@register.simple_tag(takes_context=True)
def passkey_script(context):
    """The script of `<form data-passkey="get|create" data-options="…">`; only those pages load it."""
    return _script(context, "built/passkeys.js")


@register.simple_tag(takes_context=True)
def inbox_script(context):
    """The keys of 待我办; only that page loads it."""
    return _script(context, "built/inbox.js")


@register.simple_tag(takes_context=True)
def idle_script(context):
    """Warns before an idle session ends; pages of a signed-in reader."""
    return _script(context, "built/idle.js", limit=settings.SESSION_COOKIE_AGE, url=reverse("identity"))


def _script(context, name, **data):
    told = format_html_join("", ' data-{}="{}"', data.items())
    return format_html(
        '<script nonce="{}" src="{}"{} defer></script>', context.get("csp_nonce", ""), static(name), told
    )


BUTTONS = {"primary": "btn btn-primary", "plain": "btn btn-plain", "danger": "btn btn-danger", "link": "btn btn-link"}


@register.inclusion_tag("design/parts/button.html")
def button(word, kind="primary", name="", value="", icon="", formaction="", novalidate=False):
    """A submit button of the surrounding form. The word names the act: 提交给云河街道."""
    return {
        "word": word,
        "css": BUTTONS[kind],
        "name": name,
        "value": value,
        "icon": icon,
        "formaction": formaction,
        "novalidate": novalidate,
    }


@register.inclusion_tag("design/parts/link_button.html")
def link_button(url, word, kind="plain", icon="", download=False):
    """A link that looks like a button."""
    return {"url": url, "word": word, "css": BUTTONS[kind], "icon": icon, "download": download}


@register.inclusion_tag("design/parts/post_button.html", takes_context=True)
def post_button(context, url, word, kind="plain", icon="", **values):
    """A form of its own with one button and hidden values."""
    return {
        "url": url,
        "word": word,
        "css": BUTTONS[kind],
        "icon": icon,
        "values": values,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("design/parts/field.html")
def field(bound, hint="", label="", kind="", rows=None, suffix=""):
    """Label, hint, error and control of a form field. kind: "", short, wide, date, many."""
    widget = bound.field.widget
    hint = hint or bound.help_text
    box = isinstance(widget, widgets.CheckboxInput)
    group = isinstance(widget, (widgets.RadioSelect, widgets.CheckboxSelectMultiple))
    ids = [f"{bound.auto_id}-{part}" for part, there in (("hint", hint), ("error", bound.errors)) if there]
    attrs = {"class": _control_class(widget, widget.attrs.get("class", ""))}
    if ids:
        attrs["aria-describedby"] = " ".join(ids)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if rows:
        attrs["rows"] = rows
    if isinstance(widget, widgets.DateInput):
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    return {
        "field": bound,
        "hint": hint,
        "label": label or bound.label,
        "kind": kind,
        "suffix": suffix,
        "box": box,
        "group": group,
        "errors": words_of(bound),
        "described": " ".join(ids),
        # `wanted`: asked for while something else is chosen, which the form checks itself.
        "optional": not (bound.field.required or getattr(bound.field, "wanted", False) or box),
        "hidden": bound.is_hidden,
        "control": "" if group else bound.as_widget(attrs=attrs),
    }


def _control_class(widget, own):
    if isinstance(widget, widgets.CheckboxInput):
        kind = "form-check-input"
    elif isinstance(widget, widgets.Select):
        kind = "form-select"
    else:
        kind = "form-control"
    return f"{kind} {own}".strip()


@register.inclusion_tag("design/parts/error_summary.html")
def error_summary(*forms):
    """「有 N 处需要修改」 for one or more forms or formsets; takes the focus and links to the fields."""
    return {"errors": [error for form in forms for error in _errors(form)]}


def _errors(form):
    if form is None:
        return
    if hasattr(form, "forms"):
        yield from ({"text": text, "id": ""} for text in form.non_form_errors())
        for one in form.forms:
            yield from _errors(one)
        return
    yield from ({"text": text, "id": ""} for text in form.non_field_errors())
    for bound in form:
        for text in words_of(bound):
            yield {"text": text, "id": _first_control(bound)}


def _first_control(bound):
    """The id the summary links to: a group's first choice, else the control."""
    if isinstance(bound.field.widget, (widgets.RadioSelect, widgets.CheckboxSelectMultiple)):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


@register.inclusion_tag("design/parts/form_fields.html")
def form_fields(form):
    """All fields of a form, hidden ones included; no <form>, no buttons."""
    return {"form": form}


@register.inclusion_tag("design/parts/whole_form.html", takes_context=True)
def whole_form(context, form, word, url="", back="", back_word="返回", target=""):
    """A simple page's whole form: error summary, fields, the button and a way back; before them the page's `weight`."""
    return {
        "form": form,
        "word": word,
        "url": url,
        "back": back,
        "back_word": back_word,
        "target": target,
        "weight": context.get("weight"),
        "csrf_token": context.get("csrf_token"),
    }
