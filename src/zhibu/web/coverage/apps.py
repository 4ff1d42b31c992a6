from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "zhibu.web.coverage"
    label = "coverage"
    verbose_name = "两新覆盖"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_month
        from zhibu.web.coverage import quiet, serving
        from zhibu.web.records import ties

        on_month(quiet.to_ask)
        ties.register(serving.TIE)
