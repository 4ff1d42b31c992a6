from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "zhibu.web.signin"
    label = "signin"
    verbose_name = "会议签到"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_people_asked, on_sheet_asked, on_sheet_written
        from zhibu.web.signin import beside

        on_sheet_asked(beside.known)
        on_sheet_written(beside.ways)
        on_people_asked(beside.people)
