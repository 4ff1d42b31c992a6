from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "zhibu.web.review"
    label = "review"
    verbose_name = "审核"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_check, on_month, on_receipt, on_record, on_recorded, on_tree_moved
        from zhibu.web.core.waiting import on_waiting
        from zhibu.web.review import beside, listening, sources

        on_recorded(listening.recorded)
        on_tree_moved(listening.moved)
        on_check(beside.before)
        on_receipt(beside.receipt)
        on_record(beside.of_record)
        on_month(beside.to_settle)
        on_waiting(sources.records)
        on_waiting(sources.filings)
