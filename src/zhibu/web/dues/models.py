"""The ledger of dues. What is owed is never stored: it is reckoned from these rows (`reckoning.py`)."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models

from zhibu.web.core.scoped import Scoped


def yuan(label: str, **more: object) -> models.DecimalField:
    return models.DecimalField(label, max_digits=12, decimal_places=2, validators=[MinValueValidator(0)], **more)  # type: ignore[arg-type]


class Every(models.TextChoices):
    """How often a branch hands in. No regulation was found that gives it: empty means not set."""

    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"


class Practice(Scoped):
    """收缴办法 of an organisation and all below it that have none of their own, from a month on."""

    class Mode(models.TextChoices):
        MONTH_OF_CHANGE = "month_of_change", "收入变动当月起按新基数"
        START_OF_YEAR = "start_of_year", "按年初基数定一年"

    organisation = models.ForeignKey("organisations.Organisation", models.CASCADE, related_name="+")
    starts_on = models.DateField("从哪个月起")
    mode = models.CharField("基数何时变", max_length=20, choices=Mode)
    vote_month = models.BooleanField("预备党员通过当月交", default=True)
    branch_relieves = models.BooleanField("离退休党员的减免由支部决定", default=False)
    hand_in_every = models.CharField("多久上缴一次", max_length=10, choices=Every, blank=True)
    hand_in_day = models.PositiveSmallIntegerField("次月几日前上缴", null=True)
    basis = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = "党费收缴办法"
        constraints = [models.UniqueConstraint(fields=["organisation", "starts_on"], name="one_practice_from_a_month")]


class PayerKind(models.TextChoices):
    """The rates of `packs/central/dues/rates.yaml` (a test compares them)."""

    MONTHLY = "monthly", "按月领取工资"
    ANNUAL = "annual", "年薪制"
    SELF_EMPLOYED = "self_employed", "不按月取得收入"
    RETIRED = "retired", "离退休"
    FARMER = "farmer", "农民"
    STUDENT = "student", "学生"
    UNEMPLOYED = "unemployed", "下岗失业"
    RELIEF = "relief", "抚恤、救济或低保"


class Base(Scoped):
    """交纳基数: from a day on a member pays as this kind, by this base (or chosen sum) in yuan."""

    scope_path = "member__organisation__path"

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="bases")
    since = models.DateField("从哪天起")
    kind = models.CharField("交纳类别", max_length=20, choices=PayerKind)
    amount = yuan("交纳基数（元）", null=True)

    class Meta:
        verbose_name = "党费基数"
        constraints = [models.UniqueConstraint(fields=["member", "since"], name="one_base_from_a_day")]

    def __str__(self) -> str:
        return f"{self.since}起·{self.get_kind_display()}"


class Relief(Scoped):
    """减交、免交 in two steps: the branch studies and asks, the next committee decides (art. 7)."""

    class State(models.TextChoices):
        ASKED = "asked", "等上级批准"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"

    scope_path = "member__organisation__path"

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="reliefs")
    since = models.DateField("从哪个月起")
    until = models.DateField("到哪个月止")
    amount = yuan("减为每月（元）", default=0)
    reason = models.CharField("理由", max_length=200)
    studied_on = models.DateField("支部研究日期")
    state = models.CharField("状态", max_length=10, choices=State, default=State.ASKED)
    decided_on = models.DateField("决定日期", null=True)
    decided_by = models.CharField("决定的党组织", max_length=120, blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True)

    class Meta:
        verbose_name = "党费减免"


class HandIn(Scoped):
    """上缴: what a branch hands to its superior; its payments point to it, so a difference has its rows. The superior
    counts it and confirms, or returns it: then its payments are free for the next one."""

    class State(models.TextChoices):
        SENT = "sent", "等上级核收"
        RECEIVED = "received", "已核收"
        RETURNED = "returned", "退回"

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    handed_on = models.DateField("上缴日期")
    first = models.DateField("从哪个月", null=True)
    last = models.DateField("到哪个月", null=True)
    due = yuan("台账合计（元）")
    amount = yuan("实际上缴（元）")
    voucher = models.CharField("凭证号", max_length=60, blank=True)
    note = models.CharField("差额说明", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.SENT)
    answered_on = models.DateField("核收或退回日期", null=True)
    received = yuan("上级核收（元）", null=True)
    receipt = models.CharField("上级收据号", max_length=60, blank=True)
    answer = models.CharField("核收说明或退回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "党费上缴"

    @property
    def difference(self) -> Decimal:
        """What was really handed over less the sum of the ledger, in yuan."""
        return self.amount - self.due

    @property
    def counted_difference(self) -> Decimal | None:
        """What the superior counted less what the branch told, in yuan; None while nothing is counted."""
        return None if self.received is None else self.received - self.amount


class Payment(Scoped):
    """One member's dues for one month, or a voluntary sum (no month). Never deleted: a mistake is voided."""

    class Kind(models.TextChoices):
        MONTHLY = "monthly", "按月党费"
        VOLUNTARY = "voluntary", "自愿多交"

    class Way(models.TextChoices):
        CASH = "cash", "现金"
        TRANSFER = "transfer", "转账"
        OTHERS = "others", "委托他人代交"

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="payments")
    kind = models.CharField("种类", max_length=10, choices=Kind, default=Kind.MONTHLY)
    month = models.DateField("哪个月的", null=True)
    paid_on = models.DateField("交纳日期")
    amount = yuan("金额（元）")
    way = models.CharField("方式", max_length=10, choices=Way, default=Way.CASH)
    collected_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    receipt = models.CharField("收据号", max_length=40, db_index=True)
    hand_in = models.ForeignKey(HandIn, models.PROTECT, null=True, related_name="payments")
    passed_up_on = models.DateField("转交上级日期", null=True)
    passed_up_receipt = models.CharField("上级收据号", max_length=60, blank=True)
    voided_on = models.DateField("作废日期", null=True)
    voided_why = models.CharField("作废原因", max_length=100, blank=True)

    class Meta:
        verbose_name = "党费交纳"
        indexes = [models.Index(fields=["organisation", "month"])]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "month"], condition=models.Q(voided_on=None), name="a_month_is_paid_once"
            )
        ]

    def __str__(self) -> str:
        return f"收据 {self.receipt}"


class Purpose(models.TextChoices):
    """The closed list of art. 19 (a test compares it with the table)."""

    TRAINING = "training", "培训党员"
    READING = "reading", "党员教育的报刊、资料和设备"
    COMMENDATION = "commendation", "表彰先进"
    HARDSHIP = "hardship", "补助生活困难的党员"
    DISASTER = "disaster", "补助受灾的党员、修缮受灾的教育设施"


class Use(Scoped):
    """党费使用: for one of five purposes, decided by a body on a day."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    used_on = models.DateField("使用日期")
    purpose = models.CharField("用途", max_length=20, choices=Purpose)
    amount = yuan("金额（元）")
    what = models.CharField("说明", max_length=200)
    decided_on = models.DateField("研究决定日期")
    decided_by = models.CharField("集体决定的会议", max_length=80)

    class Meta:
        verbose_name = "党费使用"
