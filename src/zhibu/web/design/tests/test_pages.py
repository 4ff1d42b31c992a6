"""The skeletons, the shared error pages, and rules every template of the house keeps."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.test import RequestFactory

from zhibu.web.config.navigation import MENUS

WEB = Path(__file__).parents[2]
DESIGN = WEB / "design"
TEMPLATES = sorted(WEB.glob("*/templates/**/*.html"))
ICONS = set((DESIGN / "static_src/icons.txt").read_text().split())


def page(name, **context):
    return engines["django"].get_template(name).render(context, RequestFactory().get("/x/"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("404.html", "没有找到这一页"),
        ("403.html", "这页不在现在的身份可看的范围内"),
        ("403_csrf.html", "为保护资料"),
        ("500.html", "系统出了问题，不是操作的原因"),
    ],
)
def test_shared_pages_say_state_reason_next_step(name, words):
    shown = page(name)
    assert words in shown
    assert '<html lang="zh-CN"' in shown
    assert '<meta name="renderer" content="webkit">' in shown
    assert 'href="/"' in shown


def test_403_names_who_can_help():
    assert "街道 王某 8000" in page("403.html", help_contact="街道 王某 8000")


def test_500_needs_no_context():
    text = (DESIGN / "templates/500.html").read_text()
    assert "{%" not in text
    assert "{{" not in text


def test_help_feedback_and_size_are_on_every_page():
    for name in ("design/base.html", "design/base_plain.html"):
        shown = page(name, help_contact="云河街道 王某 8000")
        assert "帮助电话 云河街道 王某 8000" in shown
        assert "意见建议" in shown
        assert "大字版" in shown
        assert '<a class="skip" href="#content">' in shown
        assert shown.count("<h1>") == 1


def test_the_menu_is_at_the_hand_of_the_branch_and_at_the_side_of_officers():
    assert 'class="with-bottom"' in page("design/base.html", scope={"role": "secretary"})
    assert 'class="with-side"' in page("design/base.html", scope={"role": "officer"})


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_no_template_breaks_the_content_policy_or_writes_htmx_by_hand(path):
    text = path.read_text()
    html = re.sub(r"{%.*?%}", "", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html), "inline style or script"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "inline script"
    assert not re.search(r"\shx-(?!swap-oob)[a-z-]+", text), "hx-* by hand: use one of the six tags"
    assert not re.search(r"autoescape off|\|safe\b", text), "unescaped"
    assert not re.search(r"https?://", text), "another host"


def test_every_icon_is_in_the_sprite():
    used = {icon for entries in MENUS.values() for _, _, icon in entries}
    for path in [*TEMPLATES, *DESIGN.glob("templatetags/*.py")]:
        used |= {a or b for a, b in re.findall(r'{% icon "([\w-]+)"|icon="([\w-]+)"', path.read_text())}
    assert used <= ICONS, f"add to static_src/icons.txt: {sorted(used - ICONS)}"
