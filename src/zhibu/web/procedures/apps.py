from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "zhibu.web.procedures"
    label = "procedures"
    verbose_name = "程序"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_member_moved, on_merged, on_month, on_tree_moved
        from zhibu.web.core.waiting import on_waiting
        from zhibu.web.procedures import (
            following,
            inbox,
            wired,  # noqa: F401 - registers of members
        )
        from zhibu.web.procedures.keeping import tree_moved
        from zhibu.web.procedures.month import next_steps

        on_member_moved(following.moved)
        on_merged(following.merged)
        on_month(next_steps)
        on_waiting(inbox.waiting)
        on_tree_moved(tree_moved)
