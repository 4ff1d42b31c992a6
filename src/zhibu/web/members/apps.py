from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "zhibu.web.members"
    label = "members"
    verbose_name = "党员"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_merged, on_month, on_remains_asked
        from zhibu.web.core.waiting import on_waiting
        from zhibu.web.members import (
            inbox,
            merging,
            month,
            number_export,  # noqa: F401 - registers its kind of approval
        )

        on_remains_asked(merging.remains)
        on_merged(merging.take)
        on_waiting(inbox.waiting)
        on_month(month.to_confirm)
