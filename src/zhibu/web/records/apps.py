from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "zhibu.web.records"
    label = "records"
    verbose_name = "活动记录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_merged, on_post_handed_over
        from zhibu.web.records.actions.drafts import go_over, hand_over

        on_post_handed_over(hand_over)
        on_merged(go_over)
