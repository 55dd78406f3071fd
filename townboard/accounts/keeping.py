"""Keeping accounts: making, changing, disabling one, and giving a new first password."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import datetime

from townboard import passwords
from townboard.access import ROLES, WORKING_GROUPS
from townboard.accounts.holders import clean, named
from townboard.accounts.refusals import (
    BAD_NAME,
    BAD_ROLE,
    BAD_UNIT,
    EMAIL_TAKEN,
    LAST_ADMIN,
    NEEDS_GROUP,
    NEEDS_UNITS,
    TAKEN,
    AccountError,
)
from townboard.accounts.sessions import forget
from townboard.catalogue import Catalogue
from townboard.store import Store
from townboard.store import accounts as kept
from townboard.store.accounts import Account
from townboard.store.audit import audit
from townboard.store.migrations import utc_now


def _checked(account: Account, catalogue: Catalogue) -> Account:
    name = clean(account.name)
    if not 0 < len(name) <= 40 or any(unicodedata.category(letter)[0] == "C" for letter in name):
        raise AccountError(BAD_NAME)
    role = ROLES.get(account.role)
    if role is None:
        raise AccountError(BAD_ROLE.fill(role=account.role, known=", ".join(ROLES)))
    reporting = {unit.code for unit in catalogue.org_units if unit.level == "township"}
    for unit in account.units:
        if unit not in reporting:
            raise AccountError(BAD_UNIT.fill(unit=unit))
    if role.reach == "units" and not account.units:
        raise AccountError(NEEDS_UNITS.fill(role=role.label))
    if role.reach == "group" and account.working_group not in WORKING_GROUPS:
        raise AccountError(NEEDS_GROUP.fill(role=role.label, known=", ".join(WORKING_GROUPS)))
    return replace(account, name=name, email=clean(account.email).lower(),
                   units=account.units if role.reach == "units" else (),
                   working_group=account.working_group if role.reach == "group" else "")  # fmt: skip


def add(store: Store, account: Account, *, by: str, password: str = "", now: datetime | None = None) -> str:
    """Make an account; gives its first password, which the person must change. Raises AccountError."""
    moment, made = now or utc_now(), _checked(account, store.catalogue)
    if kept.by_name(store.rows, made.name):
        raise AccountError(TAKEN.fill(name=made.name))
    first = _first_password(password, made.name)
    with store.write() as cursor:
        _own_email(store, made)
        kept.put(cursor, replace(made, password=passwords.hashed(first), must_change=True, created_at=moment))
        audit(cursor, by, "account-added", at=moment, detail=_said(made), figures=False)
    forget(store)
    return first


def _first_password(given: str, name: str) -> str:
    first = given or passwords.one_time()
    weak = passwords.weakness(first, name)
    if weak is not None:
        raise AccountError(weak)
    return first


def _own_email(store: Store, account: Account) -> None:
    if account.email and any(other.email == account.email and other.name != account.name for other in kept.everyone(store.rows)):
        raise AccountError(EMAIL_TAKEN.fill(email=account.email))


def _said(account: Account) -> str:
    parts = [account.name, account.role, ",".join(account.units), account.working_group, account.email]
    return " ".join(part for part in parts if part)


def _spare_the_last(store: Store, account: Account) -> None:
    others = [one for one in kept.everyone(store.rows) if one.role == "admin" and not one.disabled and one.name != account.name]
    if account.role == "admin" and not account.disabled and not others:
        raise AccountError(LAST_ADMIN)


def _record(store: Store, account: Account, by: str, action: str, moment: datetime, *, ends: bool = False) -> None:
    with store.write() as cursor:
        if ends:
            kept.end(cursor, moment, account=account.name)
        kept.put(cursor, account)
        audit(cursor, by, action, at=moment, detail=_said(account), figures=False)
    forget(store)


def change(store: Store, account: Account, *, by: str, now: datetime | None = None) -> None:
    """Give an account another role, other units, a working group or an e-mail address. Raises AccountError."""
    moment, wanted = now or utc_now(), _checked(account, store.catalogue)
    there = named(store, wanted.name)
    if wanted.role != "admin":
        _spare_the_last(store, there)
    _own_email(store, wanted)
    changed = replace(there, role=wanted.role, units=wanted.units, working_group=wanted.working_group, email=wanted.email)
    _record(store, changed, by, "account-changed", moment)


def disable(store: Store, name: str, *, by: str, now: datetime | None = None) -> None:
    """Nobody comes in with the account any more; its sessions end at once. Raises AccountError."""
    moment, account = now or utc_now(), named(store, name)
    _spare_the_last(store, account)
    _record(store, replace(account, disabled=True), by, "account-disabled", moment, ends=True)


def enable(store: Store, name: str, *, by: str, now: datetime | None = None) -> None:
    """The account may be used again, from today on; a lock is lifted. Raises AccountError."""
    moment, account = now or utc_now(), named(store, name)
    awake = replace(account, disabled=False, failures=0, locked_until=None, created_at=moment, signed_in_at=None)
    _record(store, awake, by, "account-enabled", moment)


def reset(store: Store, name: str, *, by: str, password: str = "", now: datetime | None = None) -> str:
    """A new first password, to be changed at the next sign-in; the account's sessions end. Gives it. Raises AccountError."""
    moment, account = now or utc_now(), named(store, name)
    first = _first_password(password, account.name)
    made = passwords.hashed(first)
    fresh = replace(account, password=made, must_change=True, failures=0, locked_until=None)
    _record(store, fresh, by, "password-reset", moment, ends=True)
    return first


def end_sessions(store: Store, name: str, *, by: str, now: datetime | None = None) -> None:
    """Sign somebody out everywhere. Raises AccountError."""
    _record(store, named(store, name), by, "sessions-ended", now or utc_now(), ends=True)
