"""Sign-in sessions: one row each, read at every request, so that deleting the row ends the session."""

from __future__ import annotations

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models


class Session(AbstractBaseSession):
    """`session_key` is the digest of the key in the cookie: who reads the table cannot sign in with it.

    `expire_date` is the nearer of the idle and the absolute limit. A row stays a day after it expired, to know
    whose words were in a form that came too late (`held.py`).
    """

    session_key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey("accounts.User", models.CASCADE, null=True, related_name="sessions")
    device = models.CharField("设备", max_length=60, blank=True)  # 微信 8, Android
    address = models.CharField("地址", max_length=45, blank=True)
    started_at = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近使用")

    objects: BaseSessionManager = BaseSessionManager()

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "登录会话"

    @classmethod
    def get_session_store_class(cls) -> type:
        from zhibu.web.accounts.sessions import SessionStore

        return SessionStore
