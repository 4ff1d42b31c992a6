from django.apps import AppConfig


class DuesConfig(AppConfig):
    name = "zhibu.web.dues"
    label = "dues"
    verbose_name = "党费"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_month
        from zhibu.web.core.waiting import on_waiting
        from zhibu.web.dues import inbox
        from zhibu.web.dues.upward import month_rows

        on_month(month_rows)
        on_waiting(inbox.waiting)
