from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "zhibu.web.records"
    label = "records"
    verbose_name = "活动记录"
    default_auto_field = "django.db.models.BigAutoField"
