"""Every component of the interface, as template tags: `{% load zhibu %}`. Reference: ../README.md.

Two families. Components print whole pieces of page. The six `hx_*` tags print only attributes: the plain
href or action, which works without JavaScript, and the htmx ones. Pages never write hx-* by hand, so that
a change of htmx version is a change of this file.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import pairwise

from django import template
from django.forms import widgets
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from zhibu.web.core.clock import today
from zhibu.web.design.errors import words_of
from zhibu.web.design.sizes import size_of
from zhibu.web.design.vocabulary import SIZES, STATUSES, status_of

register = template.Library()

NO_DATA = "--"


# ------------------------------------------------------------------ status


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


# ------------------------------------------------------------------ lists and panels


@register.inclusion_tag("design/parts/task_row.html")
def task_row(url, title, value, text="", note=""):
    """A row of a task list (inside <ul class="task-list">): the whole row is the link."""
    return {"url": url, "title": title, "status": value, "text": text, "note": note}


@register.inclusion_tag("design/parts/summary_row.html")
def summary_row(label, value="", change_url="", change_word="修改"):
    """A line of a check-answers list (inside <dl class="summary">)."""
    return {"label": label, "value": value, "change_url": change_url, "change_word": change_word}


@register.simple_block_tag
def summary_block(content, label, change_url="", change_word="修改"):
    """As summary_row, with markup as the answer."""
    return _render(
        "summary_row", label=label, value=SafeString(content.strip()), change_url=change_url, change_word=change_word
    )


@register.simple_block_tag
def card(content, title="", level=2, id=""):
    """A white card with a heading."""
    return _render("card", content=content, title=title, level=level, id=id)


@register.simple_block_tag
def receipt(content, title, number="", time=None):
    """After a formal submission: what was received, its number and time; the block holds what comes next."""
    return _render("receipt", content=content, title=title, number=number, time=time)


@register.simple_block_tag
def notice(content, kind="info", title=""):
    """A box in the page: info, good, warn or bad."""
    if kind not in ("info", "good", "warn", "bad"):
        raise ValueError(f"notice: no kind {kind!r}; use info, good, warn or bad")
    return _render("notice", content=content, kind=kind, title=title)


@register.simple_block_tag
def disclosure(content, title="怎么算的", open=False):
    """Details one tap away; works without JavaScript."""
    return _render("disclosure", content=content, title=title, open=open)


@register.inclusion_tag("design/parts/empty.html")
def empty(kind, text, url="", act=""):
    """An empty state: reason and one act. first (invite), done (say so, stop), nomatch, na (why not)."""
    icons = {"first": "file-plus", "done": "circle-check", "nomatch": "search", "na": "minus"}
    return {"kind": kind, "icon": icons[kind], "text": text, "url": url, "act": act}


@register.inclusion_tag("design/parts/number_card.html")
def number_card(value, label, note="", url="", status="", unit=""):
    """A number with its name, denominator and data time in `note` (inside <div class="numbers">)."""
    shown = NO_DATA if value is None or value == "" else value
    return {
        "value": shown,
        "label": label,
        "note": note,
        "url": url,
        "unit": unit,
        "status": status_of(status) if status else None,
    }


@register.inclusion_tag("design/parts/steps.html")
def steps(items, current=None):
    """A track of steps. Items: words, with `current` (1 = the first); or dicts name, state, note, url.

    States: done, now, todo, back (sent back).
    """
    rows = []
    for place, item in enumerate(items, 1):
        if not isinstance(item, dict):
            item = {"name": item}
        state = item.get("state")
        if not state:
            state = "todo" if current is None or place > current else "now" if place == current else "done"
        rows.append({**item, "state": state, "place": place})
    return {"steps": rows}


@register.inclusion_tag("design/parts/progress.html")
def progress(done, total, label=""):
    """「已处理 3,200 / 118,000」 with a thin bar."""
    done, total = int(done or 0), int(total or 0)
    return {"done": done, "total": total, "label": label, "percent": round(100 * done / total) if total else 0}


@register.simple_tag
def bar(value, most=100, kind=""):
    """A thin bar inside a cell; the number stands beside it as text. kind: "", late, soft."""
    most = float(most or 0)
    percent = max(0, min(100, round(100 * float(value or 0) / most, 1))) if most else 0
    return format_html(
        '<svg class="bar {}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="bar-all" width="100" height="6"/><rect class="bar-part" width="{}" height="6"/></svg>',
        f"bar-{kind}" if kind else "",
        percent,
    )


@register.inclusion_tag("design/parts/ledger_head.html")
def ledger_head(unit, title, period="", count=None):
    """The title block of a printed ledger: title, unit, period."""
    return {"unit": unit, "title": title, "period": period, "count": count}


@register.inclusion_tag("design/parts/ledger_foot.html")
def ledger_foot(maker="", reviewer="", date=None):
    """制表人 / 审核人 / 日期: filled or left as lines to sign; seen in print only."""
    return {"maker": maker, "reviewer": reviewer, "date": date}


@register.inclusion_tag("design/parts/pagination.html", takes_context=True)
def pagination(context, page, target="", name="page", unit="条"):
    """Pages of a list. `page` is a Django Page; `target` a selector to swap without a full load."""
    request = context.get("request")
    query = request.GET.copy() if request else None

    def url(number):
        if query is None:
            return f"?{name}={number}"
        query[name] = number
        return "?" + query.urlencode()

    last = page.paginator.num_pages
    near = sorted({1, last, *range(max(1, page.number - 1), min(last, page.number + 1) + 1)})
    links = []
    for before, number in pairwise([0, *near]):
        if number > before + 1:
            links.append(None)
        links.append({"number": number, "url": url(number), "current": number == page.number})
    return {
        "page": page,
        "links": links,
        "target": target,
        "unit": unit,
        "total": page.paginator.count,
        "previous": url(page.number - 1) if page.number > 1 else "",
        "next": url(page.number + 1) if page.number < last else "",
    }


@register.inclusion_tag("design/parts/search_box.html")
def search_box(url, q="", name="q", label="搜索", hint="名称、简称、编码或拼音首字母", id="search"):
    """A search form; `/` goes to it."""
    return {"url": url, "q": q or "", "name": name, "label": label, "hint": hint, "id": id}


# ------------------------------------------------------------------ buttons and icons


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
    nonce, url = context.get("csp_nonce", ""), static("built/passkeys.js")
    return format_html('<script nonce="{}" src="{}" defer></script>', nonce, url)


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


# ------------------------------------------------------------------ forms


@register.inclusion_tag("design/parts/field.html")
def field(bound, hint="", label="", kind="", rows=None, suffix=""):
    """Label, hint, error and control of a form field. kind: "", short, wide, date."""
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
        "optional": not bound.field.required and not box,
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
    """A simple page's whole form: error summary, fields, the button and a way back."""
    return {
        "form": form,
        "word": word,
        "url": url,
        "back": back,
        "back_word": back_word,
        "target": target,
        "csrf_token": context.get("csrf_token"),
    }


# ------------------------------------------------------------------ htmx: six tags, attributes only
#
# `target` is a selector such as "#rows". It is also what is taken from the answer, so a view may send the
# whole page or just the part; the line of messages comes along when the answer holds one.


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
    if not target:
        return _attributes([("method", "post"), ("action", url)]) + SafeString(" novalidate")
    return _attributes(
        [
            ("method", "post"),
            ("action", url),
            ("hx-post", url or "?"),
            *_swap(target, "outerHTML show:top"),
            ("hx-disable", "find button"),
            ("hx-sync", "this:drop"),
            ("hx-confirm", confirm),
        ]
    ) + SafeString(" novalidate")


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


# ------------------------------------------------------------------ formats


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
    if not date:
        return NO_DATA
    year = "" if date.year == today().year else f"{date.year} 年 "
    return f"{year}{date.month} 月 {date.day} 日"


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


# ------------------------------------------------------------------ text size


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


def _render(part, **context):
    """A block component is a template of ../templates/design/parts/, as the inclusion tags are."""
    return get_template(f"design/parts/{part}.html").render(context)
