from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "zhibu.web.letters"
    label = "letters"
    verbose_name = "责任书"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_merged, on_month, on_remains_asked
        from zhibu.web.core.waiting import on_waiting
        from zhibu.web.letters import beside, merging

        on_month(beside.to_do)
        on_waiting(beside.waiting)
        on_remains_asked(merging.remains)
        on_merged(merging.take)
