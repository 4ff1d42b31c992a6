from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "zhibu.web.learning"
    label = "learning"
    verbose_name = "学习"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_me
        from zhibu.web.core.waiting import on_waiting
        from zhibu.web.learning import beside, inbox

        on_me(beside.to_read)
        on_waiting(inbox.waiting)
