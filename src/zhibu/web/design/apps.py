from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "zhibu.web.design"
    label = "design"
    verbose_name = "界面"
