from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "zhibu.web.organisations"
    label = "organisations"
    verbose_name = "组织"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.accounts.queries import found_by
        from zhibu.web.organisations import finding

        found_by(lambda scope, text: finding.named(finding.reached(scope), text.strip()))
