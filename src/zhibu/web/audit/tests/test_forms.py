"""A refusal stands on the form, whatever was posted."""

from __future__ import annotations

import pytest
from django import forms

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.forms import carried_out, tried

pytestmark = pytest.mark.django_db


class Asks(forms.Form):
    name = forms.CharField(error_messages={"required": "写名称"})


def refuses(**_: object) -> None:
    raise NotAllowed("现在不能办")


def test_an_empty_post_is_a_form_with_nothing_typed() -> None:
    form = Asks(None)
    assert not carried_out(form, refuses)
    assert form.errors["name"] == ["写名称"]


@pytest.mark.parametrize("form", [forms.Form(None), forms.Form({}), Asks({"name": "甲"})])
def test_a_refused_button_tells_why(form: forms.Form) -> None:
    assert tried(form, refuses) is None
    assert form.non_field_errors() == ["现在不能办"]


def test_a_refusal_stands_at_its_field() -> None:
    def unfit(**_: object) -> None:
        raise Unfit("name", "已有同名的")

    form = Asks({"name": "甲"})
    assert not carried_out(form, unfit)
    assert form.errors["name"] == ["已有同名的"]
