"""Who may come in: accounts, signing in and out, and how long a stay lasts. Every change goes on record in the audit trail.

A name that does not exist is treated like one that does: the same words, the same time, the same lock after five failures. What was
wrongly typed as a name is never written down, since it may be a password.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from townboard import passwords
from townboard.access import ROLES, WORKING_GROUPS, Actor
from townboard.catalogue import Catalogue
from townboard.store import Store
from townboard.store import accounts as kept
from townboard.store.accounts import Account, Session
from townboard.store.audit import audit
from townboard.store.migrations import utc_now
from townboard.text import Text

ATTEMPTS = 5
"""Failures before an account is locked: one minute, then twice as long with each further failure, one hour at most."""
LONGEST_LOCK = timedelta(hours=1)
TOUCH = timedelta(minutes=5)
"""How exactly the last action of a session is kept."""

NAMELESS = "—"
"""The actor of an attempt under a name that nobody has."""

WRONG = Text("账号或密码不对", "The name or the password is wrong")
LOCKED = Text("连续输错 {n} 次,请 {minutes} 分钟后再试", "Wrong {n} times: try again in {minutes} minutes")
DISABLED = Text("账号已停用,请联系专办", "The account is disabled; please ask the office")
ASLEEP = Text(
    "账号超过 {days} 天未使用,已停用,请联系专办",
    "Nobody has used the account for {days} days; it is disabled now. Please ask the office",
)
UNKNOWN = Text(
    "{who} 已通过身份认证,但还没有本系统的账号,请联系专办开通",
    "{who} is known to the identity service but has no account here; please ask the office",
)
WRONG_OLD = Text("原密码不对", "The old password is wrong")
SAME = Text("新密码不能与原密码相同", "The new password must be another one")
TAKEN = Text("已有名为 {name} 的账号", "There is an account called {name} already")
EMAIL_TAKEN = Text("{email} 已属于另一个账号", "{email} belongs to another account already")
NO_ACCOUNT = Text("没有名为 {name} 的账号", "No account is called {name}")
NOT_IN_USE = Text("账号 {name} 已停用", "The account {name} is disabled")
BAD_NAME = Text("账号名为 1 至 40 个字,不含控制字符", "An account’s name has 1 to 40 characters and no control characters")
BAD_ROLE = Text("没有“{role}”这个角色;有:{known}", "There is no role {role}; there is: {known}")
BAD_UNIT = Text("没有编码为 {unit} 的乡镇、街道", "No township or street has the code {unit}")
NEEDS_UNITS = Text("“{role}”须指定单位", "{role} needs units")
NEEDS_GROUP = Text("“{role}”须指定专项组;有:{known}", "{role} needs a working group; there is: {known}")
LAST_ADMIN = Text(
    "这是最后一个管理员账号,不能停用或改为其他角色", "This is the last administrator: it cannot be disabled or given another role"
)


class AccountError(Exception):
    """What was asked of an account cannot be done; `message` says why in both languages."""

    def __init__(self, message: Text) -> None:
        self.message = message
        super().__init__(message.en)


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody came in. `token` is the secret that the browser carries; nobody can ask for it again."""

    token: str
    account: Account


@dataclass(frozen=True, slots=True)
class _Known:
    generation: int
    session: Session
    account: Account


_generations: dict[Path, int] = {}
_seen: dict[tuple[Path, str], _Known] = {}
_strangers: dict[str, Account] = {}
_lock = threading.Lock()
_deciding = threading.Lock()


def _changed(store: Store) -> None:
    with _lock:
        _generations[store.folder] = _generations.get(store.folder, 0) + 1
        for key in [key for key in _seen if key[0] == store.folder]:
            del _seen[key]


def exist(store: Store) -> bool:
    """Whether the store has accounts: from the first one on, nobody comes in without."""
    return not kept.is_empty(store.rows)


def clean(name: str) -> str:
    """A name as it is kept: one spelling, no spaces around it."""
    return unicodedata.normalize("NFKC", name).strip()


def actor_of(account: Account) -> Actor:
    """The account as the rules of access know it."""
    return Actor(account.name, account.role, account.units, account.working_group)


def acting(store: Store, name: str) -> Actor:
    """Who acts when a command names a person: their account, once the store has accounts; before, the office. Raises AccountError."""
    if not exist(store):
        return Actor(name, "special_office")
    account = _there(store, name)
    if account.disabled:
        raise AccountError(NOT_IN_USE.fill(name=account.name))
    return actor_of(account)


# -- signing in and out -------------------------------------------------------------------------------------------------------


def sign_in(store: Store, name: str, password: str, *, address: str = "", now: datetime | None = None) -> Entered:
    """Check a name and a password; raises AccountError with words that tell a stranger nothing.

    Whether the account is locked is asked again once the password was checked, one attempt at a time: many at once count as many.
    """
    moment, called = now or utc_now(), clean(name)
    checked = _subject(store, called)
    _refuse_locked(store, checked, address, moment)
    fits = passwords.fits(password, checked.password)
    with _deciding:
        subject = _subject(store, called)
        _refuse_locked(store, subject, address, moment)
        if not fits or subject.password != checked.password:
            _failed(store, subject, address, moment)
            raise AccountError(WRONG)
        return _enter(store, subject, "password", address, moment)


def _subject(store: Store, name: str) -> Account:
    """The account of that name, or a stand-in without a role for a name that nobody has."""
    return kept.by_name(store.rows, name) or _strangers.get(name) or Account(name, "")


def _refuse_locked(store: Store, subject: Account, address: str, moment: datetime) -> None:
    if subject.locked_until is not None and subject.locked_until > moment:
        store.note(subject.name if subject.role else NAMELESS, "sign-in-refused", detail=f"locked; {address}", at=moment)
        minutes = -(-(subject.locked_until - moment) // timedelta(minutes=1))
        raise AccountError(LOCKED.fill(n=subject.failures, minutes=minutes))


def _failed(store: Store, subject: Account, address: str, moment: datetime) -> None:
    failures = subject.failures + 1
    over = failures - ATTEMPTS
    locked = None if over < 0 else moment + min(LONGEST_LOCK, timedelta(minutes=2 ** min(over, 10)))
    tried = replace(subject, failures=failures, locked_until=locked)
    if not subject.role:
        if len(_strangers) > 10_000:
            _strangers.clear()
        _strangers[subject.name] = tried
        store.note(NAMELESS, "sign-in-failed", detail=f"unknown name; {address}", at=moment)
        return
    with store.write() as cursor:
        kept.put(cursor, tried)
        detail = f"failure {failures}; {address}" + ("" if locked is None else f"; locked until {locked.isoformat()}Z")
        audit(cursor, subject.name, "sign-in-failed", at=moment, detail=detail, figures=False)
    _changed(store)


def _enter(store: Store, account: Account, way: str, address: str, moment: datetime) -> Entered:
    if account.disabled:
        store.note(account.name, "sign-in-refused", detail=f"disabled; {address}", at=moment)
        raise AccountError(DISABLED)
    days = store.catalogue.settings.account_idle_days
    used = max(found for found in (account.signed_in_at, account.created_at, datetime.min) if found is not None)
    if moment - used > timedelta(days=days):
        with store.write() as cursor:
            kept.put(cursor, replace(account, disabled=True))
            audit(cursor, account.name, "account-disabled", at=moment, detail=f"not used for {days} days", figures=False)
        _changed(store)
        raise AccountError(ASLEEP.fill(days=days))
    token = secrets.token_urlsafe(32)
    entered = replace(account, failures=0, locked_until=None, signed_in_at=moment)
    with store.write() as cursor:
        kept.put(cursor, entered)
        kept.begin(cursor, Session(kept.digest(token), account.name, way, address, moment, moment))
        audit(cursor, account.name, "sign-in", at=moment, detail=f"{way}; {address}", figures=False)
    _changed(store)
    return Entered(token, entered)


def sign_in_known(store: Store, identities: list[str], *, address: str = "", now: datetime | None = None) -> Entered:
    """Let in whom an identity provider vouches for, by one of the e-mail addresses or subjects it names; raises AccountError."""
    moment = now or utc_now()
    account = next((found for one in identities if one and (found := kept.by_email(store.rows, clean(one).lower()))), None)
    if account is None:
        who = next((one for one in identities if one), "?")
        store.note(NAMELESS, "sign-in-failed", detail=f"oidc: no account for {who[:80]}; {address}", at=moment)
        raise AccountError(UNKNOWN.fill(who=who[:80]))
    return _enter(store, replace(account, must_change=False), "oidc", address, moment)


def visitor(store: Store, token: str, *, now: datetime | None = None) -> Account | None:
    """Whose session a token is; None once it was ended, ran out, or its account was disabled. Counts as being active."""
    if not token:
        return None
    moment, generation, key = now or utc_now(), _generations.get(store.folder, 0), (store.folder, kept.digest(token))
    known = _seen.get(key)
    if known is None or known.generation != generation:
        session = kept.session(store.rows, key[1])
        account = kept.by_name(store.rows, session.account) if session is not None else None
        if session is None or account is None:
            return None
        known = _Known(generation, session, account)
        with _lock:
            if len(_seen) > 10_000:
                _seen.clear()
            _seen[key] = known
    if known.account.disabled or not _holds(known.session, moment, store.catalogue):
        return None
    if moment - known.session.seen_at > TOUCH:
        with store.write() as cursor:
            kept.touch(cursor, key[1], moment)
        with _lock:
            _seen[key] = replace(known, session=replace(known.session, seen_at=moment))
    return known.account


def _holds(session: Session, moment: datetime, catalogue: Catalogue) -> bool:
    settings = catalogue.settings
    idle, whole = timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours)
    return session.ended_at is None and moment - session.seen_at <= idle and moment - session.started_at <= whole


def sign_out(store: Store, token: str, *, everywhere: bool = False, now: datetime | None = None) -> None:
    """End this session, or all of the person's; the token is worth nothing from now on."""
    moment, session = now or utc_now(), kept.session(store.rows, kept.digest(token))
    if session is None or session.ended_at is not None:
        return
    with store.write() as cursor:
        kept.end(cursor, moment, token=session.token, account=session.account if everywhere else "")
        audit(cursor, session.account, "sign-out", at=moment, detail="everywhere" if everywhere else "", figures=False)
    _changed(store)


def change_password(store: Store, token: str, old: str, new: str, *, now: datetime | None = None) -> None:
    """A person's own new password; their other sessions end. Raises AccountError."""
    moment, account = now or utc_now(), visitor(store, token, now=now)
    if account is None:
        raise AccountError(WRONG)
    _refuse_locked(store, account, "changing the password", moment)
    if not passwords.fits(old, account.password):
        with _deciding:
            _failed(store, _there(store, account.name), "changing the password", moment)
        raise AccountError(WRONG_OLD)
    weak = SAME if old == new else passwords.weakness(new, account.name)
    if weak is not None:
        raise AccountError(weak)
    made = passwords.hashed(new)
    with store.write() as cursor:
        kept.put(cursor, replace(account, password=made, must_change=False, failures=0, locked_until=None))
        kept.end(cursor, moment, account=account.name, but=kept.digest(token))
        audit(cursor, account.name, "password-changed", at=moment, figures=False)
    _changed(store)


# -- keeping accounts ---------------------------------------------------------------------------------------------------------


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
    _changed(store)
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


def _there(store: Store, name: str) -> Account:
    account = kept.by_name(store.rows, clean(name))
    if account is None:
        raise AccountError(NO_ACCOUNT.fill(name=name))
    return account


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
    _changed(store)


def change(store: Store, account: Account, *, by: str, now: datetime | None = None) -> None:
    """Give an account another role, other units, a working group or an e-mail address. Raises AccountError."""
    moment, wanted = now or utc_now(), _checked(account, store.catalogue)
    there = _there(store, wanted.name)
    if wanted.role != "admin":
        _spare_the_last(store, there)
    _own_email(store, wanted)
    changed = replace(there, role=wanted.role, units=wanted.units, working_group=wanted.working_group, email=wanted.email)
    _record(store, changed, by, "account-changed", moment)


def disable(store: Store, name: str, *, by: str, now: datetime | None = None) -> None:
    """Nobody comes in with the account any more; its sessions end at once. Raises AccountError."""
    moment, account = now or utc_now(), _there(store, name)
    _spare_the_last(store, account)
    _record(store, replace(account, disabled=True), by, "account-disabled", moment, ends=True)


def enable(store: Store, name: str, *, by: str, now: datetime | None = None) -> None:
    """The account may be used again, from today on; a lock is lifted. Raises AccountError."""
    moment, account = now or utc_now(), _there(store, name)
    awake = replace(account, disabled=False, failures=0, locked_until=None, created_at=moment, signed_in_at=None)
    _record(store, awake, by, "account-enabled", moment)


def reset(store: Store, name: str, *, by: str, password: str = "", now: datetime | None = None) -> str:
    """A new first password, to be changed at the next sign-in; the account's sessions end. Gives it. Raises AccountError."""
    moment, account = now or utc_now(), _there(store, name)
    first = _first_password(password, account.name)
    made = passwords.hashed(first)
    fresh = replace(account, password=made, must_change=True, failures=0, locked_until=None)
    _record(store, fresh, by, "password-reset", moment, ends=True)
    return first


def end_sessions(store: Store, name: str, *, by: str, now: datetime | None = None) -> None:
    """Sign somebody out everywhere. Raises AccountError."""
    _record(store, _there(store, name), by, "sessions-ended", now or utc_now(), ends=True)
