"""Words of the books → ids of the packs: long and short names of the same category. Serves meaning.

`words.yaml` of the packs adds its own names at start (`learn`), so a county that renames a type is understood too.
"""

from __future__ import annotations

import re

from zhibu.web.imports.books.cells import Cell, squeeze


def _table(rows: dict[str, str]) -> dict[str, str]:
    return {word: key for key, words in rows.items() for word in words.split()}


KINDS = _table(
    {
        "committee": "党委 委员会 基层党委 党的委员会 基层委员会 党委会 县委 镇党委 乡党委 街道党委 二级党委",
        "work_committee": "党工委 工委 工作委员会 党的工作委员会 街道党工委",
        "organ_committee": "机关党委 机关委员会 直属机关党委 直属机关委员会 机关党的委员会",
        "general_branch": "党总支 总支 党总支部 总支部 总支部委员会 党总支委员会 总支委员会 党总支部委员会 基层党总支",
        "branch": "党支部 支部 党支部委员会 支部委员会 基层党支部 单建党支部 单建支部 独立党支部 独立支部 村党支部 社区党支部",
        "joint_branch": "联合党支部 联合支部 联建党支部 联建支部 联合党支部委员会",
        "temporary_branch": "临时党支部 临时支部 功能型党支部 功能党支部",
        "floating_branch": "流动党员党支部 流动党支部 流动支部 流动党员支部",
        "group": "党小组 小组",
        "party_group": "党组 党委(党组) 党组(党委)",
    }
)
SECTORS = _table(
    {
        "organ": "党政机关 机关 党群机关 行政机关 国家机关 机关单位",
        "township": "乡镇 乡 镇 乡镇机关 农村乡镇",
        "street": "街道 街道办 街道办事处 城市街道",
        "village": "村 农村 行政村 建制村 村级 农村(村) 村(农村)",
        "community": "社区 城市社区 居委会 居民区 城镇社区 社区(居委会)",
        "school": "学校 中小学校 中小学 教育 教育系统 中学 小学 幼儿园 职校 中职 公办学校 民办学校",
        "university": "高校 高等学校 大学 高等院校 高职",
        "institution": "事业单位 事业 医院 公立医院 卫生院 科研院所 其他事业单位",
        "soe": "国有企业 国企 公有制企业 国有控股企业 国有 国有企业(含国有控股)",
        "npe": "非公企业 非公有制企业 非公 民营企业 两新 私营企业 非公经济组织 非公有制经济组织 两新组织 新经济组织",
        "social_org": "社会组织 社团 社会团体 新社会组织 民办非企业单位 行业协会",
    }
)
EVENTS = _table(
    {
        "general_meeting": "支部党员大会 党员大会 支部大会 全体党员大会 党支部党员大会 党支部大会 支部党员会 党员会议 全体党员会议 支部党员大会会议 支部全体党员大会",
        "committee_meeting": "支部委员会会议 支部委员会 支委会 支委会议 支部委员会议 党支部委员会 党支部委员会会议 支部支委会 支委扩大会 支部委员会扩大会议",
        "group_meeting": "党小组会 党小组会议 小组会 党小组学习会 党小组学习",
        "party_lecture": "党课 上党课 专题党课 讲党课 党课教育 党课学习 微党课 听党课 廉政党课 领导讲党课 支部党课",
        "secretary_lecture": "书记讲党课 支部书记讲党课 书记上党课 党组织书记讲党课 支部书记上党课 书记带头讲党课",
        "theme_day": "主题党日 主题党日活动 党员固定活动日 固定活动日 党员活动日 支部主题党日 支部主题党日活动 党日活动 主题党员日 党员主题党日 党员主题活动日 固定党日",
        "life_meeting": "组织生活会 专题组织生活会 支部组织生活会 年度组织生活会 组织生活会会议",
        "leaders_life_meeting": "民主生活会 专题民主生活会 班子民主生活会 领导班子民主生活会",
        "appraisal": "民主评议党员 民主评议 党员民主评议 评议党员 民主评议党员大会 民主评议党员会 党员评议",
        "talk": "谈心谈话 谈话 谈心 谈心谈话活动 提醒谈话",
        "study": "集体学习 学习 理论学习 政治学习 集中学习 党员学习 学习会 专题学习 集体学习会 政治理论学习",
        "discussion": "专题研讨 研讨 交流研讨 学习研讨 专题讨论 研讨交流 集中研讨",
        "training": "集中培训 党员培训 培训 党员集中培训 教育培训 党员教育培训 集中轮训",
        "secretary_training": "书记培训 党组织书记培训 支部书记培训 书记轮训",
        "clean_education": "廉政教育 警示教育 党风廉政教育 廉政警示教育 党风廉政宣传教育 警示教育会 警示教育大会",
        "situation_report": "形势报告 形势教育报告会 形势报告会 形势政策报告会",
        "dues": "党费收缴 党费 交纳党费 缴纳党费 党费日 收缴党费",
        "dues_report": "党费通报 党费收缴情况通报 党费公示",
        "election": "换届选举 换届 选举大会 换届大会 换届选举大会 选举 党员选举大会",
        "term_reminder": "换届提醒",
        "duty_report": "述职 述职报告 书记述职 抓党建述职",
        "duty_review": "述职评议 述职评议会 述职评议考核",
        "member_report": "报告工作 向党员大会报告工作",
        "information": "信息报送 信息 报送信息 党建信息",
        "visit": "现场检查指导 现场指导",
        "contact_point_work": "联系点蹲点调研 蹲点调研 蹲点 联系点调研 联系点工作",
        "contact_abroad": "与出国(境)党员联系 境外联系",
        "preparation": "活动日前支部会议 活动日准备会 活动日准备会议 活动准备会 准备会",
        "supervision": "督查",
    }
)
MEMBER_KINDS = _table(
    {
        "full": "正式 正式党员 中共党员 党员 中共正式党员 正式中共党员",
        "probationary": "预备 预备党员 中共预备党员 预备期",
    }
)
EMPLOYMENT = _table(
    {
        "organ": "公务员 机关工作人员 机关干部 党政机关工作人员 干部 参公人员 机关 行政人员 乡镇干部",
        "teacher": "教师 老师 教职工 专任教师 教育工作者",
        "enterprise": "企业职工 企业员工 职工 工人 企业管理人员 国企职工 员工 企业工作人员 在岗职工 专业技术人员",
        "self_employed": "个体户 个体从业人员 个体工商户 个体 私营企业主 自由职业",
        "farmer": "农民 农牧渔民 务农 村民 农牧民 农村党员 渔民 牧民",
        "retired": "离退休 离退休人员 退休 离休 退休人员 离退休干部 退休干部 退休职工",
        "student": "学生 在校学生 大学生 在读",
        "unemployed": "未就业 未就业人员 无业 待业 下岗 下岗失业 失业",
        "other": "其他 其他人员 其它 社区工作者 村干部 务工 外出务工 事业单位人员 医务人员 医生 军人",
    }
)
EDUCATION = {
    "小学": "小学 小学及以下 文盲 半文盲",
    "初中": "初中 初级中学",
    "高中": "高中 普通高中 职高 技校 职业高中",
    "中专": "中专 中等专科 中职 中等职业",
    "大专": "大专 专科 大学专科 高职 大学专科毕业",
    "本科": "本科 大学本科 大学 学士 大学学历 全日制本科 在职本科",
    "研究生": "研究生 硕士 博士 硕士研究生 博士研究生 研究生及以上 在职研究生 双学士",
}
_EDUCATION = _table(EDUCATION)
SEXES = _table({"m": "男 男性 m M", "f": "女 女性 f F"})

_PARTS = re.compile(r"[暨兼＋+、和及与并&/／,，;；|·]|结合|以及|同时")
_NUMBERED = re.compile(
    r"^第?[\d一二三四五六七八九十]+(?:季度|月份?|次|期|讲|届)|^\d{4}年(?:度)?|^(?:召开|开展|举行|组织)"
)
_TAIL = re.compile(r"(?:\(.*\)|\[.*\])$")


def learn(events: dict[str, str]) -> None:
    """Add names of `words.yaml` (id → name); names known already keep their meaning."""
    for key, word in events.items():
        EVENTS.setdefault(squeeze(word), key)


def kind(value: Cell) -> str | None:
    return _find(KINDS, value)


def sector(value: Cell) -> str | None:
    return _find(SECTORS, value)


def employment(value: Cell) -> str | None:
    return _find(EMPLOYMENT, value)


def member_kind(value: Cell) -> str | None:
    return _find(MEMBER_KINDS, value)


def education(value: Cell) -> str:
    """The common name; an unknown one stays as it is written."""
    word = squeeze(value)
    return _EDUCATION.get(word, word)[:20]


def sex(value: Cell) -> str | None:
    return _find(SEXES, value)


def _find(table: dict[str, str], value: Cell) -> str | None:
    word = squeeze(value).strip("。.,，;；:：")
    return table.get(word) or table.get(_TAIL.sub("", word))


def event_types(value: Cell) -> tuple[list[str], list[str]]:
    """(ids, parts not understood). A combined activity counts for each of its parts."""
    word = squeeze(value).strip("。.,，;；:：")
    if found := _event(word):
        return [found], []
    types, unknown = [], []
    for part in filter(None, _PARTS.split(word)):
        found = _event(part)
        (types if found else unknown).append(found or part)
    return list(dict.fromkeys(types)), unknown


def _event(word: str) -> str | None:
    for shape in (word, _TAIL.sub("", word), _NUMBERED.sub("", word), _NUMBERED.sub("", _TAIL.sub("", word))):
        if found := EVENTS.get(shape):
            return found
    return None


def kind_of_name(name: str) -> str | None:
    """The kind an organisation's own name tells: the fallback when the column is empty."""
    for ending, found in _ENDINGS:
        if name.endswith(ending):
            return found
    return None


_ENDINGS = (
    ("联合党支部", "joint_branch"), ("联合支部", "joint_branch"), ("临时党支部", "temporary_branch"),
    ("流动党员党支部", "floating_branch"), ("流动党支部", "floating_branch"), ("党小组", "group"),
    ("总支部委员会", "general_branch"), ("党总支", "general_branch"), ("总支部", "general_branch"),
    ("支部委员会", "branch"), ("党支部", "branch"), ("支部", "branch"), ("工作委员会", "work_committee"),
    ("工委", "work_committee"), ("机关委员会", "organ_committee"), ("机关党委", "organ_committee"),
    ("党组", "party_group"), ("委员会", "committee"), ("党委", "committee"),
)  # fmt: skip
