from django.apps import AppConfig


class PersonalConfig(AppConfig):
    name = "zhibu.web.personal"
    label = "personal"
    verbose_name = "个人信息"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_merged
        from zhibu.web.core.scoped import withhold
        from zhibu.web.personal.queries import go_over
        from zhibu.web.personal.standings import withheld

        withhold("members.member", withheld)
        on_merged(go_over)
