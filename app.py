"""The front door: page setup, language, one list of pages. What a page shows stands in `pages/`, what all share in the shell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages import (
    admin,
    audit,
    burden,
    catalogue,
    clean_collect,
    coverage,
    economy,
    enforcement,
    explore,
    overview,
    submissions,
    submit,
    todo,
    township,
)
from townboard import access, door, server, shell, turns, watch
from townboard.shell import once
from townboard.text import Text

ASSETS = Path(__file__).parent / "townboard" / "assets"
EMBLEM = str(ASSETS / "emblem.svg")
NAME = Text("基层治理看板", "Townboard")

ROOMS = (
    (Text("看进展", "Progress"), (
        (overview.page, "overview", Text("总览", "Overview"), "flag"),
        (economy.page, "economy", Text("村集体经济", "Village economy"), "agriculture"),
        (clean_collect.page, "clean_collect", Text("清化收与三资", "Clean and collect"), "contract"),
        (enforcement.page, "enforcement", Text("综合执法", "Law enforcement"), "gavel"),
        (coverage.page, "coverage", Text("社区与非公党建", "Communities & enterprises"), "groups"),
        (burden.page, "burden", Text("基层减负", "Burden reduction"), "spa"),
        (township.page, "township", Text("一乡镇一页", "One township"), "location_city"),
    )),
    (Text("报数据", "Reporting"), (
        (todo.page, "todo", Text("我的待办", "To do"), "checklist"),
        (submit.page, "submit", Text("报送", "Submit"), "upload_file"),
        (submissions.page, "submissions", Text("报送与审核", "Submissions"), "fact_check"),
    )),
    (Text("查数据", "Reference"), (
        (explore.page, "explore", Text("数据查询", "Explore"), "search"),
        (catalogue.page, "catalogue", Text("指标与口径", "Catalogue"), "menu_book"),
    )),
    (Text("管系统", "System"), (
        (admin.page, "admin", Text("账号管理", "Accounts"), "manage_accounts"),
        (audit.page, "audit", Text("操作记录", "Audit trail"), "history"),
    )),
)  # fmt: skip
"""The pages by who comes for them: leaders, clerks and the office, anyone who asks what a number means, the administrator."""


def front_door() -> None:
    """One run of a page, when it is its turn."""
    with turns.taken(), once.run():
        open_room()


def open_room() -> None:
    """Set the page up, list the rooms, open the one asked for. Whatever breaks inside is said in our own words."""
    st.set_page_config(page_title=shell.say(NAME), page_icon=EMBLEM, layout="wide")
    st.logo(str(ASSETS / f"emblem_{shell.language()}.svg"), size="large", icon_image=EMBLEM)
    shell.frame()
    rooms = {shell.say(group): [_room(*page) for page in pages] for group, pages in ROOMS}
    there = shell.is_there()
    seen = [page for pages in rooms.values() for page in pages if page.visibility == "visible"]
    first = min(seen, key=lambda page: page.url_path == "catalogue", default=None)

    def entrance() -> None:
        if first is not None:
            st.switch_page(first, query_params=dict(st.query_params))
        elif there:
            shell.nothing_yet()

    rooms[""] = [st.Page(entrance, title=shell.say(NAME), default=True, visibility="hidden")]
    chosen = st.navigation(rooms, position="sidebar" if first is not None else "hidden", expanded=True)
    if not there:
        return
    shell.signed_in()
    shell.language_switch()
    shell.modes.switch()
    shell.open_store()
    shell.rooms_are({page.url_path: page for pages in rooms.values() for page in pages}, chosen.url_path)
    shell.guarded(chosen.run)
    if access.may_open(shell.actor(), chosen.url_path).allowed:
        shell.guarded(lambda: shell.definitions(chosen.url_path))


def _room(show: Callable[[], None], path: str, title: Text, icon: str) -> StreamlitPage:
    """A page of the list; one that the visitor may not open is left out of it, and says why when asked for by its address."""
    seen = access.may_open(shell.actor(), path).allowed
    return st.Page(
        show, title=shell.say(title), url_path=path, icon=f":material/{icon}:", visibility="visible" if seen else "hidden"
    )


if __name__ == "__main__":
    front_door()  # Streamlit runs this file for every visit
else:
    app = st.App(
        __file__, lifespan=server.lifespan, on_script_error=server.on_script_error, routes=[*door.ROUTES, *watch.ROUTES], middleware=door.MIDDLEWARE,
    )  # uvicorn app:app, streamlit run app.py  # fmt: skip
