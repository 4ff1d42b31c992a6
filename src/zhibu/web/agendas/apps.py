from django.apps import AppConfig


class AgendasConfig(AppConfig):
    name = "zhibu.web.agendas"
    label = "agendas"
    verbose_name = "议事日程"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.agendas import beside
        from zhibu.web.core.announce import on_filing, on_month

        on_month(beside.to_hold)
        on_filing(beside.package)
