from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "zhibu.web.library"
    label = "library"
    verbose_name = "制度库"
    default_auto_field = "django.db.models.BigAutoField"
