"""For those who watch the server: `/health` tries the store, `/metrics` counts for Prometheus.

`/health` tells anybody one word. `/metrics` answers on this machine, or whoever carries the token of `TOWNBOARD_METRICS_TOKEN`.
`/_stcore/health` is Streamlit's own: it says that the process serves, not that the store can be read and written.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from townboard import apart, logs
from townboard.door.keeper import is_local, opened
from townboard.store.migrations import utc_now

if TYPE_CHECKING:
    from townboard.store import Store

TOKEN = "TOWNBOARD_METRICS_TOKEN"
LEAST_FREE = 200 * 1024 * 1024
"""With less room on the store's disk it is not healthy: a commit may be the one that fills it."""
SECONDS = 5.0
LOG = logging.getLogger("townboard")
_began = time.time()


def ailments(store: Store) -> list[str]:
    """What is wrong with the store: not writable, a disk nearly full. Empty for a healthy one; raises what the engine raises when it cannot be read."""
    found = []
    store.read("select count(*) as n from submission", {})
    if not os.access(store.folder, os.W_OK):
        found.append("read-only")
    if shutil.disk_usage(store.folder).free < LEAST_FREE:
        found.append("disk nearly full")
    return found


async def health(request: Request) -> Response:
    """200 `ok`, or 503 `ailing` with the reason in the log; a store that does not answer in time is ailing too."""
    try:
        found = await asyncio.wait_for(asyncio.to_thread(lambda: ailments(opened())), SECONDS)
    except Exception as error:
        LOG.error("the store does not answer", exc_info=error)
        found = ["unreadable"]
    if found:
        LOG.error("the store is ailing: %s", ", ".join(found))
    return JSONResponse({"status": "ailing" if found else "ok"}, 503 if found else 200, {"cache-control": "no-store"})


def _may(request: Request) -> bool:
    token = os.environ.get(TOKEN, "")
    carried = request.headers.get("authorization", "").removeprefix("Bearer ")
    here = is_local(request.client.host if request.client else None, request.headers, request.scope.get("http_version", "1.1"))
    return here or (bool(token) and hmac.compare_digest(carried.encode(), token.encode()))


def figures(store: Store) -> list[tuple[str, str, float]]:
    """(name and labels, kind, value) of every figure for Prometheus."""
    age = (utc_now() - store.keeper.last).total_seconds() if store.keeper.last else -1.0
    read = apart.tally()
    submissions, events = store.rows("select (select count(*) from submission), (select count(*) from audit)")[0]
    memory = next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    found = [
        ("townboard_submissions", "gauge", submissions), ("townboard_audit_rows", "gauge", events),
        ("townboard_data_version", "gauge", store.data_version()),
        ("townboard_backup_age_seconds", "gauge", age), ("townboard_backup_overdue", "gauge", float(store.keeper.overdue())),
        ("townboard_store_bytes", "gauge", sum(path.stat().st_size for path in store.folder.glob("townboard.duckdb*"))),
        ("townboard_disk_free_bytes", "gauge", shutil.disk_usage(store.folder).free),
        ("townboard_resident_memory_bytes", "gauge", memory * 1024), ("townboard_start_time_seconds", "gauge", _began),
        ("townboard_reading_seconds_total", "counter", read.seconds), ("townboard_readers_replaced_total", "counter", read.replaced),
    ]  # fmt: skip
    found += [
        (f'townboard_files_read_total{{outcome="{outcome}"}}', "counter", count) for outcome, count in read.outcomes.items()
    ]
    found += [(f'townboard_log_records_total{{level="{level}"}}', "counter", count) for level, count in logs.COUNTS.items()]
    return found


async def metrics(request: Request) -> Response:
    """The figures in Prometheus' text format; 404 for those who may not have them."""
    if not _may(request):
        return PlainTextResponse("404", 404)
    lines, kinds = [], set()
    for name, kind, value in await asyncio.to_thread(lambda: figures(opened())):
        bare = name.partition("{")[0]
        if bare not in kinds:
            kinds.add(bare)
            lines.append(f"# TYPE {bare} {kind}")
        lines.append(f"{name} {value:.15g}")
    return PlainTextResponse("\n".join(lines) + "\n", headers={"cache-control": "no-store"})


ROUTES = [Route("/health", health), Route("/metrics", metrics)]
