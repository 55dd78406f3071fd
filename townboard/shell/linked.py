"""A page's own choices in the link: which form, which indicator, which order; as codes, so that they are shared and stay on reload."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from townboard.shell.visit import say
from townboard.text import Text

_UNKNOWN = Text(
    "链接里的“{what}”没有采用:没有这一项,或不在您可查看的范围内。",
    "The link's choice of “{what}” was not followed: there is no such thing, or it is outside what you may see.",
)

MOST = 60
"""Characters that a link carries of what was typed into a box."""


def linked(key: str, options: Iterable[str], what: Text, *, widget: str, default: str = "") -> dict[str, Any]:
    """The arguments of a select box or segmented control over codes that make the link say what is chosen.

    `key`: the link's parameter; `options`: the codes offered, the first one is the default if none is named; `what`: the control's label,
    said when the link asks for a code that is not offered. The default stands in no link.
    """
    codes = list(options)
    standard = default or codes[0]
    asked = st.query_params.get(key)
    if asked is not None and asked not in codes:
        st.warning(say(_UNKNOWN.fill(what=what)), icon=":material/link_off:")
        del st.query_params[key]
    st.session_state[widget] = asked if asked in codes else standard

    def chosen() -> None:
        now = st.session_state[widget]
        if now and now != standard:
            st.query_params[key] = now
        else:
            st.query_params.pop(key, None)

    return {"label": say(what), "options": codes, "key": widget, "on_change": chosen}


def linked_words(key: str, what: Text, *, widget: str) -> dict[str, Any]:
    """The arguments of a text box that makes the link say what is typed, up to MOST characters; `key`: the link's parameter."""
    st.session_state[widget] = st.query_params.get(key, "")[:MOST]

    def typed() -> None:
        words = st.session_state[widget].strip()
        if words:
            st.query_params[key] = words
        else:
            st.query_params.pop(key, None)

    return {"label": say(what), "key": widget, "on_change": typed, "max_chars": MOST}
