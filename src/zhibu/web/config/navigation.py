"""What frames every page: identity, navigation by role, help phone. The one place that sees every app's pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

# (url name, word, icon). The first five are the phone's bottom bar (ux.md 2.2).
Menu = tuple[tuple[str, str, str], ...]
BRANCH: Menu = (
    ("month", "本月任务", "checklist"),
    ("record-new", "记活动", "pencil-plus"),
    ("branch", "本支部", "home-stats"),
    ("members", "党员", "users"),
    ("me", "我的", "user"),
)
MENUS: dict[str, Menu] = {  # of a role
    "secretary": BRANCH,
    "committee_officer": (
        ("inbox", "待我办", "clipboard-check"),
        ("late", "督办台", "alarm"),
        ("board", "挂图作战", "table"),
        ("organisations", "组织", "sitemap"),
        ("members", "党员", "users"),
        ("ledgers", "台账", "book"),
        ("imports", "导入", "file-import"),
        ("rulebooks", "事项库", "book"),
        ("posts", "任职", "users"),
        ("approvals", "审批", "checklist"),
        ("requests", "个人信息请求", "id-badge"),
        ("disclosures", "个人信息提供", "file-export"),
    ),
    "officer": (
        ("board", "挂图作战", "table"),
        ("inbox", "待我办", "clipboard-check"),
        ("late", "督办台", "alarm"),
        ("organisations", "组织", "sitemap"),
        ("members", "党员", "users"),
        ("ledgers", "台账", "book"),
        ("imports", "导入", "file-import"),
        ("rulebooks", "事项库", "book"),
        ("trials", "试算", "adjustments"),
        ("posts", "任职", "users"),
        ("approvals", "审批", "checklist"),
        ("requests", "个人信息请求", "id-badge"),
        ("disclosures", "个人信息提供", "file-export"),
    ),
    "deputy": BRANCH,
    "committee_member": BRANCH,
    "leader": (
        ("board", "一张图", "table"),
        ("organisations", "我的联系点", "map-pin"),
        ("rulebooks", "事项库", "book"),
        ("me", "我的", "user"),
    ),
    "inspector": (
        ("organisations", "督查的单位", "map-pin"),
        ("board", "一张图", "table"),
        ("rulebooks", "事项库", "book"),
        ("me", "我的", "user"),
    ),
    "campaign_staff": (
        ("campaigns", "专项活动", "map-pin"),
        ("organisations", "负责的单位", "sitemap"),
        ("rulebooks", "事项库", "book"),
        ("me", "我的", "user"),
    ),
    "instructor": (
        ("organisations", "指导的单位", "map-pin"),
        ("rulebooks", "事项库", "book"),
        ("me", "我的", "user"),
    ),
    "member": (("me", "我的", "user"), ("rulebooks", "事项库", "book")),
    "auditor": (("audit", "审计", "list-search"), ("me", "我的", "user")),
    "system_admin": (
        ("accounts", "账号", "user-check"),
        ("organisations", "组织", "sitemap"),
        ("policy", "权限表", "table"),
        ("selfcheck", "备案自查", "checklist"),
        ("retention", "保存期限", "alarm"),
        ("me", "我的", "user"),
    ),
    "security_admin": (
        ("posts", "任职", "users"),
        ("accounts", "账号", "user-check"),
        ("policy", "权限表", "table"),
        ("selfcheck", "备案自查", "checklist"),
        ("me", "我的", "user"),
        ("terminals", "管理终端", "lock"),
        ("disclosures", "个人信息提供", "file-export"),
        ("affected", "受影响的人", "list-search"),
        ("retention", "保存期限", "alarm"),
    ),
    "audit_admin": (("audit", "审计", "list-search"), ("me", "我的", "user")),
}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html: `scope`, `identities`, `nav`, `help_contact`, `size`."""
    scope = getattr(request, "scope", None)
    size = request.COOKIES.get("size", "normal")
    context: dict[str, Any] = {"scope": scope, "size": size, "nav": [], "identities": (), "help_contact": ""}
    if scope is None:
        return context
    context["nav"] = [_item(request, *entry) for entry in MENUS.get(scope.role, ())]
    context["identities"] = request.identities
    context["help_contact"] = scope.help_contact
    return context


def _item(request: HttpRequest, name: str, word: str, icon: str) -> dict[str, Any]:
    url = reverse(name)
    return {"url": url, "word": word, "icon": icon, "current": request.path == url}
