"""The server's log: one JSON object a line where a machine reads it, plain words on a terminal; and how much of each level there was."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import TextIO

_ID = re.compile(r"\bTB-[0-9A-F]{6}\b")
COUNTS: Counter[str] = Counter()
"""Records so far by level: `watch` tells them."""


class Lines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, the id that was shown to the person if there is one, the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        message = record.getMessage()
        line = {"time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"), "level": record.levelname,
                "logger": record.name, "message": message}  # fmt: skip
        found = _ID.search(message)
        if found:
            line["id"] = found[0]
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class Counting(logging.Handler):
    """Counts records, writes nothing."""

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        COUNTS[record.levelname.lower()] += 1


def begin(stream: TextIO | None = None) -> None:
    """Send the log to `stream` (standard error), as JSON unless it is a terminal."""
    to = stream or sys.stderr
    handler = logging.StreamHandler(to)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s") if to.isatty() else Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler, Counting()], force=True)
