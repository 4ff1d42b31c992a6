"""Steps of an organisation's life as a reader fills them in. What can't be is said by the actions."""

from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.core.fields import PICK, day
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.fields import PlaceField, ScopedForm
from zhibu.web.organisations.models import Kind, Organisation, Sector

KINDS = [PICK, *Kind.choices]
SECTORS = [("", "不分领域"), *Sector.choices]
PAPER = "如：县委组〔2026〕12 号"


class StepForm(ScopedForm):
    """What every step needs; the fields of the step itself come first."""

    on = day("生效日期", "填写生效日期，一般是批复上的日期")
    document = forms.CharField(
        label="批准文件", max_length=200, help_text=PAPER, error_messages={"required": "写明批准文件的名称和文号"}
    )
    word, asks, danger = "保存", "", False

    def __init__(self, *args: Any, scope: Scope, here: Organisation, **kwargs: Any):
        super().__init__(*args, scope=scope, **kwargs)
        self.here = here
        own = [name for name in self.fields if name not in ("on", "document")]
        self.order_fields([*own, "on", "document"])


def _name(label: str = "全称") -> forms.CharField:
    return forms.CharField(label=label, max_length=120, error_messages={"required": "写明党组织全称"})


def _short() -> forms.CharField:
    return forms.CharField(label="简称", max_length=60, required=False, help_text="表格里用，可以短到分得清为止")


def _kind(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=KINDS, error_messages={"required": "选一个类别"})


class SetUpForm(StepForm):
    title, word = "设立下级党组织", "设立"
    name, short_name, kind = _name(), _short(), _kind("类别")
    sector = forms.ChoiceField(label="领域", choices=SECTORS, required=False)


class RenameForm(StepForm):
    title, word = "更名", "更名"
    name, short_name = _name("新的全称"), _short()


class ConvertForm(StepForm):
    title, word = "改设", "改设"
    kind = _kind("改设为")
    sector = forms.ChoiceField(label="领域", choices=SECTORS, required=False)


class MoveForm(StepForm):
    title, word = "调整隶属关系", "调整"
    to = PlaceField("新的上级党组织", "填写新的上级党组织")


class MergeForm(StepForm):
    title, word, danger = "并入另一个党组织", "合并", True
    asks = (
        "合并后，党员、下级、正在办的事项和待办转到接收的党组织；这里的职务、任职到当天为止，没办完的审批失效。"
        "不能撤回。确定吗？"
    )
    into = PlaceField("接收的党组织", "填写接收的党组织")


class AbolishForm(StepForm):
    title, word, danger = "撤销", "撤销", True
    asks = "撤销后它不再出现在名单里，职务和任职到当天为止，历史仍可查。确定吗？"


class UndoForm(forms.Form):
    reason = forms.CharField(
        label="撤回的理由", max_length=200, error_messages={"required": "写明撤回的理由，如：日期录错"}
    )
