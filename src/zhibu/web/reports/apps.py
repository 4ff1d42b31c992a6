from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "zhibu.web.reports"
    label = "reports"
    verbose_name = "报告包"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_month
        from zhibu.web.reports import beside

        on_month(beside.to_write)
