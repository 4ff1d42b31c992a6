from django.apps import AppConfig


class GuidesConfig(AppConfig):
    name = "zhibu.web.guides"
    label = "guides"
    verbose_name = "服务指南"
    default_auto_field = "django.db.models.BigAutoField"
