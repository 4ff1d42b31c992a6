from django.apps import AppConfig

# Rows that go with a member (column `member`): who is withheld takes them along.
ABOUT_MEMBERS = (
    "members.memberchange", "members.transfer", "members.floating", "members.awaycontact", "members.care",
    "members.carehelp", "members.excused", "members.memberrole", "members.checkline", "members.filepaper",
    "appraisal.appraisalline",
)  # fmt: skip


class PersonalConfig(AppConfig):
    name = "zhibu.web.personal"
    label = "personal"
    verbose_name = "个人信息"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_merged
        from zhibu.web.core.scoped import withhold
        from zhibu.web.personal.queries import go_over
        from zhibu.web.personal.standings import withheld, withheld_with

        withhold("members.member", withheld)
        for label in ABOUT_MEMBERS:
            withhold(label, withheld_with)
        on_merged(go_over)
