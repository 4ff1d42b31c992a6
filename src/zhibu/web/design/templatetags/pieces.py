"""Lists and panels: whole pieces of page."""

from itertools import pairwise

from django import template
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zhibu.web.design.templatetags.formats import NO_DATA
from zhibu.web.design.vocabulary import status_of

register = template.Library()


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


def _render(part, **context):
    """A block component is a template of ../templates/design/parts/, as the inclusion tags are."""
    return get_template(f"design/parts/{part}.html").render(context)
