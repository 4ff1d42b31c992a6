from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "zhibu.web.offices"
    label = "offices"
    verbose_name = "职务与班子"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_ended, on_leaving_asked, on_merged, on_month, on_revived, on_roster_left
        from zhibu.web.core.waiting import on_waiting
        from zhibu.web.offices import ending, month

        on_ended(ending.end_all)
        on_merged(ending.go_over)
        on_revived(ending.revive)
        on_roster_left(ending.left)
        on_leaving_asked(ending.duties)
        on_month(month.to_reply)
        on_waiting(month.waiting)
