"""Whatever touches the bytes of a file that nobody trusts happens apart: in a warm worker process that can be killed.

`recognise` and `read` give what `recognise.recognise` and `workbook.read` give, and raise the same Refusals. A worker has 1.5 GB of address
space, 15 s of processor and 20 s of the wall clock for one file; one that overruns or dies costs that file a Refusal and nobody
else anything. It hears of a file through a pipe, answers in plain data (`plain`), and holds neither the store nor a secret.
"""

from __future__ import annotations

import atexit
import hashlib
import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from typing import Any

from townboard import turns
from townboard.apart import jobs, plain
from townboard.apart.limits import BYTES, DONE, OVERRUN, REFUSED
from townboard.apart.pool import Pool, Tally
from townboard.catalogue import Catalogue
from townboard.findings import Refusal
from townboard.loading import catalogue as own_catalogue
from townboard.periods import Period
from townboard.submission import History, Submission
from townboard.workbook import Book

_LOG = logging.getLogger("townboard")
_lock = threading.RLock()
_pools: dict[int, tuple[Catalogue, Pool]] = {}


class WorkerError(Exception):
    """Something of ours broke in a worker; the message is its traceback, for the log."""


def start(catalogue: Catalogue | None = None, *, size: int = 1) -> Pool:
    """The pool for a catalogue (the project's own by default), with `size` workers where it has to be made."""
    wanted = catalogue or own_catalogue()
    with _lock:
        if id(wanted) not in _pools:
            for _, pool in _pools.values():
                pool.close()
            _pools.clear()
            _pools[id(wanted)] = wanted, Pool(wanted, size)
        return _pools[id(wanted)][1]


def stop() -> None:
    """End all workers; the next file starts new ones."""
    with _lock:
        for _, pool in _pools.values():
            pool.close()
        _pools.clear()


atexit.register(stop)


def recognise(
    data: bytes, name: str, catalogue: Catalogue, unit: str, period: Period, *, history: History | None = None,
    columns: Mapping[tuple[str, str], str] | None = None,
) -> Submission:  # fmt: skip
    """The submission that a file's bytes hold for a unit and a month; raises every Refusal of guard, workbook and recognise.

    `history` and `columns` are those of `recognise.recognise`. Raises WorkerError for a bug of ours.
    """
    aliases = dict(history.aliases) if history is not None else {}
    found = asked(
        start(catalogue), jobs.submission, data, name, unit=unit, period=period, aliases=aliases, columns=dict(columns or {})
    )
    return plain.submission(found, catalogue)


def read(data: bytes, name: str) -> Book:
    """The sheets that a file's bytes hold; raises every Refusal of guard and workbook."""
    return plain.book(asked(_any(), jobs.sheets, data, name))


def made(job: Callable[..., bytes], data: bytes, name: str, **arguments: Any) -> bytes:
    """The bytes that a job (a function of a module of ours: catalogue, data, name and arguments to bytes) makes of a file, apart."""
    found: bytes = asked(_any(), job, data, name, **arguments)
    return found


def tally() -> Tally:
    """What the workers have done so far."""
    with _lock:
        return next(iter(_pools.values()))[1].tally if _pools else Tally()


def _any() -> Pool:
    with _lock:
        return next(iter(_pools.values()))[1] if _pools else start()


def asked(pool: Pool, job: Callable[..., Any], data: bytes, name: str, **arguments: Any) -> Any:
    """A worker's answer about a file, plain data or bytes; raises a Refusal where there is none, WorkerError for a bug of ours."""
    with turns.aside():
        answer = pool.ask(job, data=data, name=name, **arguments)
    if answer.outcome in (DONE, BYTES):
        return plain.unpack(answer.packed) if answer.outcome == DONE else answer.packed
    if answer.outcome == REFUSED:
        id, parts, *trace = plain.unpack(answer.packed)
        if trace:
            _note(data, trace[0])
        raise Refusal(id, **{name: plain.real(part) for name, part in parts.items()})
    if answer.outcome == OVERRUN:
        _note(data, "it took too much time or memory")
        raise Refusal("inflates-too-much")
    if not answer.outcome:
        _note(data, "the worker died of it")
        raise Refusal("damaged")
    raise WorkerError(plain.unpack(answer.packed))


def _note(data: bytes, why: str) -> None:
    """Log why a file was refused that the guard had not foreseen, with an id and the file's checksum, never its contents."""
    id, sha256 = f"TB-{secrets.token_hex(3).upper()}", hashlib.sha256(data).hexdigest()
    _LOG.warning("file %s: sha256 %s (%s bytes) could not be read: %s", id, sha256, len(data), why)
