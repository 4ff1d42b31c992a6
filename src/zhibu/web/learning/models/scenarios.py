"""情景模拟: a procedure to be walked in the sandbox, with a story, roles and notes. What is walked is not kept."""

from __future__ import annotations

from django.db import models

from zhibu.web.core.scoped import Scoped


class Scenario(Scoped):
    """A scenario of an organisation for itself and all below. `procedure`: key of a published one."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    title = models.CharField("名称", max_length=80)
    procedure = models.CharField("程序", max_length=60)
    story = models.TextField("情景", max_length=3000)
    roles = models.TextField("角色", max_length=1000)  # one a line
    notes = models.TextField("要点", max_length=3000, blank=True)
    closed_on = models.DateField("停用日期", null=True)

    class Meta:
        verbose_name = "情景模拟"
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title
