"""The columns of the three books: the field each one fills, and the names people give it. Serves meaning."""

from __future__ import annotations

from dataclasses import dataclass

ORGANISATIONS, MEMBERS, EVENTS = "organisations", "members", "events"
KINDS = (ORGANISATIONS, MEMBERS, EVENTS)
TITLES = {ORGANISATIONS: "党组织信息表", MEMBERS: "党员信息表", EVENTS: "组织生活台账"}


@dataclass(frozen=True, slots=True)
class Column:
    """The first of `names` is the heading of our template. `like`: fragments that tell the column when no name fits."""

    field: str
    names: tuple[str, ...]
    required: bool = False
    like: tuple[str, ...] = ()


def _column(field: str, names: str, required: bool = False, like: str = "") -> Column:
    return Column(field, tuple(names.split()), required, tuple(like.split()))


_SERIAL = _column("serial", "序号 编号 行号 顺序号 序 No No. NO")
_NOTE = _column("note", "备注 说明 备注说明 问题说明")

COLUMNS: dict[str, tuple[Column, ...]] = {
    ORGANISATIONS: (
        _SERIAL,
        _column(
            "name",
            "党组织名称 党组织全称 组织名称 支部名称 党支部名称 单位名称 党组织 名称 基层党组织名称 组织全称 党组织全名 党组织名",
            True,
            "党组织名称 组织全称",
        ),
        _column(
            "kind",
            "党组织类别 组织类别 党组织类型 组织类型 类别 类型 党组织性质 组织形式 党组织形式 设置形式 党组织层级 组织层级",
        ),
        _column(
            "superior",
            "上级党组织 上级党组织名称 隶属党组织 隶属关系 上级组织 上级 所属党组织 所属党委 上级党委 上级组织名称 主管党组织 隶属 上级党组织全称 直接上级党组织 直接上级 隶属上级党组织 所属上级党组织",
            True,
            "上级 隶属",
        ),
        _column(
            "sector",
            "领域 所属领域 所在领域 行业领域 领域类别 单位类别 单位性质 所属行业 单位类型 党组织领域 所在单位类别",
        ),
        _column(
            "founded_on",
            "建立日期 成立日期 成立时间 建立时间 组建时间 设立时间 党组织建立日期 党组织成立时间 批准成立日期 组建日期 设立日期 批准建立日期 党组织成立日期",
            like="成立日期 成立时间 建立日期 建立时间",
        ),
        _column(
            "term_ends_on",
            "届满日期 届满时间 任期届满日期 任期届满时间 到届时间 到届日期 换届到期时间 任期截止日期 应换届时间 应换届日期 本届届满日期 任期到期日期 本届届满时间 任期届满",
            like="届满 到届",
        ),
        _column(
            "elected_on",
            "选举日期 本届选举日期 换届日期 换届时间 选举时间 本届换届时间 上次换届时间 上次换届日期 本届选举时间 最近换届日期 本届换届日期",
        ),
        _column("term_years", "任期年限 任期 任期(年) 任期年数 届期"),
        _column(
            "committee_size", "支委人数 支委数 委员人数 委员数 班子成员数 支部委员数 支部委员人数 委员会人数 班子人数"
        ),
        _column("groups", "党小组数 党小组个数 小组数 党小组数量"),
        _column(
            "secretary_name", "书记姓名 书记 党组织书记 支部书记 党支部书记 书记名字 负责人 党组织书记姓名 支部书记姓名"
        ),
        _column("secretary_since", "书记任职日期 书记任职时间 任职日期 任职时间"),
        _column(
            "phone", "联系电话 电话 办公电话 联系方式 手机 手机号码 联系手机 书记电话 书记联系电话 联系人电话 电话号码"
        ),
        _column("short_name", "简称 党组织简称 组织简称"),
        _column("code", "党组织代码 组织代码 编码 代码 党组织编码"),
        _NOTE,
    ),
    MEMBERS: (
        _SERIAL,
        _column("name", "姓名 党员姓名 名字 姓 党员 党员名字", True),
        _column("sex", "性别"),
        _column("nation", "民族"),
        _column(
            "id_number",
            "公民身份号码 身份证号码 身份证号 身份证 证件号码 证件号 公民身份证号码 居民身份证号 身份号码 公民身份证号 身份证件号码 居民身份证号码 有效证件号码 证件编号",
            True,
            "身份证 身份号码 证件号",
        ),
        _column("born_on", "出生日期 出生年月 出生时间 生日 出生年月日 出生"),
        _column("education", "学历 文化程度 学历层次 最高学历 学历情况"),
        _column(
            "kind",
            "人员类别 党员类别 党员类型 类别 党员性质 政治面貌 人员类型 党员状态 党员身份 正式预备",
        ),
        _column(
            "branch",
            "所在党支部 所属党支部 党支部 支部 所在支部 所属支部 支部名称 党支部名称 所在党组织 所属党组织 党组织 所在党支部名称 组织关系所在支部 组织关系所在党支部 所属党支部名称 党组织名称 所在党组织名称 组织关系所在党组织 组织名称",
            True,
            "支部 党组织",
        ),
        _column(
            "joined_on",
            "加入党组织日期 入党日期 入党时间 加入党组织时间 加入中国共产党日期 入党年月 加入日期 加入中共日期 加入时间 入党年月日 加入中共组织日期 加入党组织的日期 发展入党日期",
            True,
            "入党 加入",
        ),
        _column(
            "full_on",
            "转为正式党员日期 转正日期 转正时间 转为正式党员时间 转为正式日期 正式党员日期 转正年月 转正 转正式党员日期 转为正式党员的日期",
            like="转正 转为正式",
        ),
        _column("employment", "工作岗位 职业 工作岗位类别 从事职业 岗位 工作性质 身份 人员身份 职业身份 从业状况"),
        _column("phone", "手机号码 联系电话 手机 电话 联系方式 手机号 移动电话 电话号码 本人手机"),
        _column("floating", "是否流动党员 流动党员 是否流动 是否为流动党员 流动", like="流动"),
        _column("frail", "年老体弱 是否年老体弱 年老体弱党员 是否年老体弱党员", like="年老体弱"),
        _column("branch_post", "支部职务 党内职务 职务 党支部职务 所任党内职务"),
        _column("arrived_on", "转入日期 转入时间 转入本支部日期 进入支部日期 进入党支部日期 转入支部时间"),
        _NOTE,
    ),
    EVENTS: (
        _SERIAL,
        _column(
            "branch",
            "党支部 支部 所在党支部 支部名称 党支部名称 所属党支部 党组织 党组织名称 开展支部 所属支部 召开支部 组织名称 单位 单位名称 所在支部 开展党支部 开展党组织",
            True,
            "支部 党组织",
        ),
        _column(
            "held_on",
            "日期 活动日期 活动时间 时间 召开日期 召开时间 开展日期 开展时间 会议日期 会议时间 举行日期 举办时间 举办日期 开会日期 开会时间",
            True,
            "活动日期 活动时间 召开时间 召开日期 开展时间 开展日期",
        ),
        _column(
            "types",
            "活动类型 类型 活动类别 会议类型 类别 组织生活类型 组织生活形式 活动形式 组织生活类别 会议类别 会议名称 活动名称 组织生活名称 活动种类 形式 会议(活动)类型 内容类别 组织生活",
            True,
            "类型 类别 形式",
        ),
        _column("topic", "主题 活动主题 会议主题 议题 会议议题 活动内容主题 主要议题 题目 学习主题 标题 学习内容"),
        _column(
            "expected",
            "应到人数 应到 应到党员数 应到会人数 应参加人数 应到党员 应参会人数 应参加党员数 应到会党员数 应到党员人数 应参人数 应参加",
            like="应到 应参",
        ),
        _column(
            "present",
            "实到人数 实到 实到党员数 实到会人数 到会人数 实际参加人数 参加人数 出席人数 实参加人数 实到党员 实参会人数 参会人数 实到会党员数 实到党员人数 实参人数 实际到会人数 实际到会",
            like="实到 实参 实际参加",
        ),
        _column("host", "主持人 主持 会议主持人 活动主持人 召集人 主持者"),
        _column("recorder", "记录人 记录 会议记录人 记录员 记录者"),
        _column(
            "content", "内容摘要 内容 活动内容 会议内容 主要内容 摘要 活动摘要 内容概要 会议摘要 主要内容摘要 内容简介"
        ),
        _column(
            "recorded_on",
            "录入日期 录入时间 填报日期 填报时间 上报日期 登记日期 录入系统日期 填写日期 登记时间 录入系统时间 上传日期 上传时间 上报时间 补录日期 系统录入日期 系统录入时间 登录日期",
            like="录入 登记日期 填报日期",
        ),
        _column("place", "地点 活动地点 会议地点 召开地点 开展地点"),
        _column("hours", "学时 学时数 学习时长 时长(小时) 学习学时"),
        _NOTE,
    ),
}

# A header must hold these to be the book at all; the rest of the required ones is then asked for by name.
SIGNATURE: dict[str, tuple[tuple[str, ...], ...]] = {
    ORGANISATIONS: (("name", "superior"), ("name", "kind", "founded_on"), ("name", "kind", "term_ends_on")),
    MEMBERS: (("name", "id_number"), ("name", "branch", "joined_on"), ("name", "id_number", "branch")),
    EVENTS: (("branch", "held_on", "types"), ("held_on", "types", "present"), ("branch", "types", "present")),
}


def column(kind: str, field: str) -> Column:
    return next(column for column in COLUMNS[kind] if column.field == field)


def title(kind: str, field: str) -> str:
    """The template's heading of a field."""
    return column(kind, field).names[0]
