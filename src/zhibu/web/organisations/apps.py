from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "zhibu.web.organisations"
    label = "organisations"
    verbose_name = "组织"
    default_auto_field = "django.db.models.BigAutoField"
