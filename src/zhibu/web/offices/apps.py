from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "zhibu.web.offices"
    label = "offices"
    verbose_name = "职务与班子"
