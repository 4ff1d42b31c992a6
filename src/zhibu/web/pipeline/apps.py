from django.apps import AppConfig


class PipelineConfig(AppConfig):
    name = "zhibu.web.pipeline"
    label = "pipeline"
    verbose_name = "计算"
    default_auto_field = "django.db.models.BigAutoField"
