from django.apps import AppConfig


class RegulationsConfig(AppConfig):
    name = "zhibu.web.regulations"
    label = "regulations"
    verbose_name = "规则"
    default_auto_field = "django.db.models.BigAutoField"
