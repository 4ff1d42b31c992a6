"""台账: one page that leads to every register, so that the menu stays short. An app adds its line to `LEDGERS`."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zhibu.web.config.ledger_use import DUE, of_use
from zhibu.web.core import announce, asked, htmx
from zhibu.web.core.pages import page
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.pinyin import initials, is_spelling


@dataclass(frozen=True, slots=True)
class Ledger:
    """`url` is a name without arguments; shown to who may do `needs` anywhere, if it is of use (`ledger_use.py`)."""

    group: str
    word: str
    says: str
    url: str
    needs: str


@dataclass(slots=True)
class Line:
    ledger: Ledger
    address: str
    waiting: int = 0  # things due now; which, the register says to who may see it


# In the order of the page, what most posts open most first; the lines of one group stand together.
LEDGERS: tuple[Ledger, ...] = (
    Ledger("党员", "党员名册", "按支部查、导出", "members", "members.view"),
    Ledger("党员", "流动党员", "外出地点、最后联系、要核实的", "floating", "members.view"),
    Ledger("党员", "组织关系转接", "转出未接收的和已办结的", "transfers", "members.view"),
    Ledger("党员", "组织关系排查", "逐人确认和差异清单", "checks", "checks.view"),
    Ledger("党员", "民主评议党员", "本支部的评议；上级看谁还没有开展、各等次人数", "appraisals", "appraisal.view"),
    Ledger("党员", "党员档案核对", "缺哪些材料、存放在哪里", "papers", "members.view"),
    Ledger("党员", "党员作用发挥", "岗位、队伍、承诺、服务", "roles", "members.view"),
    Ledger("党员", "困难党员帮扶", "只有支部和上级党委看得到", "care", "members.care"),
    Ledger("党员", "参加活动的照顾", "年老体弱、患重病、残疾、离退休", "excused", "members.care"),
    Ledger("党员", "某日党员名册", "按登记的变动推算那一天谁在册", "as-of", "members.view"),
    Ledger("党员", "党员标准", "各单位的具体标准，一版一版", "standards", "standards.view"),
    Ledger("发展党员、换届等办理", "办理台账", "发展党员、换届等正在办的事，现在该谁办", "cases", "procedures.view"),
    Ledger("发展党员、换届等办理", "程序", "每一步、出处、时限；试走", "procedures", "procedures.view"),
    Ledger("发展党员、换届等办理", "发展党员结构", "指标、现在的比例、试算", "quotas", "quotas.view"),
    Ledger("党费和经费", "党费", "收缴名单、台账、上缴；上级看汇总", "dues", "dues.view"),
    Ledger("党费和经费", "党费上缴情况", "谁还没有上缴，等核收的，差额", "dues-handed", "dues.view"),
    Ledger("党费和经费", "党费的 Excel 表", "基数和交纳记录：上传、校对、导入、导出", "imports", "dues.rate"),
    Ledger("党费和经费", "经费和阵地", "提取和拨付、预算、支出、收入、阵地", "funds", "funds.view"),
    Ledger("党费和经费", "社区工作条件", "按文件规定的项目，怎么算的写明", "conditions", "conditions.view"),
    Ledger("学习培训", "培训班", "班次、学员、到课、办班情况", "classes", "learning.view"),
    Ledger("学习培训", "受训情况", "书记、乡镇村干部等，当年谁还没有参加过培训", "trained", "learning.view"),
    Ledger("学习培训", "学时", "按形式，从培训班、活动记录和校外学习得出", "hours", "learning.view"),
    Ledger("学习培训", "培训资源", "党校、基地、师资、课程，预约不撞期", "resources", "learning.view"),
    Ledger("学习培训", "中心组学习", "计划、到会、示范", "centre", "learning.centre"),
    Ledger("学习培训", "学习目录", "原著、党章党规、新出台的规定，谁要学", "readings", "learning.read"),
    Ledger("学习培训", "学习安排", "分阶段、分层次、分专题，体会文章", "study-programmes", "learning.view"),
    Ledger("学习培训", "精品党课", "评选、评分、精品党课库", "lectures", "learning.read"),
    Ledger("学习培训", "情景模拟", "选举、发展党员等程序的练习，走过不留存", "scenarios", "learning.view"),
    Ledger("学习培训", "学习型机关", "目标、领导机构、步骤、验收", "organs", "learning.view"),
    Ledger("学习培训", "题库和测试", "题目、随机组卷、各单位结果", "quiz-papers", "quizzes.view"),
    Ledger("学习培训", "知识竞赛", "轮次、代表队、现场计分", "contests", "quizzes.view"),
    Ledger("日常工作", "年度计划", "谁有计划、办了多少；全年一览", "plans", "plans.view"),
    Ledger("日常工作", "会议通知", "发通知、谁已通知到、准备会", "meetings", "plans.view"),
    Ledger("日常工作", "主题目录", "规定主题和自选主题，哪个支部做了哪个", "cycles", "plans.view"),
    Ledger("日常工作", "活动日", "四个统一、偏差说明、活动日纪律", "days", "plans.view"),
    Ledger("日常工作", "基础资料", "各支部已有的记录、名册、台账，还缺什么", "basics", "branch.view"),
    Ledger("日常工作", "会议签到", "扫码、代记、纸质签到表；来宾和列席", "signin", "signin.view"),
    Ledger("日常工作", "本支部到会率", "按姓名，只有本支部看得到", "attendance-rates", "signin.rates"),
    Ledger("日常工作", "各支部到会率", "按支部合计，没有姓名", "attendance-sums", "signin.sums"),
    Ledger("日常工作", "领导干部双重组织生活", "在所在支部的到会、讲党课，还没有讲的", "leading", "signin.leaders"),
    Ledger("日常工作", "列席", "必须邀请的人：邀请、列席、原因", "sitins", "signin.sitins"),
    Ledger("日常工作", "齐抓共管", "每个事项谁领导、主抓、支持、实施；本级的分工", "parties", "parties.view"),
    Ledger("日常工作", "专项和中心工作", "上级部署的，哪些支部有记录计入", "programmes", "programmes.view"),
    Ledger("日常工作", "负担账", "谁要求的、多少组织、多少次、每次几分钟", "burden", "burden.read"),
    Ledger("日常工作", "各单位本月负担", "下发新的事以前先看", "burden-units", "burden.view"),
    Ledger("日常工作", "表", "下发的表和平台的表，每一项从哪里来", "burden-forms", "burden.read"),
    Ledger("日常工作", "专项活动", "活动办公室、参加单位、进展、批注和退回", "campaigns", "campaigns.view"),
    Ledger("日常工作", "提醒情况", "谁在哪天因为什么事被提醒过；提醒办法", "reminders-told", "reminders.view"),
    Ledger("日常工作", "待我办", "等着审核、批准、核收的，等得最久的在前", "inbox", "review.decide"),
    Ledger("日常工作", "组织生活的问题", "不经常、不认真、不严肃：指出、答复、整改", "faults", "review.view"),
    Ledger("日常工作", "质量抽查", "每个支部抽几条记录看质量", "samplings", "review.sample"),
    Ledger("日常工作", "备案", "民主生活会：会前方案、会后报告、上级审核", "filings", "filings.view"),
    Ledger("日常工作", "提示", "内容相近、照片用过、时间对不上的记录，和支部的答复", "hints", "hints.view"),
    Ledger("宣传信息", "信息报送", "报送、采用、退回；各单位的采用率", "publicity", "publicity.view"),
    Ledger("宣传信息", "经验互通", "各级党委、工委拿出来互通的经验", "publicity-exchange", "publicity.exchange"),
    Ledger("宣传信息", "典型故事", "线索、编辑、本人同意、刊发", "stories", "stories.view"),
    Ledger("宣传信息", "媒体报道", "报刊、网络、电视；正面宣传和舆论监督", "publicity-press", "publicity.view"),
    Ledger("宣传信息", "专栏", "计划和已刊发的篇数", "publicity-columns", "publicity.view"),
    Ledger("宣传信息", "巡回报告", "场次和听众人数", "publicity-tours", "publicity.view"),
    Ledger("宣传信息", "向上推荐", "向上级推荐的经验和结果", "publicity-recommended", "publicity.view"),
    Ledger("宣传信息", "上级肯定", "上级会议上的发言和肯定，附凭据", "publicity-recognised", "publicity.view"),
    Ledger("宣传信息", "参与面", "各单位有多少党员参加过活动", "publicity-participation", "publicity.view"),
    Ledger("上级交办和来往", "任务", "本单位承办的、交办的，办到哪一步；过期限的，导出", "tasks", "tasks.view"),
    Ledger("上级交办和来往", "交办事项", "议定事项、批示、工作要求：多少天了，各单位办得怎样", "orders", "tasks.view"),
    Ledger(
        "上级交办和来往", "问题清单", "督查、观摩发现的问题，选上提要求，一次交办给有关单位", "problems", "tasks.issue"
    ),
    Ledger("上级交办和来往", "责任书", "签订、分解、半年检查、年终考核，党风廉政在内", "letters", "letters.view"),
    Ledger("上级交办和来往", "本单位的职责", "上级按职责清单交给本单位的", "charges-own", "responsibilities.report"),
    Ledger("上级交办和来往", "要答复的对照检查", "上级问本单位的条款", "library-asked", "library.answer"),
    Ledger("上级交办和来往", "听取意见", "干部事项征求的书面意见", "opinions", "offices.view"),
    Ledger("上级交办和来往", "常联系", "机关工委和部门党委（党组）：请求、答复、用时", "liaison", "liaison.view"),
    Ledger(
        "上级交办和来往",
        "报告包",
        "全委会、半年、党建工作会议、汇报材料，数字自动取",
        "reports",
        "reports.view",
    ),
    Ledger("上级交办和来往", "年度目标", "年初的目标，上半年完成多少，怎么调整", "report-targets", "reports.view"),
    Ledger("服务群众", "反映事项", "群众和基层反映的事：受理、交办、答复、评价，用时", "concerns", "concerns.view"),
    Ledger("服务群众", "到联系点", "去了几次，发现和解决了多少问题", "visits", "concerns.view"),
    Ledger("服务群众", "承诺", "党员和党组织承诺的事，做到没有、谁确认；公示", "commitments", "service.view"),
    Ledger("服务群众", "社区报到", "党员到居住地社区报到，服务时长由社区确认", "registrations", "service.view"),
    Ledger("服务群众", "招募", "志愿服务、下沉社区、急难险重任务：岗位、报名、上岗", "calls", "service.view"),
    Ledger("服务群众", "党员服务队", "有哪些队、派到哪里、做成了什么", "teams", "service.view"),
    Ledger("服务群众", "服务指南", "服务事项、窗口、服务点，窗口规范和满意度", "guides", "guides.read"),
    Ledger("班子", "职务与班子", "职务、在任、空缺、兼任、队伍结构", "offices-offices", "offices.view"),
    Ledger("班子", "届期", "谁哪天届满、提醒换届", "offices-terms", "offices.view"),
    Ledger("班子", "后备人选", "村书记、村干部后备和比例", "offices-reserves", "reserves.view"),
    Ledger("班子", "任职谈话", "新任专职副书记的谈话", "talks", "offices.view"),
    Ledger("班子", "领导干部标准", "领导干部参加活动的标准高于一般党员", "leaders", "standards.view"),
    Ledger("班子", "议事日程", "专题研究党建工作几次，谁分管，固定议题", "agendas", "agendas.view"),
    Ledger("党组织", "组织", "下级党组织的树和列表", "organisations", "organisations.view"),
    Ledger("党组织", "设置提示", "该设支委会、该分设、该改建的", "thresholds", "branch.view"),
    Ledger("党组织", "下属单位", "部门的下属单位有没有党组织覆盖", "subunits", "organisations.view"),
    Ledger("党组织", "服务链", "按职能建的党支部在哪个环节", "chains", "organisations.view"),
    Ledger("党组织", "挂靠机构", "办公室设在别的单位的，人配齐没有", "hosted", "organisations.view"),
    Ledger("职责清单", "职责清单", "哪类单位负什么责，交给了谁，办到哪一步", "charters", "responsibilities.view"),
    Ledger("职责清单", "承担单位", "行业主管部门、纪检、统战、工青妇等各自的职责", "holders", "responsibilities.view"),
    Ledger("职责清单", "名称和职能不统一的", "名称、职能、人、经费，差在哪里", "conformity", "responsibilities.view"),
    Ledger("非公企业和社会组织", "单位台账", "非公企业、社会组织：谁负责、由谁覆盖", "units", "coverage.view"),
    Ledger("非公企业和社会组织", "应建应派", "规则要求建组织、派指导员，还没有做到的", "units-due", "coverage.view"),
    Ledger("非公企业和社会组织", "覆盖率", "组织覆盖、工作覆盖，与全市平均相比", "units-rates", "coverage.view"),
    Ledger("非公企业和社会组织", "指派和走访", "党建指导员、联络员和走访", "units-visits", "coverage.view"),
    Ledger("非公企业和社会组织", "待理顺", "无人负责、园区不一致、联合组建建议", "units-gaps", "coverage.view"),
    Ledger("非公企业和社会组织", "工作站和片区", "工作站负责哪些片区", "stations", "coverage.view"),
    Ledger("非公企业和社会组织", "三个“哪里有”", "每个片区缺工作、缺组织还是缺作用", "units-three", "coverage.view"),
    Ledger(
        "非公企业和社会组织",
        "很久没有活动的",
        "哪些企业党组织，天数由党委定",
        "units-quiet",
        "coverage.view",
    ),
    Ledger("非公企业和社会组织", "生产经营目标", "企业党组织围绕什么开展活动，结果怎样", "goals", "goals.view"),
    Ledger("规定和文件", "事项库", "规则、条款和出处", "rulebooks", "regulations.view"),
    Ledger("规定和文件", "制度库", "文件、条款，谁引用了哪一条，文件下来以后做了什么", "library", "library.view"),
    Ledger("规定和文件", "对照检查", "对照文件条款看各单位落实", "checklists", "library.ask"),
)
NOW = "现在有要办的"


def of(scope: Scope) -> list[Line]:
    """The registers that are of use to a post, those in which something is due now first."""
    found = [
        Line(one, reverse(one.url)) for one in LEDGERS if scope.may(one.needs) and of_use(one.url, one.needs, scope)
    ]
    for address, *_ in announce.month_rows(scope, scope.organisation_id):
        fits = [line for line in found if address.startswith(DUE.get(line.ledger.url, "-"))]
        if fits:
            max(fits, key=lambda line: len(DUE[line.ledger.url])).waiting += 1
    return sorted(found, key=lambda line: not line.waiting)


def _matches(line: Line, q: str) -> bool:
    one = line.ledger
    if is_spelling(q) and q.lower() in initials(one.word):
        return True
    return all(word in f"{one.group} {one.word} {one.says}" for word in q.split())


@page("identity.switch")
def ledgers(request: HttpRequest) -> HttpResponse:
    """`?q=`: words or pinyin initials of a register."""
    q, lines = asked.text(request, "q"), of(request.scope)
    groups: dict[str, list[Line]] = {}
    for line in lines:
        if _matches(line, q):
            groups.setdefault(NOW if line.waiting else line.ledger.group, []).append(line)
    return htmx.page(request, "design/ledgers.html", {"groups": list(groups.items()), "q": q, "any": bool(lines)})
