from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "zhibu.web.funds"
    label = "funds"
    verbose_name = "经费和阵地"
    default_auto_field = "django.db.models.BigAutoField"
