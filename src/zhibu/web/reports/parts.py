"""What each kind of report is made of: its parts in order, the figures in each, and what the writer is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from zhibu.web.reports.models import Report

Kind = Report.Kind


@dataclass(frozen=True, slots=True)
class Part:
    key: str
    heading: str
    figures: tuple[str, ...] = ()  # groups of `figures.GROUPS`
    asks: str = ""


OPENING = Part("opening", "前言", asks="一两句：报告什么、哪段时间")
BODIES = Part("bodies", "党组织和党员", ("bodies", "people"), "人数变化的原因、组织设置的变化")
CHARGES = Part("charges", "责任落实", ("charges", "meetings"), "谁抓、怎么抓，还没有落实的是什么")
DUTIES = Part("duties", "规定的事项", ("duties",), "逾期多在哪里，为什么")
LIFE = Part("life", "组织生活", ("life",), "做得好的、走过场的")
STUDY = Part("study", "学习培训", ("study",), "学了什么，有什么用")
COVER = Part("cover", "非公企业和社会组织", ("cover",), "哪些还没有覆盖，为什么")
SERVICE = Part("service", "服务群众", ("service",), "办成的事、还没有办成的事")
MODELS = Part("models", "经验和典型", ("models", "cases"), "哪些做法可以推开")
TASKS = Part("tasks", "任务", ("tasks", "carried"), "结转的怎么办、为什么没有办结")
PROBLEMS = Part("problems", "存在的问题", asks="一条一个问题，写清在哪里")
TARGETS = Part("targets", "下半年目标", ("targets",), "调整了的，写明为什么")
NEXT = Part("next", "下一步打算", asks="一条一件事，写清谁办、哪天前办好")

PARTS: dict[str, tuple[Part, ...]] = {
    Kind.PLENARY: (OPENING, BODIES, CHARGES, DUTIES, LIFE, STUDY, COVER, SERVICE, MODELS, PROBLEMS, NEXT),
    Kind.HALF: (BODIES, DUTIES, LIFE, STUDY, COVER, SERVICE, TASKS, PROBLEMS, TARGETS, NEXT),
    Kind.CONFERENCE: (OPENING, BODIES, CHARGES, DUTIES, LIFE, STUDY, COVER, SERVICE, TASKS, MODELS, PROBLEMS, NEXT),
    Kind.MATERIAL: (OPENING, BODIES, CHARGES, DUTIES, LIFE, STUDY, COVER, SERVICE, MODELS, NEXT),
    # M369 names the five: responsibility, political life, base, models, weak fields.
    Kind.YEAR: (
        Part("charges", "责任落实", ("charges", "meetings", "tasks"), CHARGES.asks),
        Part("life", "党内政治生活", ("duties", "life"), LIFE.asks),
        Part("bodies", "基层基础", ("bodies", "people", "study"), BODIES.asks),
        MODELS,
        Part("cover", "薄弱领域", ("cover",), COVER.asks),
    ),
}


def part(report: Report, key: str) -> Part | None:
    return next((one for one in PARTS[report.kind] if one.key == key), None)
