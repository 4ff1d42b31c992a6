from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "zhibu.web.library"
    label = "library"
    verbose_name = "制度库"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_month
        from zhibu.web.library.month import unanswered
        from zhibu.web.library.sources import cites
        from zhibu.web.library.steps import published

        cites(published)
        on_month(unanswered)
