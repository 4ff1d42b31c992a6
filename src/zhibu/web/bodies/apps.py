from django.apps import AppConfig


class BodiesConfig(AppConfig):
    name = "zhibu.web.bodies"
    label = "bodies"
    verbose_name = "单位和机构"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.bodies import merging
        from zhibu.web.core.announce import on_merged, on_remains_asked

        on_remains_asked(merging.remains)
        on_merged(merging.take)
