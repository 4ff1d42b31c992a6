"""设置提示: where the number of members asks for another form. Proposals with their clause; people decide.

Breaches of the rulebook 党支部设置 come from the verdicts of the day (below three, seven without a committee, above
fifty). The rest counts here: a branch or general branch whose members reach the next form, a joint branch of too many
units. Temporary and floating branches are outside (支部工作条例 art. 8 and 10; memory).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from zhibu.web.bodies import putting_off
from zhibu.web.bodies.models import PutOff, Subunit
from zhibu.web.core.scope import Scope, subtree
from zhibu.web.duties.models import Verdict
from zhibu.web.members.models import Member, MemberKind
from zhibu.web.organisations.models import Kind, Organisation, Sector
from zhibu.web.regulations.queries import rules_by_name

BOOK = "branch-setup"
WORDS = {
    "branch-members": "正式党员不足 3 人，该调整或并入联合党支部",
    "branch-size": "党员超过 50 人，该分设或改建党总支",
    "committee-required": "正式党员 7 人以上，该设支委会",
    "committee-size": "支委会一般 3 至 5 人，看看人数",
    "committee-ceiling": "支委会一般不超过 7 人，看看人数",
    "secretary-required": "没有书记，该配备",
}
GENERAL, COMMITTEE, JOINT = 50, 100, 5
# Sector → the clause of the thresholds of general branches and committees, with how surely it is known.
# Sources: mission list JG-01 (2010: text), GQ-01 (text), NC-02 and SH-01 (secondary). Other sectors: none is known.
CLAUSES = {
    Sector.ORGAN: "《党和国家机关基层组织工作条例》第六至八条（2010 年文本，现行文本待核对）",
    Sector.SOE: "《国有企业基层组织工作条例（试行）》第四条",
    Sector.VILLAGE: "《农村基层组织工作条例》第六条（二手来源，待核对）",
    Sector.SOCIAL_ORG: "《关于加强社会组织党的建设工作的意见（试行）》（二手来源，待核对）",
}
JOINT_CLAUSE = "《支部工作条例（试行）》第五条：联合党支部覆盖单位一般不超过 5 个"


@dataclass(frozen=True, slots=True)
class Hint:
    """`rule`: the rule whose 缓办 answers it; for what only this page counts, one of `PutOff.Hint`."""

    organisation: Organisation
    sentence: str
    clause: str
    count: str
    rule: str

    @property
    def short_rule(self) -> str:
        return self.rule.rpartition("/")[2]


def hints(scope: Scope) -> list[Hint]:
    """In the order of the tree, without those put off."""
    waiting = set(putting_off.now(scope).values_list("organisation", "hint"))
    counted = [one for one in (*_grown(scope), *_joint(scope)) if (one.organisation.pk, one.rule) not in waiting]
    found = [*_broken(scope), *counted]
    return sorted(found, key=lambda one: one.organisation.path)


def _broken(scope: Scope) -> list[Hint]:
    rules, people = rules_by_name(), _people(scope)
    rows = Verdict.objects.within(scope).filter(rulebook=BOOK, year=scope.on.year, status="missed")
    found = []
    for one in rows.select_related("organisation").order_by("pk"):
        rule, here = rules.get((one.rulebook, one.rule)), one.organisation
        if rule is not None and here.dissolved_on is None:
            count = f"正式党员 {people.get(here.pk, (0, 0))[1]}，党员 {people.get(here.pk, (0, 0))[0]}"
            source = "；".join(filter(None, (rule.source, rule.clause)))
            found.append(Hint(here, WORDS.get(one.rule, rule.title), source, count, f"{BOOK}/{one.rule}"))
    return found


def _people(scope: Scope) -> dict[int, tuple[int, int]]:
    """Organisation → (members, full members) on its own roster."""
    rows = Member.objects.within(scope).filter(left_on=None).order_by().values("organisation")
    rows = rows.annotate(everyone=Count("pk"), full=Count("pk", Q(kind=MemberKind.FULL)))
    return {pk: (everyone, full) for pk, everyone, full in rows.values_list("organisation", "everyone", "full")}


def _grown(scope: Scope) -> list[Hint]:
    """Full members of the whole subtree reach the next form."""
    kinds = (Kind.GENERAL_BRANCH, Kind.BRANCH)
    rows = Organisation.objects.within(scope).filter(kind__in=kinds, sector__in=CLAUSES, dissolved_on=None)
    full = Member.objects.within(scope).filter(left_on=None, kind=MemberKind.FULL)
    own = {pk: many for pk, (_, many) in _people(scope).items()}
    found = []
    for one in rows:
        many = full.filter(subtree("organisation__path", one.path)).count() if one.numchild else own.get(one.pk, 0)
        clause, count = CLAUSES[Sector(one.sector)], f"正式党员 {many}"
        if many >= COMMITTEE:
            found.append(
                Hint(one, f"正式党员 {COMMITTEE} 人以上，可以报批改建党委", clause, count, PutOff.Hint.COMMITTEE)
            )
        elif one.kind == Kind.BRANCH and many >= GENERAL + (one.sector == Sector.VILLAGE):  # villages: above fifty
            word = "超过 50 人" if one.sector == Sector.VILLAGE else "50 人以上"
            found.append(Hint(one, f"正式党员{word}，可以报批改建党总支", clause, count, PutOff.Hint.GENERAL_BRANCH))
    return found


def _joint(scope: Scope) -> list[Hint]:
    covers = Subunit.objects.within(scope).filter(gone_on=None, covered_by__kind=Kind.JOINT_BRANCH).order_by()
    many = dict(covers.values_list("covered_by").annotate(n=Count("pk")).filter(n__gt=JOINT))
    rows = Organisation.objects.within(scope).filter(pk__in=many, dissolved_on=None)
    joint = PutOff.Hint.JOINT
    return [Hint(one, joint.label, JOINT_CLAUSE, f"覆盖 {many[one.pk]} 个单位", joint) for one in rows]
