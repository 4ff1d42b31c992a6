from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "zhibu.web.dashboards"
    label = "dashboards"
    verbose_name = "看板"
    default_auto_field = "django.db.models.BigAutoField"
