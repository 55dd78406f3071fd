"""What a worker does with a file. A job is a function of ours that takes the catalogue first and answers in plain data or bytes."""

from __future__ import annotations

import traceback
from typing import Any

from townboard.apart import plain
from townboard.catalogue import Catalogue
from townboard.findings import Refusal
from townboard.guard import admit
from townboard.marks import unmarked
from townboard.periods import Period
from townboard.recognise import recognise
from townboard.submission import History
from townboard.workbook import Book, read


class UnreadableError(Exception):
    """Reading broke in a way that is no Refusal; the message is the traceback. The file cannot be read, and the log says why."""


def opened(data: bytes, name: str) -> Book:
    """Guard and read; raises Refusal or UnreadableError."""
    try:
        return read(admit(data, name))
    except (Refusal, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError(traceback.format_exc()) from error


def sheets(catalogue: Catalogue, data: bytes, name: str) -> Any:
    """The sheets of a file."""
    return plain.of_book(opened(data, name))


def submission(
    catalogue: Catalogue, data: bytes, name: str, unit: str, period: Period, aliases: dict[tuple[str, str], str],
    columns: dict[tuple[str, str], str],
) -> Any:  # fmt: skip
    """What a file holds for a unit and a month."""
    known = History(unit, period, aliases=aliases)
    return plain.of_submission(recognise(unmarked(opened(data, name)), catalogue, unit, period, history=known, columns=columns))
