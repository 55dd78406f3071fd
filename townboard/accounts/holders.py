"""Whose account it is: found by name, and as whom its holder acts."""

from __future__ import annotations

import unicodedata
from weakref import WeakKeyDictionary

from townboard.access import Actor
from townboard.accounts.refusals import NO_ACCOUNT, NO_NAME, NOT_IN_USE, AccountError
from townboard.store import Store
from townboard.store import accounts as kept
from townboard.store.accounts import Account
from townboard.store.file import Rows

_known: WeakKeyDictionary[Store, tuple[int, bool]] = WeakKeyDictionary()


def exist(store: Store) -> bool:
    """Whether the store has accounts: from the first one on, nobody comes in without. Asked anew after each write; pages want it often."""
    writes, known = store.writes, _known.get(store)
    if known is None or known[0] != writes:
        known = _known[store] = writes, not kept.is_empty(store.rows)
    return known[1]


def clean(name: str) -> str:
    """A name as it is kept: one spelling, no spaces around it."""
    return unicodedata.normalize("NFKC", name).strip()


def named(store: Store, name: str) -> Account:
    """The account of that name; raises AccountError when there is none."""
    account = kept.by_name(store.rows, clean(name))
    if account is None:
        raise AccountError(NO_ACCOUNT.fill(name=name))
    return account


def actor_of(account: Account) -> Actor:
    """The account as the rules of access know it."""
    return Actor(account.name, account.role, account.units, account.working_group)


def acting(store: Store, name: str) -> Actor:
    """Who acts when a command names a person: their account, once the store has accounts; before, the office. Raises AccountError."""
    if not clean(name):
        raise AccountError(NO_NAME)
    return holder(store.rows, name) if exist(store) else Actor(name, "special_office")


def holder(rows: Rows, name: str) -> Actor:
    """Who holds the account of that name; raises AccountError when there is none, or it is not in use."""
    account = kept.by_name(rows, clean(name))
    if account is None:
        raise AccountError(NO_ACCOUNT.fill(name=name))
    if account.disabled:
        raise AccountError(NOT_IN_USE.fill(name=account.name))
    return actor_of(account)
