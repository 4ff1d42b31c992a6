from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "zhibu.web.quizzes"
    label = "quizzes"
    verbose_name = "测试和竞赛"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_me
        from zhibu.web.quizzes import beside

        on_me(beside.to_sit)
