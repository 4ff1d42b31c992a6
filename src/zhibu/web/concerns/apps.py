from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    name = "zhibu.web.concerns"
    label = "concerns"
    verbose_name = "反映事项"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.concerns import inbox, merging
        from zhibu.web.concerns.month import waiting
        from zhibu.web.core.announce import on_merged, on_month, on_remains_asked
        from zhibu.web.core.waiting import on_waiting

        on_month(waiting)
        on_waiting(inbox.waiting)
        on_remains_asked(merging.remains)
        on_merged(merging.take)
