from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "zhibu.web.reminders"
    label = "reminders"
    verbose_name = "提醒"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_month_told
        from zhibu.web.reminders import beside

        on_month_told(beside.line)
