"""What the pages with the form share: reading what was typed, the setting of that day, the buttons inside."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.dateparse import parse_datetime

from zhibu.web.core import announce, clock, htmx
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import actions, cleaning, queries, ties
from zhibu.web.records.fields import Day
from zhibu.web.records.forms import FRAME, RecordForm, Setting
from zhibu.web.records.models import Draft, Record
from zhibu.web.records.prefill import frame_of
from zhibu.web.records.typed import pack
from zhibu.web.records.views.typing import owner_mark
from zhibu.web.regulations.activities import frames

FRAME_ACT = "frame:"


def form_of(
    scope: Scope, own: Organisation, data: QueryDict, *, quiet: bool = False, record: Record | None = None
) -> RecordForm:
    """The form for these words; rosters and duties are those of the day typed, of today until it makes sense."""
    typed = _day(data)
    sensible = typed is not None and typed <= scope.on and not (own.founded_on and typed < own.founded_on)
    on = typed if typed and sensible else scope.on
    setting = Setting(
        organisation=own,
        today=scope.on,
        on=on,
        members=list(queries.members_ever(scope, own)),
        known=announce.sheet_known(own.pk, on, data.getlist("types"), cleaning.key(data.get("key", ""))),
        closing=queries.closable(scope, own, None, on) if sensible else [],  # no day, no period to name
        owing=queries.makes_up_choices(scope, own, scope.on),
        kept_make_up=record.makes_up if record else "",
        offers=ties.offers(scope, own, on, record),
    )
    return RecordForm(data, setting=setting, quiet=quiet)


def _day(data: QueryDict) -> date | None:
    try:
        return Day(required=False).clean(data.get("held_on", ""))
    except ValidationError:
        return None


def press(scope: Scope, own: Organisation, data: QueryDict) -> QueryDict:
    """The small buttons inside the form: 今天, 昨天, 插入格式. Gives the words as they are then."""
    data = data.copy()
    act = data.get("do")
    if act == "today":
        data["held_on"] = scope.on.isoformat()
    elif act == "yesterday":
        data["held_on"] = (scope.on - timedelta(days=1)).isoformat()
    elif act == "frame":
        data["content"] = _below(data.get("content", ""), FRAME)
    elif act == "last":
        last = queries.last_like(scope, own, data.getlist("types"))
        data["content"] = _below(data.get("content", ""), frame_of(last))
    elif act and act.startswith(FRAME_ACT):
        data["content"] = _below(data.get("content", ""), _frame(scope, own, act.removeprefix(FRAME_ACT)))
    return data


def _frame(scope: Scope, own: Organisation, name: str) -> str:
    """The text of that name among those the form of today offers; nothing for any other."""
    offered = [frame for offer in ties.offers(scope, own, scope.on, None).values() for frame in offer.frames]
    return next((one.text.strip() for one in (*offered, *frames()) if one.id == name), "")


def _below(text: str, more: str) -> str:
    return f"{text.rstrip()}\n\n{more}" if text.strip() else more


def keep(scope: Scope, data: QueryDict, *, force: bool = False) -> Draft:
    """Save the words as a draft. Raises DraftMoved when another page saved other words since."""
    seen = None if force else parse_datetime(data.get("seen", "") or "")
    return actions.save_draft(
        by=scope, key=cleaning.key(data.get("key", "")) or "unnamed", fields=pack(data), seen=seen
    )


def show(request: HttpRequest, form: RecordForm, *, status: int = 200, **context: Any) -> HttpResponse:
    """The page with the form; a new page load gets its own mark, a form sent back keeps the one it had."""
    data = form.data.copy()
    data.setdefault("tab", uuid.uuid4().hex)
    data.setdefault("seen", clock.now().isoformat())
    form.data = data
    sheet = form.sheet
    return htmx.page(
        request,
        "records/form.html",
        {
            "form": form,
            "owner": owner_mark(request),
            "own": form.setting.organisation,
            "signed": sum(row.member.pk in form.setting.known for row in sheet.rows),
            "excused": sum(row.state == "excused" for row in sheet.rows),
            "sheet_open": sheet.touched or bool(form.errors),
            "has_errors": bool(form.errors),
            **context,
        },
        status=status,
    )


def cleaned(form: RecordForm) -> tuple[dict[str, Any], dict[int, str]]:
    """What the actions take: fields and attendance."""
    return form.cleaned_data, form.sheet.settled
