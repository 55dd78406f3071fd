"""The original bytes of every accepted workbook, one file each under `originals/`, named by their sha256.

Written beside, flushed to disk and renamed, so that a file there is whole. One without a submission (the commit after it failed) is harmless:
its name is its content.
"""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path


def keep(folder: Path, data: bytes, sha256: str) -> Path:
    """Keep `data` as `folder/<sha256>`; raises ValueError when the bytes are not those the checksum names."""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(f"the original's bytes do not have the sha256 {sha256}")
    path = folder / sha256
    if path.exists() and path.stat().st_size == len(data):
        return path
    beside = folder / f".{sha256}.{os.getpid()}.{threading.get_ident()}"
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)
    flush_folder(folder)
    return path


def flush_folder(folder: Path) -> None:
    """Have a folder's names on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fetch(folder: Path, sha256: str) -> bytes:
    """The kept bytes; raises KeyError when none were kept, ValueError when the file is no longer what its name says."""
    path = folder / sha256
    if len(sha256) != 64 or not path.is_file():
        raise KeyError(sha256)
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(f"the original {sha256} was changed on disk")
    return data
