"""Writes: the profile of a unit with its links, hosted offices, subordinate units."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.bodies.models import HostedOffice, Link, Profile, Subunit
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation

MOST_LINKS = 30
Pairs = list[tuple[str, str]]  # chain, link


@action("profiles.keep")
def describe(*, by: Scope, organisation: Organisation, links: Pairs, **told: Any) -> Profile:
    """Store the profile of a unit and, of a branch, the links of service chains it is tied to."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    if links and here.kind not in BRANCH_KINDS:
        raise Unfit("links", f"服务链环节填在党支部上，{here.name} 是{here.get_kind_display()}")
    if len(links) > MOST_LINKS:
        raise Unfit("links", f"一个党支部最多 {MOST_LINKS} 个环节，这里写了 {len(links)} 个")
    there = Profile.objects.within(by).filter(organisation=here).first() or Profile(organisation=here)
    old = _altered(there, told) if there.pk else {}
    for name, value in told.items():
        setattr(there, name, value)
    there.written_on = by.on
    there.save()
    before = list(Link.objects.within(by).filter(organisation=here).order_by("pk").values_list("chain", "name"))
    if before != links:
        Link.objects.within(by).filter(organisation=here).delete()
        Link.objects.bulk_create([Link(organisation=here, chain=chain, name=name) for chain, name in links])
        old["links"] = [f"{chain}：{name}" for chain, name in before]
    new = {name: told.get(name) for name in old if name != "links"} or told
    if "links" in old:
        new = new | {"links": [f"{chain}：{name}" for chain, name in links]}
    write(
        by=by, action="profiles.keep", sentence=f"填写单位概况 {here.name}", thing=there, organisation=here, old=old,
        new=new, happened_on=by.on,
    )  # fmt: skip
    return there


@action("hosted.keep")
def keep_office(
    *, by: Scope, organisation: Organisation, office: HostedOffice | None = None, **told: Any
) -> HostedOffice:
    """Note an office of a committee that is placed in another body, or change what is noted."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    there = reached(HostedOffice.objects.within(by), office.pk) if office else HostedOffice(organisation=here)
    if told["ends_on"] and told["ends_on"] < told["starts_on"]:
        raise Unfit("ends_on", f"设立于 {told['starts_on']}，结束日期不能更早")
    old = _altered(there, told) if there.pk else {}
    word = "修改" if there.pk else "登记"
    _store(there, told)
    write(
        by=by, action="hosted.keep", sentence=f"{word}挂靠机构 {there.name}，在{there.host}", thing=there,
        organisation=there.organisation, old=old, new={name: told[name] for name in old} or told,
        happened_on=told["starts_on"],
    )  # fmt: skip
    return there


@action("subunits.keep")
def keep_subunit(
    *, by: Scope, organisation: Organisation, name: str, covered_by: Organisation | None, mode: str,
    gone_on: date | None = None, subunit: Subunit | None = None,
) -> Subunit:  # fmt: skip
    """Note a unit of a department and the organisation that covers it, or that none does yet."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    there = reached(Subunit.objects.within(by), subunit.pk) if subunit else Subunit(organisation=here)
    if bool(covered_by) != bool(mode):
        field, sentence = (
            ("mode", "选组建方式") if covered_by else ("covered_by", "填写覆盖它的党组织代码，还没有就不选组建方式")
        )
        raise Unfit(field, sentence)
    twins = Subunit.objects.within(by).filter(organisation=there.organisation, name=name).exclude(pk=there.pk)
    if twins.exists():
        raise Unfit("name", f"{there.organisation.name} 已登记“{name}”，改那一条就行")
    told = {"name": name, "covered_by": covered_by, "mode": mode, "gone_on": gone_on}
    old = _altered(there, told) if there.pk else {}
    word = "修改" if there.pk else "登记"
    _store(there, told)
    new = {one: told[one] for one in old} or told
    write(
        by=by, action="subunits.keep", sentence=f"{word}下属单位 {name}", thing=there, organisation=there.organisation,
        old=_coded(old), new=_coded(new), happened_on=by.on,
    )  # fmt: skip
    return there


def _altered(there: models.Model, told: dict[str, Any]) -> dict[str, Any]:
    return {name: getattr(there, name) for name, value in told.items() if getattr(there, name) != value}


def _store(there: models.Model, told: dict[str, Any]) -> None:
    for name, value in told.items():
        setattr(there, name, value)
    there.save()


def _coded(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value.code if isinstance(value, Organisation) else value for name, value in told.items()}
