"""Jobs that do what a broken reader might do when a hostile file makes it: for `test_apart` alone."""

from __future__ import annotations

import ctypes
import os
import resource
import time
from pathlib import Path
from typing import Any

from townboard.catalogue import Catalogue


def burn(catalogue: Catalogue, data: bytes, name: str) -> Any:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    assert 0 < soft <= used.ru_utime + used.ru_stime + 16, "the worker has set its clock"
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1, hard))
    while True:
        pass


def sleep(catalogue: Catalogue, data: bytes, name: str) -> Any:
    time.sleep(60)


def eat(catalogue: Catalogue, data: bytes, name: str) -> Any:
    return [bytes(64 << 20).hex() for _ in range(100)]


def grow(catalogue: Catalogue, data: bytes, name: str) -> Any:
    return [len(bytearray(500 << 20).replace(b"\x00", b"\x01"))]


def die(catalogue: Catalogue, data: bytes, name: str) -> Any:
    ctypes.string_at(0)


def leave(catalogue: Catalogue, data: bytes, name: str) -> Any:
    os._exit(0)


def panic(catalogue: Catalogue, data: bytes, name: str) -> Any:
    raise BaseException("a panic")


def babble(catalogue: Catalogue, data: bytes, name: str) -> Any:
    print("d" * 100_000)
    return "said"


def flood(catalogue: Catalogue, data: bytes, name: str) -> Any:
    return "x" * (65 << 20)


def lie(catalogue: Catalogue, data: bytes, name: str) -> Any:
    os.write(_pipe(), b"d" + (1 << 40).to_bytes(8, "big"))
    time.sleep(60)


def _pipe() -> int:
    """The descriptor that answers go through: the pipe that is not standard error."""
    pipes = [
        fd
        for fd in range(3, 20)
        if Path(f"/proc/self/fd/{fd}").exists() and "pipe" in str(Path(f"/proc/self/fd/{fd}").readlink())
    ]
    return max(pipes)


def write(catalogue: Catalogue, data: bytes, name: str) -> Any:
    Path(name).write_bytes(b"x" * 10)


def secrets(catalogue: Catalogue, data: bytes, name: str) -> Any:
    return sorted(os.environ)


def files(catalogue: Catalogue, data: bytes, name: str) -> Any:
    return [str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.is_symlink() and path.exists()]


def whole(catalogue: Catalogue, data: bytes, name: str) -> bytes:
    return data[::-1]


def pickled(catalogue: Catalogue, data: bytes, name: str) -> Any:
    return {"__reduce__": ["os.system", "touch /tmp/owned"]}
