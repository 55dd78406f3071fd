"""Who may do what, where, and why: permission is a fact with a reason. No scope means nothing, not everything.

Roles are data (domain §7.2). Accounts come with the sign-in; until a store has accounts it is open on its own machine only,
and whoever sits there acts for the special-action office.
"""

from __future__ import annotations

from dataclasses import dataclass

from townboard.catalogue import Catalogue
from townboard.text import Text

READ, UPLOAD, REVIEW, REGISTER = "read", "upload", "review", "register"
ACTIONS: dict[str, Text] = {
    READ: Text("查看", "see figures"),
    UPLOAD: Text("报送", "send workbooks"),
    REVIEW: Text("审核", "approve and return"),
    REGISTER: Text("维护名录和基数", "keep registers and targets"),
}


@dataclass(frozen=True, slots=True)
class Role:
    """What one role is called and may do; `everywhere` roles reach all units, others the units they are given."""

    code: str
    label: Text
    actions: frozenset[str]
    everywhere: bool


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role("clerk", Text("填报员", "Clerk"), frozenset({READ, UPLOAD}), False),
        Role("unit_leader", Text("乡镇负责人", "Township leader"), frozenset({READ}), False),
        Role("working_group", Text("专项工作组", "Special working group"), frozenset({READ}), True),
        Role("steering_group", Text("指导组", "Steering group"), frozenset({READ}), False),
        Role("special_office", Text("专办", "Special-action office"), frozenset({READ, UPLOAD, REVIEW, REGISTER}), True),
        Role("leader", Text("县领导", "County leader"), frozenset({READ}), True),
    )
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at work: name, role, and the units given to them (codes; ignored by roles that reach everywhere)."""

    name: str
    role: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an action is allowed, and the reason in words."""

    allowed: bool
    reason: Text


def scope(actor: Actor, catalogue: Catalogue, county: str) -> tuple[str, ...]:
    """The reporting units of a county that an actor may see, in official order; empty when there is no scope."""
    role = ROLES.get(actor.role)
    if role is None or READ not in role.actions:
        return ()
    return tuple(unit.code for unit in catalogue.units(county) if role.everywhere or unit.code in actor.units)


def may(actor: Actor, action: str, unit: str = "") -> Decision:
    """Whether an actor may do something for a unit ("" = anywhere at all), with the reason."""
    role = ROLES.get(actor.role)
    if role is None:
        return Decision(False, Text("没有登录,或账号没有角色", "Not signed in, or the account has no role"))
    if action not in role.actions:
        said = Text("{role}不能{action}", "{role} may not {action}").fill(role=role.label, action=ACTIONS[action])
        return Decision(False, said)
    if unit and not role.everywhere and unit not in actor.units:
        return Decision(False, Text("该单位不在您的范围内", "The unit is not in your scope"))
    return Decision(True, Text("{role}可以{action}", "{role} may {action}").fill(role=role.label, action=ACTIONS[action]))
