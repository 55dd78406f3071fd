"""The real server on a store of a test's own, and the browser that looks at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SERVE = (sys.executable, "-m", "townboard", "serve", "--port")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync")
"""How a Chromium is started that looks at our server and at nothing else."""


class Served(NamedTuple):
    """A running server: where it listens, its process, and the file with what it logs."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path


def browser_path() -> str | None:
    """The system's Chromium, if it has one."""
    return next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answer(url: str) -> int:
    """The status of what is at an address; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as found:
            return int(found.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@contextmanager
def served(
    store: Path, *, command: Sequence[str] = SERVE, folder: Path = ROOT, port: int | None = None, patience: float = 60
) -> Iterator[Served]:
    """A server on `store`, started in `folder`, once it is healthy; stopped as an operator stops it. Its log stays beside the store.

    Raises:
        RuntimeError: it ended, or was not ready within `patience` seconds; with what it said.
    """
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    log = store.with_suffix(".log")
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    with log.open("wb") as told:
        process = subprocess.Popen(
            [*command, str(port)], cwd=folder, env=os.environ | {"TOWNBOARD_STORE": str(store), "PYTHONPATH": paths},
            stdout=subprocess.DEVNULL, stderr=told,
        )  # fmt: skip
        try:
            end = time.monotonic() + patience
            while answer(f"{address}/_stcore/health") != 200:
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace"))
                time.sleep(0.3)
            yield Served(address, process, log)
        finally:
            process.terminate()
            process.wait(60)
