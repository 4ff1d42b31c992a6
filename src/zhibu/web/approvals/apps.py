from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "zhibu.web.approvals"
    label = "approvals"
    verbose_name = "审批"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.approvals import ending, inbox
        from zhibu.web.core.announce import on_ended
        from zhibu.web.core.waiting import on_waiting

        on_ended(ending.lapse)
        on_waiting(inbox.waiting)
