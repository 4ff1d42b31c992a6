from django.apps import AppConfig


class BurdenConfig(AppConfig):
    name = "zhibu.web.burden"
    label = "burden"
    verbose_name = "负担"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.burden import beside, month, schemes
        from zhibu.web.core.announce import on_month, on_month_told, on_trial_told
        from zhibu.web.core.waiting import on_waiting

        on_month_told(month.told)
        on_trial_told(schemes.told)
        on_month(beside.to_fill)
        on_waiting(beside.waiting)
