"""职务与班子: which offices an organisation has, who holds them from when to when, and what follows from that.

An office here is the Party's own (书记, 委员 …). What a person may do in the system is `access.Post`, another thing.
"""

from __future__ import annotations

from django.db import models

from zhibu.web.core.scoped import Scoped

ORGANISATION = "organisations.Organisation"
MEMBER = "members.Member"


class Office(Scoped):
    """职务: a seat or several that an organisation was allowed, by a document or clause. Both dates are inclusive."""

    class Kind(models.TextChoices):
        SECRETARY = "secretary", "书记"
        DEPUTY = "deputy", "副书记"
        COMMITTEE = "committee", "委员"
        OFFICE_HEAD = "office_head", "党办主任"
        STAFF = "staff", "专职党务干部"
        OTHER = "other", "其他职务"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="offices")
    kind = models.CharField("类别", max_length=12, choices=Kind)
    title = models.CharField("职务名称", max_length=40)
    seats = models.PositiveSmallIntegerField("核定职数", default=1)
    document = models.CharField("依据", max_length=200)
    starts_on = models.DateField("设立日期")
    ends_on = models.DateField("撤销日期", null=True)

    class Meta:
        verbose_name = "职务"
        constraints = [
            models.CheckConstraint(condition=models.Q(seats__gte=1), name="office_has_a_seat"),
            models.UniqueConstraint(
                fields=["organisation", "title"], condition=models.Q(ends_on=None), name="one_office_of_a_title"
            ),
        ]

    def __str__(self) -> str:
        return self.title


# Whose holders are the leading body that an election fills (换届).
BODY = (Office.Kind.SECRETARY, Office.Kind.DEPUTY, Office.Kind.COMMITTEE)


class Tenure(Scoped):
    """任职记录: one person in one office. `name` as the document has it; `member` where he is on a roster here.

    `full_time`, `head` (of the administration), `principal` (of a school): null is not known.
    """

    scope_path = "office__organisation__path"

    class How(models.TextChoices):
        ELECTED = "elected", "选举"
        APPOINTED = "appointed", "任命"

    office = models.ForeignKey(Office, models.PROTECT, related_name="tenures")
    member = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="tenures")
    name = models.CharField("姓名", max_length=40)
    starts_on = models.DateField("任职日期")
    ends_on = models.DateField("离任日期", null=True)
    how = models.CharField("产生方式", max_length=10, choices=How)
    full_time = models.BooleanField("专职", null=True)
    head = models.BooleanField("兼行政主要负责人", null=True)
    principal = models.BooleanField("兼校长", null=True)
    document = models.CharField("任职文件", max_length=200)
    end_document = models.CharField("免职文件", max_length=200, blank=True)

    class Meta:
        verbose_name = "任职记录"
        indexes = [models.Index(fields=["office", "ends_on"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="tenure_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Standard(Scoped):
    """标准: a number the owner decided, for an organisation and all below it; the nearest above holds.

    Nothing ships filled in: the sources leave these open (undefined-terms.md), so without a row nothing is checked.
    """

    class Key(models.TextChoices):
        PARTY_OFFICE = "party_office", "机关党委设党办，党办主任几名"
        RESERVE_SECRETARY = "reserve_secretary", "每名村书记培养后备几人"
        RESERVE_CADRE = "reserve_cadre", "每名村干部培养后备几人"
        AGE = "age", "党务干部超过几岁提示"
        YEARS = "years", "同一职务任职超过几年提示"
        TALK_DAYS = "talk_days", "新任专职副书记几天内谈话"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="standards")
    key = models.CharField("标准", max_length=20, choices=Key)
    value = models.DecimalField("数值", max_digits=5, decimal_places=1)
    document = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = "班子建设标准"
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="one_standard_of_a_key")]

    def __str__(self) -> str:
        return self.get_key_display()


class Reserve(Scoped):
    """后备人选: somebody trained for an office of a village. A person may be on it for one thing at a time."""

    class Post(models.TextChoices):
        SECRETARY = "secretary", "村书记后备"
        CADRE = "cadre", "村干部后备"

    class Source(models.TextChoices):
        DEPUTY = "deputy", "村“两委”副职"
        CLERK = "clerk", "文书"
        GROUP = "group", "组干部"
        MEMBER = "member", "其他优秀党员"
        FARMER = "farmer", "优秀青年农民"
        OTHER = "other", "其他"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="reserves")
    post = models.CharField("培养方向", max_length=10, choices=Post)
    member = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="reserves")
    name = models.CharField("姓名", max_length=40)
    source = models.CharField("来源", max_length=10, choices=Source)
    starts_on = models.DateField("列入日期")
    ends_on = models.DateField("调出日期", null=True)
    end_reason = models.CharField("调出原因", max_length=200, blank=True)
    training = models.TextField("培养情况", max_length=1000, blank=True)

    class Meta:
        verbose_name = "后备人选"

    def __str__(self) -> str:
        return self.name


class Opinion(Scoped):
    """听取意见: before a personnel matter is settled, the organisation concerned is asked. Belongs to who is asked."""

    class Kind(models.TextChoices):
        APPOINT = "appoint", "任免"
        TRANSFER = "transfer", "调动"
        REWARD = "reward", "奖励"
        PUNISH = "punish", "惩处"
        APPRAISE = "appraise", "考核、民主评议、民主推荐"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="opinions")
    kind = models.CharField("事项类别", max_length=10, choices=Kind)
    matter = models.CharField("事项", max_length=200)
    asked_by = models.CharField("征求意见的单位", max_length=120)
    asked_on = models.DateField("征求日期")
    due_on = models.DateField("答复期限")
    reply = models.TextField("书面意见", max_length=2000, blank=True)
    participants = models.CharField("参加的人", max_length=200, blank=True)
    replied_on = models.DateField("答复日期", null=True)
    closed_on = models.DateField("办结日期", null=True)
    outcome = models.CharField("采纳情况", max_length=200, blank=True)

    class Meta:
        verbose_name = "听取意见"

    def __str__(self) -> str:
        return self.matter


class Talk(Scoped):
    """任职谈话: a task that follows the appointment of a full-time deputy. `due_on` null: no time was set."""

    scope_path = "tenure__office__organisation__path"

    tenure = models.OneToOneField(Tenure, models.CASCADE, related_name="talk")
    due_on = models.DateField("期限", null=True)
    held_on = models.DateField("谈话日期", null=True)
    talker = models.CharField("谈话人", max_length=40, blank=True)
    notes = models.TextField("谈话记录", max_length=2000, blank=True)

    class Meta:
        verbose_name = "任职谈话"

    def __str__(self) -> str:
        return str(self.held_on or self.due_on)


class Exchange(Scoped):
    """交流计划: a Party worker goes to administration, or the other way. Belongs to where the person works now."""

    class Way(models.TextChoices):
        OUT = "out", "党务到行政业务"
        IN = "in", "行政业务到党务"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="exchanges")
    name = models.CharField("姓名", max_length=40)
    way = models.CharField("方向", max_length=4, choices=Way)
    to = models.CharField("去向", max_length=120)
    planned_on = models.DateField("计划日期")
    done_on = models.DateField("完成日期", null=True)
    document = models.CharField("文件", max_length=200, blank=True)

    class Meta:
        verbose_name = "交流计划"

    def __str__(self) -> str:
        return self.name


class Career(Scoped):
    """村干部履历: what happened to a village cadre, under the four headings of M252."""

    class Heading(models.TextChoices):
        SELECTION = "selection", "选拔"
        EXIT = "exit", "退出"
        INCENTIVE = "incentive", "激励"
        GUARANTEE = "guarantee", "保障"

    organisation = models.ForeignKey(ORGANISATION, models.PROTECT, related_name="careers")
    name = models.CharField("姓名", max_length=40)
    heading = models.CharField("类别", max_length=10, choices=Heading)
    happened_on = models.DateField("日期")
    text = models.CharField("内容", max_length=300)
    document = models.CharField("文件", max_length=200, blank=True)

    class Meta:
        verbose_name = "村干部履历"

    def __str__(self) -> str:
        return self.name


class TermReminder(Scoped):
    """换届提醒: the superior reminded an organisation of the end of this term. One for a term."""

    organisation = models.ForeignKey(ORGANISATION, models.CASCADE, related_name="term_reminders")
    ends_on = models.DateField("届满日期")
    sent_on = models.DateField("提醒日期")
    sent_by = models.CharField("提醒的单位", max_length=120)

    class Meta:
        verbose_name = "换届提醒"
        constraints = [models.UniqueConstraint(fields=["organisation", "ends_on"], name="one_reminder_of_a_term")]

    def __str__(self) -> str:
        return str(self.ends_on)
