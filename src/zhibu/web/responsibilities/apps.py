from django.apps import AppConfig


class ResponsibilitiesConfig(AppConfig):
    name = "zhibu.web.responsibilities"
    label = "responsibilities"
    verbose_name = "职责清单"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_merged, on_month, on_remains_asked
        from zhibu.web.responsibilities import merging
        from zhibu.web.responsibilities.month import due

        on_month(due)
        on_merged(merging.take)
        on_remains_asked(merging.remains)
