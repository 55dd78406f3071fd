"""Who may do what, where, and why: permission is a fact with a reason. No scope means nothing, not everything.

Roles are data (domain §7.2): what each may do, how far it reaches (own units, the data sets of a working group, everything, nothing),
and whether it sees approved figures only. A store without accounts is open on its own machine only, and whoever sits there acts for
the special-action office.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from townboard.catalogue import Catalogue
from townboard.text import Text

READ, FOLLOW, UPLOAD, CONFIRM, EXPLAIN, REVIEW, REGISTER = "read", "follow", "upload", "confirm", "explain", "review", "register"
ADMINISTER, AUDIT, LOOK_UP = "administer", "audit", "look_up"
ACTIONS: dict[str, Text] = {
    READ: Text("查看数据", "see figures"),
    FOLLOW: Text("查看报送和审核情况", "follow reports and reviews"),
    UPLOAD: Text("报送", "send workbooks"),
    CONFIRM: Text("审签本单位报表", "confirm the unit's report"),
    EXPLAIN: Text("核对说明", "check and explain"),
    REVIEW: Text("审核", "approve and return"),
    REGISTER: Text("维护名录、目标和基数", "keep registers, goals and baselines"),
    ADMINISTER: Text("管理账号和备份", "keep accounts and backups"),
    AUDIT: Text("查看操作记录", "see the audit trail"),
    LOOK_UP: Text("查看指标和口径", "look up what numbers mean"),
}

Reach = Literal["units", "group", "all", "none"]


@dataclass(frozen=True, slots=True)
class Role:
    """What one role is called and may do. `reach`: the units given to the account, all units for the data sets of its working
    group, all, or no figures. `approved_only`: what is not approved yet is not shown."""

    code: str
    label: Text
    actions: frozenset[str]
    reach: Reach
    approved_only: bool = False


def _role(code: str, zh: str, en: str, actions: str, reach: Reach, *, approved_only: bool = False) -> Role:
    return Role(code, Text(zh, en), frozenset(actions.split()) | {LOOK_UP}, reach, approved_only)


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        _role("clerk", "填报员", "Clerk", "read follow upload", "units"),
        _role("unit_leader", "乡镇审核人", "Township reviewer", "read follow confirm", "units"),
        _role("working_group", "专项工作组", "Special working group", "read follow explain", "group"),
        _role("steering_group", "指导组", "Steering group", "read follow", "units"),
        _role("special_office", "专办", "Special-action office", "read follow upload explain review register audit", "all"),
        _role("leader", "县领导", "County leader", "read follow", "all"),
        _role("city_group", "市委督导组", "City supervision group", "read", "all", approved_only=True),
        _role("county_unit", "县直单位", "County-level unit", "", "none"),
        _role("admin", "管理员", "Administrator", "administer audit", "none"),
    )
}


@dataclass(frozen=True, slots=True)
class WorkingGroup:
    """One of the five special working groups and the data sets of its domain (the default of domain §7.2, to be settled)."""

    code: str
    label: Text
    data_sets: frozenset[str]


WORKING_GROUPS: dict[str, WorkingGroup] = {
    code: WorkingGroup(code, label, frozenset(data_sets.split()))
    for code, label, data_sets in (
        ("enforcement", Text("执法改革组", "Law enforcement"), "law_enforcement"),
        (
            "economy",
            Text("集体经济与清化收组", "Village economy, clean and collect"),
            "village_economy clean_collect assets_platform",
        ),
        ("communities", Text("街道社区组", "Street communities"), "community_coverage"),
        ("enterprises", Text("非公党建组", "Private-enterprise party building"), "enterprise_party"),
        ("support", Text("综合保障组", "Support"), "burden task_progress problems_models"),
    )
}


SOURCES = {"task": "task_progress", "problem": "problems_models", "report": ""}
"""Sources of indicators that are not named like their data set; "" for who has reported, which belongs to no domain."""


@dataclass(frozen=True, slots=True)
class Need:
    """What opening a page takes: an action and, where the page shows certain data sets, sight of any of them, or of all (`whole`)."""

    action: str
    data_sets: frozenset[str] = frozenset()
    whole: bool = False


PAGES: dict[str, Need] = {
    "overview": Need(READ, whole=True),
    "economy": Need(READ, frozenset({"village_economy"})),
    "clean_collect": Need(READ, frozenset({"clean_collect", "assets_platform"})),
    "enforcement": Need(READ, frozenset({"law_enforcement"})),
    "coverage": Need(READ, frozenset({"community_coverage", "enterprise_party"})),
    "burden": Need(READ, frozenset({"burden"})),
    "township": Need(READ),
    "explore": Need(READ),
    "submit": Need(UPLOAD),
    "submissions": Need(FOLLOW),
    "todo": Need(FOLLOW),
    "catalogue": Need(LOOK_UP),
    "admin": Need(ADMINISTER),
    "audit": Need(AUDIT),
}
"""Page → what opening it takes. The list of rooms and each page ask the same."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at work: name, role, the units given to them (codes; for roles that reach units) and their working group."""

    name: str
    role: str
    units: tuple[str, ...] = ()
    working_group: str = ""


NOBODY = Actor("", "")


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an action is allowed, and the reason in words."""

    allowed: bool
    reason: Text


def scope(actor: Actor, catalogue: Catalogue, county: str) -> tuple[str, ...]:
    """The reporting units of a county that an actor may see, in official order; empty when there is no scope."""
    role = ROLES.get(actor.role)
    if role is None or READ not in role.actions or role.reach == "none":
        return ()
    return tuple(unit.code for unit in catalogue.units(county) if role.reach != "units" or unit.code in actor.units)


def data_sets(actor: Actor, catalogue: Catalogue) -> frozenset[str]:
    """The data sets whose figures an actor may see: all of them, those of a working group, or none."""
    role = ROLES.get(actor.role)
    if role is None or READ not in role.actions or role.reach == "none":
        return frozenset()
    if role.reach == "group":
        group = WORKING_GROUPS.get(actor.working_group)
        return group.data_sets if group else frozenset()
    return frozenset(data_set.code for data_set in catalogue)


def approved_only(actor: Actor) -> bool:
    """Whether an actor sees approved figures only; who has no role does too, of nothing."""
    role = ROLES.get(actor.role)
    return role is None or role.approved_only


def may(actor: Actor, action: str, unit: str = "", data_sets: Collection[str] = ()) -> Decision:
    """Whether an actor may do something for a unit ("" = anywhere at all) with any of some data sets (none named = whatever they
    are), with the reason."""
    role = ROLES.get(actor.role)
    if role is None:
        return Decision(False, Text("没有登录,或账号没有角色", "Not signed in, or the account has no role"))
    if action not in role.actions:
        said = Text("{role}不能{action}", "{role} may not {action}").fill(role=role.label, action=ACTIONS[action])
        return Decision(False, said)
    if unit and (role.reach == "none" or (role.reach == "units" and unit not in actor.units)):
        return Decision(False, Text("该单位不在您的范围内", "The unit is not in your scope"))
    if role.reach == "units" and not actor.units:
        return Decision(False, Text("账号还没有分配单位", "The account has no units yet"))
    if role.reach == "group":
        group = WORKING_GROUPS.get(actor.working_group)
        if group is None:
            return Decision(False, Text("账号还没有分配专项组", "The account has no working group yet"))
        if data_sets and not group.data_sets & set(data_sets):
            said = Text("这些数据不属于{group}", "These figures are outside the domain of: {group}").fill(group=group.label)
            return Decision(False, said)
    return Decision(True, Text("{role}可以{action}", "{role} may {action}").fill(role=role.label, action=ACTIONS[action]))


def may_open(actor: Actor, page: str) -> Decision:
    """Whether an actor may open a page, with the reason. A page that is not in `PAGES` opens for nobody (KeyError: our bug)."""
    need = PAGES[page]
    decision = may(actor, need.action, data_sets=need.data_sets)
    if decision.allowed and need.whole and ROLES[actor.role].reach == "group":
        return Decision(
            False, Text("本页汇总全部专题,请看本组的专题页", "This page sums up all themes; please open your own theme's page")
        )
    return decision


def may_take_originals(actor: Actor, unit: str) -> Decision:
    """Whether an actor may take away a unit's workbooks as they were sent: these hold every form of the month, and whatever nobody
    has approved yet, so they are for those who see all of it."""
    decision = may(actor, READ, unit)
    if decision.allowed and (ROLES[actor.role].reach == "group" or approved_only(actor)):
        return Decision(False, Text("原始工作簿含有本人范围以外的内容", "The original workbook holds more than you may see"))
    return decision
