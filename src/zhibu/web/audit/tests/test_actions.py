"""A write is one transaction with its audit line, or it did not happen."""

from __future__ import annotations

import pytest

from zhibu.web.audit.actions import NotAllowed, Unaudited, action, write
from zhibu.web.audit.models import Frozen, Line
from zhibu.web.conftest import Cast
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation


@action("records.submit")
def rename(*, by: Scope, place: Organisation, audited: bool = True) -> None:
    Organisation.objects.within(by).filter(pk=place.pk).update(name="新名")
    if audited:
        write(by=by, action="records.submit", sentence="改名", thing=place, organisation=place, new={"name": "新名"})


def name_of(place: Organisation) -> str:
    return Organisation.objects.unscoped("test").get(pk=place.pk).name


def test_the_line_says_who_as_which_post_and_where(cast: Cast) -> None:
    rename(by=cast.scope("secretary"), place=cast.branch)
    line = Line.objects.unscoped("test").get(sentence="改名")
    assert (line.user.username, line.post_title) == ("secretary", "大营镇槐树村党支部·书记")
    assert line.organisation_path == cast.branch.path
    assert line.new == {"name": "新名"}


def test_without_its_line_a_write_is_undone(cast: Cast) -> None:
    with pytest.raises(Unaudited):
        rename(by=cast.scope("secretary"), place=cast.branch, audited=False)
    assert name_of(cast.branch) == "大营镇槐树村党支部"


def test_a_post_without_the_right_is_refused_before_anything(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        rename(by=cast.scope("member"), place=cast.branch)
    assert name_of(cast.branch) == "大营镇槐树村党支部"


def test_writes_take_keywords_and_a_scope(cast: Cast) -> None:
    with pytest.raises(TypeError):
        rename(by="me", place=cast.branch)  # type: ignore[arg-type]


def test_lines_are_never_changed(cast: Cast) -> None:
    rename(by=cast.scope("secretary"), place=cast.branch)
    line = Line.objects.unscoped("test").get(sentence="改名")
    with pytest.raises(Frozen):
        line.save()
    with pytest.raises(Frozen):
        line.delete()
