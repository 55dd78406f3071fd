"""The visit: language, who is looking, and the house (store and catalogue) opened once per process."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import streamlit as st

from townboard import access, deadlines
from townboard.catalogue import Catalogue
from townboard.loading import catalogue
from townboard.shell.url_state import read_language
from townboard.store import Store
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


@st.cache_resource(show_spinner=False)
def _opened(folder: str) -> House:
    from townboard import demo

    store = Store.open(Path(folder))
    return House(store, catalogue(), demo.is_demo(store))


def house() -> House:
    """The store and the catalogue, opened once per process; raises StoreError when there is no store to open."""
    return _opened(str(store_folder()))


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


def actor() -> access.Actor:
    """Who is looking. A store without accounts is open on its own machine only: its visitor acts for the office."""
    return access.Actor("office", "special_office")


def permitted(action: str, unit: str = "") -> bool:
    """Whether the visitor may do something; if not, the page says why in a sentence and has nothing else to show."""
    decision = access.may(actor(), action, unit)
    if not decision.allowed:
        st.info(say(decision.reason), icon=":material/lock:")
    return decision.allowed


def local_time(moment: datetime) -> str:
    """A stored UTC moment on the county's clock, in words."""
    return deadlines.local_time(moment, catalogue().settings)
