"""A worker process: reads one file after another that nobody trusts, within limits, and answers in plain data.

Started as `python -m townboard.apart.worker`. On its standard input come requests (8 bytes of length, then a pickle: only our own server
writes there); on its standard output go answers (1 byte of outcome, 8 bytes of length, then JSON). The first request is the catalogue.
Limits of address space, processor time and files are the kernel's; the wall clock is watched by the pool.
"""

from __future__ import annotations

import os
import pickle
import resource
import sys
import traceback
from pathlib import Path
from typing import IO

from townboard.apart import plain
from townboard.apart.jobs import UnreadableError
from townboard.apart.limits import (
    ADDRESS_SPACE,
    ANSWER,
    BROKEN,
    BYTES,
    DONE,
    MEMORY_TO_RETIRE,
    OVERRUN,
    PROCESSOR_SECONDS,
    REFUSED,
)
from townboard.catalogue import Catalogue
from townboard.findings import Refusal


def confine() -> None:
    """Give up what reading a file never needs: more memory, files to write, many open files, core dumps."""
    for limit, most in (
        (resource.RLIMIT_AS, ADDRESS_SPACE), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 64), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(limit, (most, most))


def _start_clock() -> None:
    """Allow this request its processor time; beyond it the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + PROCESSOR_SECONDS, hard))


def _most_memory() -> int:
    """The most memory this process ever held, in bytes. `ru_maxrss` would begin with what the server held when it started us."""
    status = Path("/proc/self/status").read_bytes()
    return int(status.partition(b"VmHWM:")[2].split(maxsplit=1)[0]) * 1024


def answer(catalogue: Catalogue, request: bytes) -> tuple[bytes, bytes]:
    """(outcome, JSON or bytes) of one request. Whatever happens inside is told, and never ends the process."""
    try:
        job, arguments = pickle.loads(request)
        found = job(catalogue, **arguments)
        packed = found if isinstance(found, bytes) else plain.pack(found)
        if len(packed) > ANSWER:
            return OVERRUN, b""
        return (BYTES if isinstance(found, bytes) else DONE), packed
    except Refusal as refusal:
        parts = {name: plain.plain(part) for name, part in refusal.parts.items()}
        return REFUSED, plain.pack([refusal.id, parts])
    except MemoryError:
        return OVERRUN, b""
    except UnreadableError as error:
        return REFUSED, plain.pack(["damaged", {}, str(error)])
    except BaseException:  # noqa: BLE001 - told to the server, which logs it and goes on
        return BROKEN, plain.pack(traceback.format_exc().encode("utf-8", "replace").decode())


def main() -> None:
    """Answer until the pool hangs up."""
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    first = _request(asked)
    if not first:
        return
    catalogue: Catalogue = pickle.loads(first)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for printed in (1, 2):
        os.dup2(nowhere, printed)  # what a library prints must not get among the answers, nor into a log
    confine()
    while True:
        request = _request(asked)
        if not request:
            return
        _start_clock()
        outcome, packed = answer(catalogue, request)
        del request
        grown = _most_memory() > MEMORY_TO_RETIRE
        try:
            answers.write((outcome.upper() if grown else outcome) + len(packed).to_bytes(8, "big") + packed)
            answers.flush()
        except BrokenPipeError:  # the server is gone
            os._exit(0)


def _request(asked: IO[bytes]) -> bytes:
    """The next request; b"" when the server has hung up, in the middle of one too."""
    size = int.from_bytes(asked.read(8), "big")
    request = asked.read(size)
    return request if len(request) == size else b""


if __name__ == "__main__":
    sys.setrecursionlimit(1_000)
    main()
