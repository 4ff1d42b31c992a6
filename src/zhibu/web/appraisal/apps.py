from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    name = "zhibu.web.appraisal"
    label = "appraisal"
    verbose_name = "民主评议党员"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.appraisal import beside
        from zhibu.web.core.announce import on_month, on_record, on_remains_asked

        on_month(beside.month)
        on_record(beside.of_record)
        on_remains_asked(beside.remains)
