"""The web application served as measured: Streamlit's own ASGI app under uvicorn, warmed before the first visitor comes.

Warming imports everything, opens the store and draws one figure; then the garbage collector is told to leave all that alone.
Streamlit's full collection after every script run is off (`runner.postScriptGC`): with fifty sessions' caches it took 70 ms a
run; Python's own collector stays on, and memory under that load was the same. `/_stcore/health` answers 200
only after that: uvicorn opens its port when the lifespan has started. Without a usable store the start stops with StoreError.
The shell is imported inside functions: its caches are made when Streamlit's runtime stands, not before.
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from townboard import apart, cli, logs, relay
from townboard.door import belongings

if TYPE_CHECKING:
    from townboard.shell import House

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "app.py"
"""The front door. Until `st.navigation` was called once in a process, Streamlit opens the files of `pages/` by themselves for
whoever comes first, past the front door; `warm` calls it before anyone can come."""
READING = 2
"""Worker processes that read uploads: as many as the machine has cores for, while the pages need one of them."""
LOG = logging.getLogger("townboard")


def warm() -> House:
    """Import what pages use, open the store, draw one figure; raises StoreError when there is no store to open."""
    front_door = import_module(SCRIPT.stem)  # imports every page
    st.navigation([st.Page(front_door.overview.page, default=True)], position="hidden")  # shuts the pages door
    from townboard.charts import goal
    from townboard.shell import drawing, house

    opened = house()
    known = opened.catalogue
    units = [unit.code for unit in known.units(known.settings.county)]
    months = opened.store.ask(
        "goal_share_by_period", units=units, first_period="2000-01", period="9999-12", basis="preliminary"
    )  # fmt: skip
    figure = goal.over_months(months, basic=60, highest=80, basis=known.settings.goal_income_basis, language="zh")
    drawing.Drawn(figure).to_dict()
    return opened


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    """Warm up, take commands from other processes, serve; at the end let go of the store."""
    belongings.settle()
    belongings.let_files_last()
    apart.start(size=READING)
    opened = warm()
    stop_listening = relay.listen(opened.store.folder, opened.store, cli.handed_over)
    gc.collect()
    gc.freeze()
    if opened.store.folder.stat().st_mode & 0o077:
        LOG.warning("other accounts of this machine may look into %s: chmod 700 it", opened.store.folder)
    LOG.info("ready: store %s, version %s of the data", opened.store.folder, opened.store.data_version())
    try:
        yield {}
    finally:
        stop_listening()
        apart.stop()
        opened.store.close()


def on_script_error(error: Exception) -> bool:
    """What breaks outside a page (a widget's callback, the front door itself): said in our words, logged with its id."""
    from townboard.shell import problem

    problem(error)
    return True


def serve(port: int = 8501, host: str = "127.0.0.1") -> None:
    """Serve until stopped, with the options that were measured: small websocket messages leave at once, no access log."""
    import uvicorn

    logs.begin()
    # logs, the note of the chain and temporary files are nobody else's, whatever folder they lie in
    os.umask(0o077)
    app = import_module(SCRIPT.stem).app
    uvicorn.run(
        app, host=host, port=port, loop="uvloop", http="httptools", ws="websockets-sansio", ws_per_message_deflate=False,
        ws_max_size=64 * 1024 * 1024, access_log=False, server_header=False, log_config=None, log_level="warning", timeout_graceful_shutdown=3,
    )  # fmt: skip
