from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "zhibu.web.parties"
    label = "parties"
    verbose_name = "齐抓共管"
    default_auto_field = "django.db.models.BigAutoField"
