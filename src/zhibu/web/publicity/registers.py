"""Five plain registers by one set of views: what each is called, its form, its columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.publicity import forms, queries
from zhibu.web.publicity.models import Column, Kept, Press, Recognised, Recommended, TourStop

Cell = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Register:
    """`columns`: heading → what stands there, a line is known by the first. `first`: what its empty page says."""

    kind: str
    word: str
    says: str
    first: str
    model: type[Kept]
    form: type[forms.RegisterForm]
    columns: dict[str, Cell]
    search: tuple[str, ...]

    def rows(self, scope: Scope, q: str = "") -> QuerySet[Any]:
        """Those not withdrawn, in the order of the table."""
        related = ("organisation", "column") if self.model is Press else ("organisation",)
        rows = self.model.objects.within(scope).filter(withdrawn_on=None).select_related(*related)
        asked = Q()
        for name in (*self.search, "organisation__name") if q else ():
            asked |= Q(**{f"{name}__icontains": q})
        return rows.filter(asked)

    def cells(self, row: Kept) -> list[Any]:
        return [told(row) for told in self.columns.values()]


def _published(one: Column) -> str:
    return f"{getattr(one, 'published', 0)} / {one.planned}"


def counted(register: Register, rows: list[Any], scope: Scope) -> list[Any]:
    """Columns with the number of pieces published; other rows as they are."""
    if register.model is Column:
        many = queries.published(rows, scope)
        for one in rows:
            one.published = many.get(one.pk, 0)
    return rows


REGISTERS = {
    one.kind: one
    for one in (
        Register(
            "press", "媒体报道", "报刊、网络、电视登了什么；正面的和批评的都登", "登过的报道记在这里，附上链接", Press,
            forms.PressForm,
            {"标题": lambda one: one.title, "媒体": lambda one: f"{one.get_medium_display()}：{one.outlet}",
             "刊发日期": lambda one: one.published_on, "性质": lambda one: one.get_tone_display(),
             "专栏": lambda one: str(one.column or ""), "内容": lambda one: one.subject, "链接": lambda one: one.link},
            ("title", "outlet", "subject"),
        ),
        Register(
            "columns", "专栏", "计划多少篇，已刊发多少篇；篇数从媒体报道里数出来",
            "先登记专栏和计划篇数，再登记报道时选上它",
            Column, forms.ColumnForm,
            {"专栏": lambda one: one.name, "媒体": lambda one: one.outlet, "已刊发 / 计划": _published,
             "从哪天起": lambda one: one.starts_on, "到哪天止": lambda one: one.ends_on,
             "写哪些内容": lambda one: one.subjects},
            ("name", "outlet", "subjects"),
        ),
        Register(
            "tours", "巡回报告", "哪天在哪里讲，多少人听；只记人数", "先把场次排好，讲了以后补实到听众", TourStop,
            forms.TourForm,
            {"报告会": lambda one: one.tour, "日期": lambda one: one.held_on, "地点": lambda one: one.place,
             "预计听众": lambda one: one.invited, "实到听众": lambda one: one.audience},
            ("tour", "place"),
        ),
        Register(
            "recommended", "向上推荐", "向上级推荐了哪些经验，采用没有", "推荐到上级的经验记在这里，有了结果再补上",
            Recommended, forms.RecommendedForm,
            {"经验": lambda one: one.experience, "推荐到": lambda one: one.get_level_display(),
             "推荐给": lambda one: one.to, "推荐日期": lambda one: one.recommended_on,
             "结果": lambda one: one.get_outcome_display(), "得知日期": lambda one: one.told_on,
             "凭据": lambda one: one.evidence},
            ("experience", "to"),
        ),
        Register(
            "recognised", "上级肯定", "在上级会议上交流发言、受到肯定，写明凭据",
            "上级会议上的发言和肯定记在这里，总结时用得上",
            Recognised, forms.RecognisedForm,
            {"会议": lambda one: one.meeting, "级别": lambda one: one.get_level_display(),
             "日期": lambda one: one.held_on, "发言": lambda one: one.speaker, "怎么肯定的": lambda one: one.praise,
             "凭据": lambda one: one.evidence, "链接": lambda one: one.link},
            ("meeting", "praise"),
        ),
    )
}  # fmt: skip
