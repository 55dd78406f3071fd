"""Handing a file over: asked again when the button is pressed, and put on record with what was taken and by which filter."""

from __future__ import annotations

from collections.abc import Callable

from townboard import access, accounts
from townboard.door import belongings
from townboard.shell.visit import OFFICE, actor, house, is_open, token
from townboard.text import Text

GONE = Text("已退出登录或权限已改变,不能下载", "Signed out, or no longer permitted: nothing can be taken away")


class NotPermitted(Exception):
    """What is asked for may not be taken away (any more)."""


def handed(make: Callable[[], bytes], what: str, *, unit: str = "", period: str = "", detail: str = "") -> Callable[[], bytes]:
    """What a download button calls. The file is made when it is pressed, without a page around it: who is there is asked by the
    session that drew the button; another role or another scope than then gets nothing, and nobody else gets the file. Raises
    NotPermitted."""
    drawn_for, carried, store = actor(), token(), house().store

    def made() -> bytes:
        found = accounts.visitor(store, carried)
        now = OFFICE if is_open() else access.NOBODY if found is None else accounts.actor_of(found)
        whose = belongings.owner(store, carried)
        if now != drawn_for or not now.role or whose is None:
            raise NotPermitted(GONE.en)
        data = make()
        belongings.hand_over(data, whose)
        store.note(now.name, "download", unit=unit, period=period, detail=f"{what}; {detail}".strip("; "))
        return data

    return made
