from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "zhibu.web.service"
    label = "service"
    verbose_name = "承诺和服务"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_merged, on_month, on_remains_asked, on_roster_left
        from zhibu.web.service import leaving
        from zhibu.web.service.month import waiting

        on_month(waiting)
        on_remains_asked(leaving.remains)
        on_merged(leaving.take)
        on_roster_left(leaving.left)
