"""People who sign in. What they may see comes from their posts (`access`), never from the account."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from zhibu.web.core.sealed import SealedField, put, whole


class User(AbstractBaseUser):
    """An account. `username` is a mobile number or a unit account; passwords are hashed with Argon2id.

    `first_until`: the password is a first one, handed over by somebody else, and good until then; null once its
    owner has chosen his own. `phone` is sealed; it receives SMS codes. `organisation` keeps the account: those
    who administer accounts above it may. Null: made on the server, kept by nobody but the server.
    `switched_at`: when it was last disabled (`disabled_why`) or enabled; an enabled one counts as used that day.
    """

    class Why(models.TextChoices):
        HAND = "hand", "管理员停用"
        UNUSED = "unused", "长期未登录"

    username = models.CharField("账号", max_length=64, unique=True)
    name = models.CharField("姓名", max_length=40)
    is_active = models.BooleanField("在用", default=True)
    disabled_why = models.CharField("停用原因", max_length=10, choices=Why, blank=True)
    switched_at = models.DateTimeField("停用或恢复时间", null=True)
    must_change_password = models.BooleanField("须改密码", default=False)
    password_set_at = models.DateTimeField("密码启用时间", null=True)
    first_until = models.DateTimeField("首次密码有效期", null=True)
    phone = SealedField("手机", row="pk")
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, related_name="+", verbose_name="管理单位"
    )
    text_size = models.CharField("字号", max_length=10, default="normal")  # normal | large | elder
    created_at = models.DateTimeField(auto_now_add=True)

    objects: BaseUserManager[User] = BaseUserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = ["name"]

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.name

    @property
    def phone_in_clear(self) -> str:
        return whole(self, "phone")

    def seal_phone(self, phone: str) -> None:
        """Into the row; saved by the caller."""
        put(self, "phone", phone)


class OldPassword(models.Model):
    """A hash that was in use before; the profile says how many are remembered."""

    user = models.ForeignKey(User, models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField()
