"""Made-up people: names from common characters, identity numbers of an area that doesn't exist (99…), valid checks."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from zhibu.web.members.identity import check_character

_FAMILY = (
    "王李张刘陈杨赵黄周吴徐孙马胡朱郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
)
_GIVEN = (
    "伟芳娜敏静秀丽强磊洋艳勇军杰娟涛明超兰霞平刚桂英华玉萍红玲建国文斌宁浩凯健俊帆雪琳佳怡晨梅春生德海山林志远思雨"
)
EDUCATION = ("小学", "初中", "高中", "中专", "大专", "大学本科", "研究生")
JOBS = ("公务员", "教师", "企业职工", "个体户", "农民", "离退休", "学生")


@dataclass(slots=True)
class Person:
    name: str
    sex: str
    id_number: str
    born_on: date
    branch: str
    joined_on: date
    full_on: date | None
    education: str
    job: str
    phone: str
    floating: str


def name(dice: random.Random) -> str:
    return dice.choice(_FAMILY) + "".join(dice.choices(_GIVEN, k=dice.choice((1, 2, 2, 2))))


def identity_number(dice: random.Random, born: date, sex: str) -> str:
    order = dice.randrange(0, 500) * 2 + (1 if sex == "男" else 0)
    first = f"99{dice.randrange(10_000):04d}{born:%Y%m%d}{order:03d}"
    return first + check_character(first)


def phone(dice: random.Random) -> str:
    return f"139{dice.randrange(10**8):08d}"


def person(dice: random.Random, branch: str, latest: date, retired: bool) -> Person:
    """Somebody of the branch who joined at 18 or later and not after `latest`."""
    born = date(
        dice.randrange(1940, 1962 if retired else latest.year - 20), dice.randrange(1, 13), dice.randrange(1, 29)
    )
    earliest = date(born.year + 18, born.month, born.day)
    joined = earliest + timedelta(days=dice.randrange(max(1, (latest - earliest).days)))
    probationary = joined > latest - timedelta(days=365)
    sex = "男" if dice.random() < 0.68 else "女"
    return Person(
        name=name(dice),
        sex=sex,
        id_number=identity_number(dice, born, sex),
        born_on=born,
        branch=branch,
        joined_on=joined,
        full_on=None if probationary else _year_later(joined),
        education=dice.choice(EDUCATION),
        job="离退休" if retired else dice.choice(JOBS),
        phone=phone(dice) if dice.random() < 0.5 else "",
        floating=dice.choice(("是", "否", "否", "否", "否", "")),
    )


def _year_later(day: date) -> date:
    return date(day.year + 1, day.month, min(day.day, 28))
