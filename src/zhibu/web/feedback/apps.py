from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "zhibu.web.feedback"
    label = "feedback"
    verbose_name = "意见建议"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.waiting import on_waiting
        from zhibu.web.feedback import inbox

        on_waiting(inbox.waiting)
