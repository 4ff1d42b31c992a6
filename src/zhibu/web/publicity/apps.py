from django.apps import AppConfig


class PublicityConfig(AppConfig):
    name = "zhibu.web.publicity"
    label = "publicity"
    verbose_name = "宣传信息"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_month, on_record
        from zhibu.web.core.waiting import on_waiting
        from zhibu.web.publicity import inbox
        from zhibu.web.publicity.beside import papers
        from zhibu.web.publicity.month import month_rows

        on_month(month_rows)
        on_record(papers)
        on_waiting(inbox.waiting)
