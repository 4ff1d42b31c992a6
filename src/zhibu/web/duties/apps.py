from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "zhibu.web.duties"
    label = "duties"
    verbose_name = "事项"
    default_auto_field = "django.db.models.BigAutoField"
