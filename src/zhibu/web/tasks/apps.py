from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "zhibu.web.tasks"
    label = "tasks"
    verbose_name = "任务"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_decided, on_merged, on_month, on_remains_asked
        from zhibu.web.core.waiting import on_waiting
        from zhibu.web.tasks import beside, merging

        on_month(beside.to_do)
        on_decided(beside.decided)
        on_waiting(beside.waiting)
        on_remains_asked(merging.remains)
        on_merged(merging.take)
