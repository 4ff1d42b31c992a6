"""What the installation can show of itself. Each proof looks at what is set or stored; none takes a word for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.urls import NoReverseMatch, reverse

from zhibu.web.access.policy import POLICY
from zhibu.web.audit.models import Line
from zhibu.web.core import clock
from zhibu.web.core.crypto import KeyRingError
from zhibu.web.core.crypto.ring import ring
from zhibu.web.core.sealed import columns
from zhibu.web.members.models import Member
from zhibu.web.personal import asked_for, configuration, disclosures, register, retention
from zhibu.web.personal.models import Request

YEARS_3 = timedelta(days=1095)
TRACES = ("latitude", "longitude", "location", "gps", "track", "photo", "video", "online_seconds", "check_in", "likes")
MANY = 10_000_000  # people


@dataclass(frozen=True, slots=True)
class Proof:
    good: bool
    words: str


_proofs: dict[str, Callable[[], Proof]] = {}


def prove(name: str) -> Proof:
    """Raises KeyError for a check nobody wrote."""
    return _proofs[name]()


def names() -> set[str]:
    return set(_proofs)


def _proof(function: Callable[[], Proof]) -> Callable[[], Proof]:
    _proofs[function.__name__] = function
    return function


def _has(*urls: str) -> bool:
    try:
        return all(reverse(url) for url in urls)
    except NoReverseMatch:
        return False


@_proof
def register_page() -> Proof:
    return Proof(_has("processing"), "每个登录的人都能打开“个人信息处理登记”")


@_proof
def each_once() -> Proof:
    wrong = list(asked_for.faults())
    return Proof(
        not wrong, f"表单问的每一项都在登记里，{len(register.fields())} 项各登记一次" if not wrong else wrong[0]
    )


_proofs["register"] = lambda: _no_faults()


def _no_faults() -> Proof:
    wrong = [*register.faults(), *asked_for.faults()]
    good = f"{len(register.entries())} 张表 {len(register.fields())} 项都写明用途、依据、谁能看和保存期限"
    return Proof(not wrong, good if not wrong else f"{len(wrong)} 处没有登记，如 {wrong[0]}")


def _columns_named(words: tuple[str, ...]) -> list[str]:
    tables = [register.apps.get_model(label) for label in [*register.entries(), *register.nobody()]]
    return [f"{table._meta.label_lower}.{one.name}" for table in tables for one in table._meta.concrete_fields
            if any(word in one.name for word in words)]  # fmt: skip


@_proof
def no_checkin() -> Proof:
    found = _columns_named(("check_in", "points_of_person", "online", "streak", "leaderboard", "signin_days"))
    return Proof(not found, "没有打卡、积分排名、在线时长的数据项" if not found else f"有数据项 {found[0]}")


@_proof
def no_force() -> Proof:
    found = _columns_named(("install", "login_days", "login_count"))
    return Proof(not found, "不统计安装、登录天数和次数" if not found else f"有数据项 {found[0]}")


@_proof
def no_traces() -> Proof:
    found = _columns_named(TRACES)
    files = [name for label in register.entries() for name in _file_columns(register.apps.get_model(label))]
    found += files
    return Proof(
        not found,
        "没有位置、轨迹、视频的数据项；照片可以不传，传了去掉地点等信息，不影响评价；不给个人打分"
        if not found
        else f"有数据项 {found[0]}",
    )


def _file_columns(model: type[models.Model]) -> list[str]:
    return [
        f"{model._meta.label_lower}.{one.name}"
        for one in model._meta.concrete_fields
        if isinstance(one, models.FileField)
    ]


@_proof
def feedback() -> Proof:
    everybody = all("feedback.send" in role.actions for role in POLICY.roles.values())
    return Proof(_has("feedback") and everybody, "每个身份都能提意见建议，可以不留姓名，答复公开")


@_proof
def export() -> Proof:
    return Proof(
        _has("members-export", "late-export", "board-export"), "名册、督办台、挂图作战能导出 Excel，同一份数据不再填"
    )


@_proof
def in_use() -> Proof:
    since = clock.now() - timedelta(days=90)
    count = Line.objects.unscoped("whether anybody works with it").filter(at__gte=since).exclude(user=None).count()
    return Proof(count > 0, f"最近 90 天有 {count} 次操作记录")


@_proof
def masks() -> Proof:
    bare = [one.key for one in register.entries()["members.member"].fields if one.sealed and not one.mask]
    narrow = all("member.numbers" in given.fields or "members.unmask" not in given.actions
                 for role in POLICY.roles.values() for given in role.relations.values())  # fmt: skip
    return Proof(not bare and narrow, "身份号码、手机号平时隐去中间，看全号要写事由并留记录，本人看得到是谁看的")


@_proof
def requests() -> Proof:
    late = Request.objects.unscoped("counted only").filter(state=Request.State.ASKED, due_on__lt=clock.today()).count()
    words = "本人能查看、下载、请求更正和删除" + (f"；有 {late} 件过期没有答复" if late else "；没有过期没答复的")
    return Proof(_has("my-data") and not late, words)


_proofs["retention"] = lambda: _cleared()


def _cleared() -> Proof:
    try:
        terms = configuration.terms()
    except ImproperlyConfigured as error:
        return Proof(False, str(error))
    run = retention.last()
    fresh = run is not None and run.on >= clock.today() - timedelta(days=2)
    return Proof(fresh, f"{len(terms)} 项期限；上次清理 {run.on if run else '还没有过'}，后台计算每天做一次")


@_proof
def transport() -> Proof:
    wrong = []
    if not (settings.SECURE_SSL_REDIRECT and settings.SESSION_COOKIE_SECURE and settings.SECURE_HSTS_SECONDS):
        wrong.append("没有启用 HTTPS（ZHIBU_HTTPS=1）")
    csp = getattr(settings, "SECURE_CSP", {})
    if not csp or "'unsafe-inline'" in [word for words in csp.values() for word in words]:
        wrong.append("内容安全策略（CSP）没有设好")
    if settings.DEBUG:
        wrong.append("开着调试模式（ZHIBU_DEBUG）")
    return Proof(not wrong, "；".join(wrong) or "HTTPS、HSTS、严格的内容安全策略都已启用，调试模式关闭")


@_proof
def sealed() -> Proof:
    try:
        held = [one.purpose for one in columns()]
        key = ring().current.id
    except KeyRingError as error:
        return Proof(False, str(error))
    return Proof(bool(held), f"{len(held)} 列加密存储，当前密钥 {key}")


@_proof
def factors() -> Proof:
    """Whether administrators can't work without a second factor: the setting of the app accounts."""
    needed = getattr(settings, "SECOND_FACTOR_ROLES", None)
    admins = set(POLICY.apart)
    if needed is None:
        return Proof(False, "这个版本还不能要求管理员使用第二种身份核验")
    return Proof(
        admins <= set(needed),
        "三类管理员登录必须有第二种身份核验" if admins <= set(needed) else "有管理员不必用第二种身份核验",
    )


@_proof
def audit_kept() -> Proof:
    lines = next(term for term in configuration.terms() if term.key == "audit_lines")
    months = getattr(settings, "AUDIT_MONTHS", None)
    days = YEARS_3.days if months is None else months * 30.42
    return Proof(
        days >= lines.floor - 1, f"审计记录{'不删除' if months is None else f'保存 {months} 个月'}，至少应 3 年"
    )


_proofs["disclosures"] = lambda: Proof(
    _has("disclosures"), f"{len(disclosures.kinds())} 类提供自动登记：内容、人数、依据、提供给谁"
)


@_proof
def people() -> Proof:
    count = Member.objects.everything("how many there are").count()
    words = "不到" if count < MANY else "已有"  # how many exactly is not for every office to know
    return Proof(count < MANY, f"{words} {MANY // 10_000} 万名党员的资料")


@_proof
def drill() -> Proof:
    last = Line.objects.unscoped("the last drill").filter(action="affected.find").order_by("-pk").first()
    fresh = last is not None and last.at >= clock.now() - timedelta(days=365)
    words = f"上次查找受影响的人：{last.at:%Y-%m-%d}" if last else "还没有演练过（“查找受影响的人”导出一次就有记录）"
    return Proof(fresh, words)
