"""Who may come in: signing in and out, and how long a stay lasts.

A name that does not exist is treated like one that does: the same words, the same time, the same lock after five failures. What was
wrongly typed as a name is never written down, since it may be a password.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from townboard import passwords
from townboard.accounts.holders import clean, named
from townboard.accounts.refusals import ASLEEP, DISABLED, LOCKED, SAME, UNKNOWN, WRONG, WRONG_OLD, AccountError
from townboard.catalogue import Catalogue
from townboard.store import Store
from townboard.store import accounts as kept
from townboard.store.accounts import Account, Session
from townboard.store.audit import audit
from townboard.store.migrations import utc_now

ATTEMPTS = 5
"""Failures before an account is locked: one minute, then twice as long with each further failure, one hour at most."""
LONGEST_LOCK = timedelta(hours=1)
TOUCH = timedelta(minutes=5)
"""How exactly the last action of a session is kept."""

OIDC = "oidc"
"""The way of a session that an identity provider vouched for: its first password, should it have one, is asked for when that is used."""
NAMELESS = "—"
"""The actor of an attempt under a name that nobody has."""


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


def forget(store: Store) -> None:
    """Forget what is known of sessions: an account or a session was written."""
    with _lock:
        _generations[store.folder] = _generations.get(store.folder, 0) + 1
        for key in [key for key in _seen if key[0] == store.folder]:
            del _seen[key]


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
    forget(store)


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
        forget(store)
        raise AccountError(ASLEEP.fill(days=days))
    token = secrets.token_urlsafe(32)
    entered = replace(account, failures=0, locked_until=None, signed_in_at=moment)
    with store.write() as cursor:
        kept.put(cursor, entered)
        kept.begin(cursor, Session(kept.digest(token), account.name, way, address, moment, moment))
        audit(cursor, account.name, "sign-in", at=moment, detail=f"{way}; {address}", figures=False)
    forget(store)
    return Entered(token, entered)


def sign_in_known(store: Store, identities: list[str], *, address: str = "", now: datetime | None = None) -> Entered:
    """Let in whom an identity provider vouches for, by one of the e-mail addresses or subjects it names; raises AccountError."""
    moment = now or utc_now()
    account = next((found for one in identities if one and (found := kept.by_email(store.rows, clean(one).lower()))), None)
    if account is None:
        who = next((one for one in identities if one), "?")
        store.note(NAMELESS, "sign-in-failed", detail=f"oidc: no account for {who[:80]}; {address}", at=moment)
        raise AccountError(UNKNOWN.fill(who=who[:80]))
    return _enter(store, account, OIDC, address, moment)


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
    return replace(known.account, must_change=False) if known.session.way == OIDC else known.account


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
    forget(store)


def change_password(store: Store, token: str, old: str, new: str, *, now: datetime | None = None) -> None:
    """A person's own new password; their other sessions end. Raises AccountError."""
    moment, account = now or utc_now(), visitor(store, token, now=now)
    if account is None:
        raise AccountError(WRONG)
    _refuse_locked(store, account, "changing the password", moment)
    if not passwords.fits(old, account.password):
        with _deciding:
            _failed(store, named(store, account.name), "changing the password", moment)
        raise AccountError(WRONG_OLD)
    weak = SAME if old == new else passwords.weakness(new, account.name)
    if weak is not None:
        raise AccountError(weak)
    made = passwords.hashed(new)
    with store.write() as cursor:
        kept.put(cursor, replace(account, password=made, must_change=False, failures=0, locked_until=None))
        kept.end(cursor, moment, account=account.name, but=kept.digest(token))
        audit(cursor, account.name, "password-changed", at=moment, figures=False)
    forget(store)
