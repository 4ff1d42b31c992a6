from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "zhibu.web.plans"
    label = "plans"
    verbose_name = "年度计划"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_coming, on_month, on_record
        from zhibu.web.core.waiting import on_waiting
        from zhibu.web.plans import beside, filling, inbox
        from zhibu.web.records.prefill import sources

        on_month(beside.month)
        on_record(beside.of_record)
        on_coming(beside.coming)
        on_waiting(inbox.waiting)
        for source in (filling.from_meeting, filling.from_item):
            if source not in sources:  # `ready` may run again in tests
                sources.append(source)
