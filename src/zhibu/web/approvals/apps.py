from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "zhibu.web.approvals"
    label = "approvals"
    verbose_name = "审批"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.approvals import ending
        from zhibu.web.core.announce import on_ended

        on_ended(ending.lapse)
