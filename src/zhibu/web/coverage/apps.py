from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "zhibu.web.coverage"
    label = "coverage"
    verbose_name = "两新覆盖"
    default_auto_field = "django.db.models.BigAutoField"
