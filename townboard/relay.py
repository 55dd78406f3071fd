"""One process owns the store. While the application runs, commands reach it through a socket in the store's folder.

The socket is for the same account on the same machine: its folder's permissions guard it. Files are read and written by the
command's own process; only bytes travel.
"""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import TYPE_CHECKING, Any

from townboard.terminal import REFUSED, Terminal

if TYPE_CHECKING:
    from townboard.store import Store

SOCKET = "townboard.sock"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handed:
    """What the owning process answered."""

    status: int
    out: str
    err: str
    files: dict[str, bytes]


@contextmanager
def _address(folder: Path) -> Iterator[str]:
    """The socket's address; through the folder's descriptor, since a socket's path may have 107 bytes only."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}/{SOCKET}"
    finally:
        os.close(handle)


def hand_over(folder: Path, arguments: list[str], inputs: dict[str, bytes]) -> Handed | None:
    """Let the process that owns the store run a command; None when no process serves it."""
    if not (folder / SOCKET).exists():
        return None
    request = {"arguments": arguments, "here": str(Path.cwd()),
               "inputs": {name: base64.b64encode(data).decode() for name, data in inputs.items()}}  # fmt: skip
    try:
        with _address(folder) as address, Client(address, "AF_UNIX") as connection:
            connection.send_bytes(json.dumps(request).encode())
            answer = json.loads(connection.recv_bytes())
    except (ConnectionError, FileNotFoundError, EOFError):
        return None
    files = {name: base64.b64decode(data) for name, data in answer["files"].items()}
    return Handed(answer["status"], answer["out"], answer["err"], files)


def listen(folder: Path, store: Store, run: Callable[[list[str], Terminal], int]) -> Callable[[], None]:
    """Answer commands for an open store from a thread of this process; gives the function that stops it."""
    (folder / SOCKET).unlink(missing_ok=True)
    with _address(folder) as address:
        listener = Listener(address, "AF_UNIX")
    listener._listener._unlink.cancel()  # type: ignore[attr-defined]  # `stop` does it; that address ends with its descriptor
    (folder / SOCKET).chmod(0o600)

    def serve() -> None:
        while True:
            try:
                connection = listener.accept()
            except OSError:
                return
            threading.Thread(target=_answer, args=(connection, folder, store, run), daemon=True).start()

    threading.Thread(target=serve, name="relay", daemon=True).start()

    def stop() -> None:
        (folder / SOCKET).unlink(missing_ok=True)
        listener._listener._socket.close()  # type: ignore[attr-defined]

    return stop


def _answer(connection: Connection[Any, Any], folder: Path, store: Store, run: Callable[[list[str], Terminal], int]) -> None:
    out, err, files = io.StringIO(), io.StringIO(), {}
    request: dict[str, Any] = {}
    with connection:
        try:
            request = json.loads(connection.recv_bytes())
            inputs = {name: base64.b64decode(data) for name, data in request["inputs"].items()}

            @contextmanager
            def already_open() -> Iterator[Store]:
                yield store

            def read(path: Path) -> bytes:
                if str(path) not in inputs:
                    raise FileNotFoundError(2, "No such file", str(path))
                return inputs[str(path)]

            def write(path: Path, data: bytes) -> None:
                files[str(path)] = data

            here = Path(request["here"])
            status = run(request["arguments"], Terminal(folder, out, err, read, write, already_open, here, is_relayed=True))
        except (EOFError, ConnectionError):
            return
        except Exception:  # noqa: BLE001 - a bug in one command must not end the process that owns the store
            _log.exception("a command failed: %s", request.get("arguments"))
            status, failed = REFUSED, "townboard: the command failed; the server's log says why\n"
            err.write(failed)
        sent = {name: base64.b64encode(data).decode() for name, data in files.items()}
        connection.send_bytes(
            json.dumps({"status": status, "out": out.getvalue(), "err": err.getvalue(), "files": sent}).encode()
        )
