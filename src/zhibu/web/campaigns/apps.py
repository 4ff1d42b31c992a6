from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "zhibu.web.campaigns"
    label = "campaigns"
    verbose_name = "专项活动"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.campaigns import beside
        from zhibu.web.core.announce import on_month, on_record

        on_month(beside.to_settle)
        on_record(beside.remarks)
