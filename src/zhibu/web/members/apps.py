from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "zhibu.web.members"
    label = "members"
    verbose_name = "党员"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.members import number_export  # noqa: F401 - registers its kind of approval
