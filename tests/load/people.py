"""Who comes: accounts of every role that works with figures, and clerks who upload; their sessions are begun before the measuring."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from townboard import passwords
from townboard.catalogue import Catalogue
from townboard.store import Store
from townboard.store.accounts import Account, put
from townboard.store.audit import audit
from townboard.store.migrations import utc_now

COUNTY = "140121"
ROLES = ("clerk", "unit_leader", "leader", "special_office", "clerk")
"""Roles of those who browse, in turn."""


@dataclass(frozen=True)
class Person:
    """An account with its password; `unit` for those who see one only."""

    name: str
    password: str
    role: str
    unit: str

    @property
    def scope(self) -> str:
        """What their figures depend on."""
        return self.unit or "all"


def people(store: Store, browsing: int, uploading: int, units: list[str]) -> tuple[list[Person], list[Person]]:
    """(those who browse, clerks who upload, one of them a unit as far as they reach), with accounts that work."""
    wanted = [(f"load-{n:03}-", "clerk", units[n % len(units)]) for n in range(uploading)]
    for n in range(browsing):
        role = ROLES[n % len(ROLES)]
        wanted.append((f"load-{n + uploading:03}-", role, units[n % len(units)] if role in ("clerk", "unit_leader") else ""))
    password = secrets.token_urlsafe(18)
    kept = passwords.hashed(password)  # one for all of them: hashing sixty takes a minute
    with store.write() as cursor:
        for name, role, unit in wanted:
            put(cursor, Account(name, role, (unit,) if unit else (), password=kept, created_at=utc_now()))
            audit(cursor, "load", "account-added", at=utc_now(), detail=name, figures=False)
    made = [Person(name, password, role, unit) for name, role, unit in wanted]
    return made[uploading:], made[:uploading]


def foreign_names(catalogue: Catalogue, unit: str) -> list[bytes]:
    """Names of other units and their villages, which nobody of `unit` may be shown; none for who sees everything."""
    if not unit:
        return []
    own = [
        place.label.zh
        for place in (catalogue.org_unit[unit], *catalogue.children(unit, "village"), *catalogue.children(unit, "community"))
    ]
    found = [
        name for other in catalogue.units(COUNTY) if other.code != unit
        for name in (other.label.zh, *(village.label.zh for village in catalogue.children(other.code, "village")))
    ]  # fmt: skip
    return [name.encode() for name in found if not any(name in mine for mine in own)]
