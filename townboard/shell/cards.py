"""Indicators as cards, side by side where there is room: what each number means, its goal as it is set now, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path

import streamlit as st

from townboard.catalogue import Indicator, unit_words
from townboard.shell import meaning
from townboard.shell.once import for_all
from townboard.shell.visit import house, language
from townboard.text import Language


def cards(found: Sequence[Indicator]) -> None:
    """One card for each indicator, in their order."""
    store, said = house().store, language()
    made = "".join(_card(store.folder, store.data_version(), one.id, *meaning.where(), said) for one in found)
    st.html(f'<div class="townboard-cards">{made}</div>')


@for_all(512)
def _card(store: Path, version: int, id: str, place: str, year: int, as_of: datetime | None, said: Language) -> str:
    """The HTML of a card; every word is escaped here."""
    indicator = house().catalogue.indicator[id]
    marks = "".join(f"<code>{escape(words)}</code>" for words in (id, unit_words(indicator.unit).say(said)) if words)
    rows = "".join(
        f"<dt>{escape(what.say(said))}</dt><dd>{escape(words.say(said))}</dd>"
        for what, words in meaning.lines(indicator, place, year, as_of)
    )
    return f'<article id="{escape(id)}"><h4>{escape(indicator.label.say(said))} {marks}</h4><dl>{rows}</dl></article>'
