from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "zhibu.web.access"
    label = "access"
    verbose_name = "身份与范围"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.access import merging
        from zhibu.web.access.accounts import below
        from zhibu.web.access.policy import POLICY
        from zhibu.web.accounts.queries import reached_by
        from zhibu.web.audit import words
        from zhibu.web.core.announce import on_merged, on_remains_asked

        reached_by(below)
        words.learn({**POLICY.actions, **POLICY.acts}, POLICY.areas)
        on_remains_asked(merging.remains)
        on_merged(merging.end_all)
