from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "zhibu.web.programmes"
    label = "programmes"
    verbose_name = "专项和中心工作"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_month
        from zhibu.web.programmes import month, tying
        from zhibu.web.records import ties

        on_month(month.to_begin)
        ties.register(tying.TIE)
