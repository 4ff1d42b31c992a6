from django.apps import AppConfig


class LiaisonConfig(AppConfig):
    name = "zhibu.web.liaison"
    label = "liaison"
    verbose_name = "常联系"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_month
        from zhibu.web.liaison.queries import to_answer

        on_month(to_answer)
