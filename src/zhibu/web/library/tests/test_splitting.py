"""A pasted regulation becomes its clauses, whatever hands it went through."""

from __future__ import annotations

import random

import pytest

from zhibu.web.library.splitting import MOST, NAMED, Piece, UnreadableError, pieces

TEXT = """某某条例
（2026年1月1日印发）
第一章　总　则
第一条　为了做好工作，根据第五条和有关规定，制定本条例。
第二条  支部每月开展一次活动。
活动内容由支委会确定。

第二章　附则
　　第十一条：本条例由某委解释。
"""


def test_clauses_are_found_by_the_start_of_a_line() -> None:
    assert pieces(TEXT) == (
        Piece("第一条", "为了做好工作，根据第五条和有关规定，制定本条例。"),
        Piece("第二条", "支部每月开展一次活动。\n活动内容由支委会确定。"),
        Piece("第十一条", "本条例由某委解释。"),
    )


def test_other_line_ends_make_no_difference() -> None:
    assert pieces(TEXT.replace("\n", "\r\n")) == pieces(TEXT)
    assert pieces(TEXT.replace("\n", "\r")) == pieces(TEXT)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("一、做好工作", "没有找到"),
        ("", "没有找到"),
        ("第一条 甲\n第一条 乙", "第一条出现了两次"),
        ("第一条\n第二条 乙", "第一条后面没有内容"),
        ("第一条 " + "长" * 4001, "最多 4000 字"),
        ("\n".join(f"第{n}条 事" for n in range(1, MOST + 2)), f"最多 {MOST} 条"),
    ],
)
def test_what_cannot_be_split_is_said(text: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        pieces(text)


def test_nothing_is_lost_and_nothing_added() -> None:
    """Made-up regulations of every shape: each number and each character comes out again, in order."""
    dice = random.Random(26)
    for _ in range(200):
        wanted = [
            Piece(
                f"第{n}条", "".join(dice.choice("支部活动，。：条第一（）") for _ in range(dice.randint(1, 30))) + "。"
            )
            for n in range(1, dice.randint(2, 12))
        ]
        wanted = [one for one in wanted if not NAMED.match(one.text)] or [Piece("第1条", "甲。")]
        blank = dice.choice(["　", " ", "：", "\t"])
        text = "\n".join(f"{dice.choice(['', '　　', '  '])}{one.number}{blank}x{one.text}" for one in wanted)
        assert pieces(text) == tuple(Piece(one.number, f"x{one.text}") for one in wanted)
