"""What is said when something of ours breaks: our own words and an id to quote; the traceback goes to the log alone."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

import streamlit as st

from townboard.shell.visit import say
from townboard.store import StoreError
from townboard.text import Text

LOG = logging.getLogger("townboard")
PROBLEM = Text(
    "这一页没有显示出来,是系统的问题,不是您的操作问题。数据没有改动。请把编号 {id} 告诉专办,以便查找原因。",
    "This page could not be shown. That is our fault, not yours, and no figure was changed. "
    "Please tell the office the number {id} so that the cause can be found.",
)
NO_STORE = Text("还没有可用的数据库", "There is no store to open yet")


def problem(error: Exception) -> str:
    """Say that something of ours broke, log it with its traceback, and give the id both carry."""
    id = f"TB-{secrets.token_hex(3).upper()}"
    LOG.error("problem %s", id, exc_info=error)
    st.error(say(PROBLEM.fill(id=id)), icon=":material/report:")
    return id


def guarded(page: Callable[[], None]) -> None:
    """Run a page; whatever breaks in it is said in words. The one place that catches everything, so that no page must."""
    try:
        page()
    except StoreError as error:
        st.warning(f"**{say(NO_STORE)}**", icon=":material/database_off:")
        st.write(say(error.message))
    except Exception as error:  # noqa: BLE001 - the front door: an exception never reaches the page as a traceback
        problem(error)
