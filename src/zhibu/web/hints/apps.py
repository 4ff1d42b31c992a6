from django.apps import AppConfig


class HintsConfig(AppConfig):
    name = "zhibu.web.hints"
    label = "hints"
    verbose_name = "提示"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_facts_changed, on_file_kept, on_month, on_record
        from zhibu.web.hints import beside, listening

        on_facts_changed(listening.facts_changed)
        on_file_kept(listening.file_kept)
        on_month(beside.to_answer)
        on_record(beside.of_record)
