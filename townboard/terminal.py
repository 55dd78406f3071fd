"""Where a command works, and how it ends: the exit statuses of the contract."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from townboard.store import Store

DONE, NEEDS_WORK, REFUSED = 0, 1, 2
STDIN = Path("-")
"""Where a command reads what was typed."""


@dataclass(frozen=True)
class Terminal:
    """Where a command works: the store, its two outputs, how it reads and writes files, and the folder it was called in."""

    folder: Path
    out: TextIO
    err: TextIO
    read: Callable[[Path], bytes]
    write: Callable[[Path, bytes], None]
    store: Callable[[], AbstractContextManager[Store]]
    here: Path
    is_relayed: bool = False
