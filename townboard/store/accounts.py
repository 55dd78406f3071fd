"""Accounts and their sessions as the store keeps them. What may be done with them, and when, is `townboard.accounts`.

A session's token is kept as its sha256 only: who reads the store cannot take a session over. What was asked about a session is kept
in memory until any account or session of the store changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from townboard.store.file import Rows
from townboard.tables import columns_of


@dataclass(frozen=True, slots=True)
class Account:
    """One person's account. `units`: codes; `working_group`: a code of `access.WORKING_GROUPS`, "" for none; times are naive UTC."""

    name: str
    role: str
    units: tuple[str, ...] = ()
    working_group: str = ""
    email: str = ""
    password: str = ""
    must_change: bool = False
    disabled: bool = False
    failures: int = 0
    locked_until: datetime | None = None
    created_at: datetime | None = None
    signed_in_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One stay of a person: from sign-in to sign-out. `token` is its sha256; `way`: password or oidc."""

    token: str
    account: str
    way: str
    address: str
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None


_ACCOUNT = ", ".join(columns_of("account"))


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _account(row: Sequence[Any]) -> Account:
    name, role, units, *rest = row
    return Account(name, role, tuple(unit for unit in units.split(",") if unit), *rest)


def everyone(rows: Rows) -> list[Account]:
    """All accounts by name."""
    return [_account(row) for row in rows(f"select {_ACCOUNT} from account order by name", [])]


def by_name(rows: Rows, name: str) -> Account | None:
    """The account of that name."""
    found = rows(f"select {_ACCOUNT} from account where name = ?", [name])
    return _account(found[0]) if found else None


def by_email(rows: Rows, email: str) -> Account | None:
    """The one account with that e-mail address or subject of an identity provider."""
    found = rows(f"select {_ACCOUNT} from account where email = ?", [email])
    return _account(found[0]) if len(found) == 1 else None


def is_empty(rows: Rows) -> bool:
    """Whether the store has no account at all."""
    return rows("select count(*) from account", []) == [(0,)]


def put(cursor: duckdb.DuckDBPyConnection, account: Account) -> None:
    """Write an account, in place of one of the same name. The caller holds the transaction."""
    values = [account.name, account.role, ",".join(account.units), account.working_group, account.email, account.password,
              account.must_change, account.disabled, account.failures, account.locked_until, account.created_at,
              account.signed_in_at]  # fmt: skip
    changed = cursor.execute(
        f"update account set {', '.join(f'{column} = ?' for column in columns_of('account'))} where name = ? returning name",
        [*values, account.name],
    ).fetchall()
    if not changed:
        cursor.execute(f"insert into account ({_ACCOUNT}) values ({', '.join('?' for _ in values)})", values)


def begin(cursor: duckdb.DuckDBPyConnection, session: Session) -> None:
    """Write a new session."""
    cursor.execute(
        "insert into session values (?, ?, ?, ?, ?, ?, null)",
        [session.token, session.account, session.way, session.address, session.started_at, session.seen_at],
    )


def touch(cursor: duckdb.DuckDBPyConnection, token: str, at: datetime) -> None:
    """The person did something."""
    cursor.execute("update session set seen_at = ? where token = ?", [at, token])


def end(cursor: duckdb.DuckDBPyConnection, at: datetime, *, token: str = "", account: str = "", but: str = "") -> int:
    """End one session, or all of an account (`but` one); how many were open."""
    ended = cursor.execute(
        "update session set ended_at = ? where ended_at is null and token <> ? and (token = ? or account = ?) returning token",
        [at, but, token, account or None],
    ).fetchall()
    return len(ended)


def session(rows: Rows, token: str) -> Session | None:
    """The session whose token has this sha256."""
    found = rows("select token, account, way, address, started_at, seen_at, ended_at from session where token = ?", [token])
    return Session(*found[0]) if found else None


def open_sessions(rows: Rows) -> dict[str, int]:
    """Account → sessions that nobody has ended (some may have run out)."""
    return dict(rows("select account, count(*) from session where ended_at is null group by account", []))
