"""The visit: language, who is looking, and the house (store and catalogue) opened once per process."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import streamlit as st

from townboard import access, accounts, deadlines
from townboard.catalogue import Catalogue
from townboard.door import cookies
from townboard.loading import catalogue
from townboard.shell.once import for_all, in_run
from townboard.shell.url_state import read_language
from townboard.store import Store
from townboard.store.accounts import Account
from townboard.text import Language, Text

LANGUAGE_KEY = "townboard_language"
"""Session key: the language chosen in this visit."""


@dataclass(frozen=True, slots=True)
class House:
    """The opened store, the catalogue, and whether the figures are invented. Shared by all visitors: never changed in place."""

    store: Store
    catalogue: Catalogue
    invented: bool


@lru_cache(maxsize=8)
def _resolved(written: str) -> Path:
    return Path(written).resolve()


def store_folder() -> Path:
    """The store's folder: TOWNBOARD_STORE, `data/live` by default."""
    return _resolved(os.environ.get("TOWNBOARD_STORE") or "data/live")


@for_all(8)
def _opened(folder: Path) -> House:
    from townboard import demo

    store = Store.open(folder)
    return House(store, catalogue(), demo.is_demo(store))


def house() -> House:
    """The store and the catalogue, opened once per process; raises StoreError when there is no store to open."""
    return _opened(store_folder())


@in_run
def language() -> Language:
    """The link's language, else the one chosen in this visit, else the browser's; Chinese where the browser is silent."""
    asked = read_language(st.query_params)
    if asked is None:
        asked = st.session_state.get(LANGUAGE_KEY)
    if asked is None:
        locale = st.context.locale
        asked = "zh" if not locale or locale.lower().startswith("zh") else "en"
    st.session_state[LANGUAGE_KEY] = asked
    chosen: Language = asked
    return chosen


def say(text: Text) -> str:
    """The words in the visitor's language."""
    return text.say(language())


OFFICE = access.Actor("本机专办", "special_office")
"""Who looks at a store without accounts, on its own machine: the office's deputy."""
WHO_KEY = "townboard_who"
"""Session key: whose visit this is."""


@in_run
def token() -> str:
    """The session's token that the browser's cookie carries; "" when there is none of ours."""
    return cookies.read(house().store.folder, cookies.SESSION, st.context.cookies)


@in_run
def account() -> Account | None:
    """The account of the visitor, asked anew at every click: a session that was ended is worth nothing at the next one."""
    found = accounts.visitor(house().store, token())
    return None if found is None or found.must_change else found


@in_run
def is_open() -> bool:
    """Whether the store has no accounts yet: the door lets in visitors of its own machine only, and they act for the office."""
    return not accounts.exist(house().store)


@in_run
def actor() -> access.Actor:
    """Who is looking: the signed-in account, nobody without one; asked anew at every click. A visit never passes from one person to another."""
    if is_open():
        return OFFICE
    found = account()
    who = access.NOBODY if found is None else accounts.actor_of(found)
    if st.session_state.get(WHO_KEY, who.name) != who.name:
        st.session_state.clear()
    st.session_state[WHO_KEY] = who.name
    return who


def can(action: str, unit: str = "", data_sets: Collection[str] = ()) -> bool:
    """Whether the visitor may do something. What changes the store asks this again in its callback."""
    return access.may(actor(), action, unit, data_sets).allowed


def permitted(action: str, unit: str = "", data_sets: Collection[str] = ()) -> bool:
    """Whether the visitor may do something; if not, the page says why in a sentence and has nothing else to show."""
    return _told(access.may(actor(), action, unit, data_sets))


def may_open(page: str) -> bool:
    """Whether the visitor may open a page (`access.PAGES`); if not, it says why. The first thing every page asks."""
    return _told(access.may_open(actor(), page))


def _told(decision: access.Decision) -> bool:
    if not decision.allowed:
        st.info(say(decision.reason), icon=":material/lock:")
    return decision.allowed


def local_time(moment: datetime) -> str:
    """A stored UTC moment on the county's clock, in words."""
    return deadlines.local_time(moment, catalogue().settings)
