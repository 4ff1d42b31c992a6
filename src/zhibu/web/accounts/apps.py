from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "zhibu.web.accounts"
    label = "accounts"
    verbose_name = "账号"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from zhibu.web.accounts.sessions import begin

        user_logged_in.connect(begin, dispatch_uid="accounts.sessions.begin")
