"""宣传信息: news handed in, stories with consent, and five plain registers (`Kept`)."""

from __future__ import annotations

from django.core.validators import URLValidator
from django.db import models

from zhibu.web.core.scoped import Scoped

ORGANISATION = "organisations.Organisation"


class Level(models.TextChoices):
    TOWN = "town", "乡镇（街道）"
    COUNTY = "county", "县（区）"
    CITY = "city", "市"
    PROVINCE = "province", "省"
    CENTRAL = "central", "中央"


def link(label: str = "链接") -> models.URLField:
    """Shown as text and link; nothing here ever fetches it. https alone."""
    return models.URLField(label, max_length=300, blank=True, validators=[URLValidator(schemes=["https"])])


class News(Scoped):
    """信息: what an organisation hands to its superior. `record` is the activity record its duty is judged by.

    `sent_on` is the first day and never moves; a returned one that is sent again stays the same one.
    """

    class Kind(models.TextChoices):
        NEWS = "news", "工作动态"
        EXPERIENCE = "experience", "经验交流"

    class State(models.TextChoices):
        SENT = "sent", "等上级处理"
        ADOPTED = "adopted", "已采用"
        RETURNED = "returned", "退回"
        WITHDRAWN = "withdrawn", "已撤回"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    title = models.CharField("标题", max_length=120)
    text = models.TextField("正文", max_length=20_000)
    state = models.CharField("状态", max_length=10, choices=State, default=State.SENT)
    sent_on = models.DateField("报送日期", db_index=True)
    resent_on = models.DateField("重新报送日期", null=True)
    record = models.ForeignKey("records.Record", models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField("处理日期", null=True)
    answered_by = models.CharField("处理的党组织", max_length=120, blank=True)
    level = models.CharField("采用级别", max_length=10, choices=Level, blank=True)
    published_in = models.CharField("刊发在", max_length=120, blank=True)
    answer = models.CharField("退回或撤回原因", max_length=200, blank=True)
    shared_on = models.DateField("互通日期", null=True)

    class Meta:
        verbose_name = "信息"
        ordering = ["-sent_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def status(self) -> str:
        """A word of `design/vocabulary.py`."""
        return {"sent": "waiting", "adopted": "done", "returned": "returned"}.get(self.state, "na")


class MeetingPaper(Scoped):
    """交流材料: what was presented at a meeting of the own organisation, out of the exchange."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    record = models.ForeignKey("records.Record", models.PROTECT, related_name="+")
    news = models.ForeignKey(News, models.PROTECT, related_name="papers")
    added_on = models.DateField("选入日期")

    class Meta:
        verbose_name = "交流材料"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["record", "news"], name="one_paper_of_a_meeting")]

    def __str__(self) -> str:
        return str(self.news)


class Story(Scoped):
    """典型故事, from a lead to its publication. `person`: whom it names; empty when it names nobody.

    Consent is the person's: who gave it, when, for what. Withdrawn, the words and files are gone and this row says so.
    """

    class State(models.TextChoices):
        LEAD = "lead", "线索"
        DRAFT = "draft", "初稿"
        EDITED = "edited", "已编辑"
        PUBLISHED = "published", "已刊发"
        DOWN = "down", "已撤下"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    title = models.CharField("标题", max_length=120)
    lead = models.CharField("线索", max_length=500)
    person = models.CharField("写到的人", max_length=40, blank=True)
    text = models.TextField("稿件", max_length=20_000, blank=True)
    film = link("宣传片链接")
    state = models.CharField("状态", max_length=10, choices=State, default=State.LEAD)
    found_on = models.DateField("发现日期")
    edited_on = models.DateField("编辑日期", null=True)
    edited_by = models.CharField("编辑的党组织", max_length=120, blank=True)
    published_on = models.DateField("刊发日期", null=True)
    published_in = models.CharField("刊发在", max_length=120, blank=True)
    consent_on = models.DateField("同意日期", null=True)
    consent_by = models.CharField("谁同意的", max_length=40, blank=True)
    consent_for = models.CharField("同意用于", max_length=200, blank=True)
    down_on = models.DateField("撤下日期", null=True)
    down_why = models.CharField("撤下原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "典型故事"
        ordering = ["-found_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def may_publish(self) -> bool:
        return not self.person or self.consent_on is not None


class Kept(Scoped):
    """A line of a register of the own organisation; withdrawn with a reason, never deleted."""

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="+")
    withdrawn_on = models.DateField("撤回日期", null=True)
    withdrawn_why = models.CharField("撤回原因", max_length=200, blank=True)

    class Meta:
        abstract = True


class Column(Kept):
    """专栏: how many pieces are planned, about what. What was published is counted from `Press`."""

    name = models.CharField("专栏名称", max_length=80)
    outlet = models.CharField("刊发的媒体", max_length=80)
    planned = models.PositiveIntegerField("计划篇数")
    starts_on = models.DateField("从哪天起")
    ends_on = models.DateField("到哪天止", null=True)
    subjects = models.CharField("写哪些内容", max_length=300, blank=True)

    class Meta:
        verbose_name = "专栏"
        ordering = ["-starts_on", "-pk"]

    def __str__(self) -> str:
        return self.name


class Press(Kept):
    """媒体报道: one piece published in one medium, praising or critical."""

    class Medium(models.TextChoices):
        PAPER = "paper", "报刊"
        NET = "net", "网络"
        TELEVISION = "television", "电视"
        RADIO = "radio", "广播"
        OTHER = "other", "其他"

    class Tone(models.TextChoices):
        POSITIVE = "positive", "正面宣传"
        CRITICAL = "critical", "舆论监督"

    title = models.CharField("标题", max_length=120)
    medium = models.CharField("媒体类别", max_length=10, choices=Medium)
    outlet = models.CharField("媒体名称", max_length=80)
    published_on = models.DateField("刊发日期")
    tone = models.CharField("性质", max_length=10, choices=Tone)
    column = models.ForeignKey(Column, models.PROTECT, null=True, related_name="pieces", verbose_name="属于哪个专栏")
    subject = models.CharField("内容", max_length=60, blank=True)
    link = link()

    class Meta:
        verbose_name = "媒体报道"
        ordering = ["-published_on", "-pk"]


class TourStop(Kept):
    """巡回报告场次: where a touring report is held, and how many heard it (a number, no names)."""

    tour = models.CharField("报告会名称", max_length=80)
    held_on = models.DateField("日期")
    place = models.CharField("地点", max_length=120)
    invited = models.PositiveIntegerField("预计听众", null=True)
    audience = models.PositiveIntegerField("实到听众", null=True)

    class Meta:
        verbose_name = "巡回报告场次"
        ordering = ["-held_on", "-pk"]


class Recommended(Kept):
    """向上推荐: an experience told to a higher level, and whether it was taken up."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", "等回音"
        ADOPTED = "adopted", "已采用"
        DECLINED = "declined", "未采用"

    experience = models.CharField("经验", max_length=120)
    level = models.CharField("推荐到", max_length=10, choices=Level)
    to = models.CharField("推荐给", max_length=120)
    recommended_on = models.DateField("推荐日期")
    outcome = models.CharField("结果", max_length=10, choices=Outcome, default=Outcome.WAITING)
    told_on = models.DateField("得知结果日期", null=True)
    evidence = models.CharField("凭据", max_length=200, blank=True)

    class Meta:
        verbose_name = "向上推荐"
        ordering = ["-recommended_on", "-pk"]


class Recognised(Kept):
    """上级肯定: an exchange talk at a meeting of a higher level, or praise there. The speaker is a post, not a name."""

    meeting = models.CharField("会议", max_length=120)
    level = models.CharField("级别", max_length=10, choices=Level)
    held_on = models.DateField("日期")
    speaker = models.CharField("发言的单位和职务", max_length=120, blank=True)
    praise = models.CharField("怎么肯定的", max_length=200)
    evidence = models.CharField("凭据", max_length=200)
    link = link()

    class Meta:
        verbose_name = "上级肯定"
        ordering = ["-held_on", "-pk"]
