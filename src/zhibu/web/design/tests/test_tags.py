import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from zhibu.web.design.vocabulary import STATUSES, status_of


def render(text, path="/x/?a=1", **context):
    return engines["django"].from_string(text).render(context, RequestFactory().get(path))


@pytest.mark.parametrize("status", STATUSES.values(), ids=str)
def test_a_status_is_class_and_word(status):
    shown = render("{% status s %}", s=status.id)
    assert shown == f'<span class="st st-{status.id}">{status.word}</span>'
    assert render("{% status s %}", s=status.word) == shown


def test_a_status_may_say_its_word_more_precisely():
    assert "剩 4 天" in render('{% status "soon" "剩 4 天" %}')


def test_nothing_else_may_be_invented():
    with pytest.raises(ValueError, match="未通过"):
        status_of("未通过")


def test_a_cell_says_in_words_what_it_draws():
    cell = render('{% status_cell "late" "/t/1" "第七党支部 党课" "已逾期 6 天" %}')
    assert 'class="cell st-late"' in cell
    assert '<span class="st-word">第七党支部 党课 已逾期 6 天</span>' in cell


@pytest.mark.parametrize(
    ("late", "due", "css"), [(0, 64, "s-0"), (1, 62, "s-1"), (5, 64, "s-4"), (14, 118, "s-alarm"), (0, 0, "s-none")]
)
def test_an_area_turns_red_from_ten_percent(late, due, css):
    assert f'class="cell share {css}"' in render("{% share_cell late due %}", late=late, due=due)


def test_words_of_users_are_escaped():
    nasty = "<script>alert(1)</script>"
    text = """{% task_row "/t" n "late" n n %}{% summary_row n n "/c" %}{% card n %}x{% endcard %}
    {% empty "first" n "/u" n %}{% status "late" n %}{% status_cell "late" n n n %}{% number_card n n n %}
    {% search_box "/s" n %}{% button n %}{% link_button n n %}{% receipt n number=n %}{% endreceipt %}
    {% ledger_head n n n %}{% summary_block n %}{{ n }}{% endsummary_block %}{% notice "info" n %}{{ n }}{% endnotice %}
    {% disclosure n %}{{ n }}{% enddisclosure %}{% icon "x" n %}{% share_cell 1 2 n n %}"""
    assert "<script" not in render(text, n=nasty)


def test_the_receipt_has_number_and_time():
    shown = render('{% receipt "已提交给云河街道" number="26-3" %}<p>一般 3 个工作日</p>{% endreceipt %}')
    assert "26-3" in shown
    assert "<p>一般 3 个工作日</p>" in shown


def test_pages_keep_the_filter():
    shown = render('{% pagination page "#rows" %}', page=Paginator(range(431), 50).get_page(4))
    assert "第 151–200 条，共 431 条" in shown
    assert 'href="?a=1&amp;page=5"' in shown
    assert 'hx-target="#rows"' in shown
    assert render("{% pagination page %}", page=Paginator(range(20), 50).get_page(1)).strip() == ""


def test_steps_by_number_and_by_state():
    shown = render("{% steps words 2 %}", words=["查清原因", "定措施", "落实"])
    assert re.findall(r"step-(done|now|todo)\"", shown) == ["done", "now", "todo"]
    assert "step-back" in render("{% steps one %}", one=[{"name": "验收", "state": "back"}])


class Minutes(forms.Form):
    date = forms.DateField(label="活动日期", help_text="可改")
    kind = forms.ChoiceField(label="开会方式", widget=forms.RadioSelect, choices=[("room", "现场"), ("video", "视频")])
    count = forms.IntegerField(label="人数", max_value=500, required=False)
    own = forms.CharField(label="主持人", error_messages={"required": "写上主持人姓名"})
    agreed = forms.BooleanField(label="到会情况已核对")


WRONG = {"date": "2026-2-30", "count": "3x"}


def test_a_field_ties_label_hint_and_error():
    shown = render("{% field form.date %}", form=Minutes(WRONG))
    assert '<label class="field-label" for="id_date">活动日期</label>' in shown
    assert 'aria-describedby="id_date-hint id_date-error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'type="date"' in shown
    assert 'value="2026-2-30"' in shown  # what was typed stays
    assert "活动日期写成 2026-11-21 的样子" in shown


def test_choices_are_a_group_with_a_legend_and_optional_is_said():
    assert "<fieldset" in render("{% field form.kind %}", form=Minutes())
    assert "（可不填）" in render("{% field form.count %}", form=Minutes())
    assert "（可不填）" not in render("{% field form.agreed %}", form=Minutes())


def test_the_summary_links_to_each_field_in_the_same_words():
    form = Minutes(WRONG)
    shown = render("{% error_summary form %}", form=form)
    assert "有 5 处需要修改" in shown
    for target, words in [
        ("id_date", "活动日期写成"),
        ("id_kind_0", "选择开会方式"),
        ("id_count", "人数填数字"),
        ("id_own", "写上主持人姓名"),
        ("id_agreed", "勾选“到会情况已核对”"),
    ]:
        assert re.search(rf'href="#{target}">{words}', shown)
        assert words in render("{% form_fields form %}", form=form)
    assert "请" not in shown
    assert render("{% error_summary form %}", form=Minutes()).strip() == ""


def test_formsets_are_in_the_summary():
    formset = forms.formset_factory(Minutes, extra=2, min_num=2, validate_min=True)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-own": "李某", "form-1-own": "王某"}
    )
    shown = render("{% error_summary formset %}", formset=formset)
    assert "#id_form-1-date" in shown


def test_a_whole_form_posts_without_javascript():
    shown = render('{% whole_form form "提交给云河街道" "/records/new" back="/" %}', form=Minutes(), csrf_token="t")
    assert 'method="post" action="/records/new"' in shown
    assert "csrfmiddlewaretoken" in shown
    assert "novalidate" in shown
    assert "hx-" not in shown


@pytest.mark.parametrize(
    ("tag", "plain"),
    [
        ('{% hx_form "/p" "#form" %}', 'method="post" action="/p"'),
        ('{% hx_filter "/p" "#rows" %}', 'method="get" action="/p"'),
        ('{% hx_page "/p" %}', 'href="/p"'),
        ('{% hx_cell "/p" %}', 'href="/p"'),
        ('{% hx_cell "/p" method="post" %}', 'method="post" action="/p"'),
        ('{% hx_dialog "/p" %}', 'href="/p"'),
    ],
)
def test_each_htmx_tag_has_its_plain_face(tag, plain):
    shown = render(tag)
    assert plain in shown
    assert re.search(r'hx-(get|post)="/p"', shown)
    assert "hx-on" not in shown
    assert "hx-boost" not in shown


def test_poll_every_so_many_seconds():
    assert 'hx-trigger="every 5s"' in render('{% hx_poll "/p" %}')
