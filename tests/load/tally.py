"""What happened: seconds of every run and upload, figures by page and scope, memory by the second, and everything that must not be."""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz import memory

GROWTH_FROM = 300
"""Seconds of measuring from which memory is judged by its growth too."""
MOST_MEMORY, MOST_GROWTH = 2_000, 1.15
"""MB of all processes at most; and how far the last quarter's mean may stand above the second quarter's."""

Figures = tuple[str, ...]


@dataclass
class Tally:
    """`processor`: seconds of it that the server used in the day. `quiet`: figures of each page and scope as they were before the crowd came. `receipts`: unit → patrols of the workbooks that got one."""

    runs: list[float] = field(default_factory=list)
    signing_in: list[float] = field(default_factory=list)
    looking_quietly: list[float] = field(default_factory=list)
    uploads: list[float] = field(default_factory=list)
    taken: int = 0
    processor: float = 0.0
    compared: int = 0
    requests: int = 0
    quiet: dict[tuple[str, str], Figures] = field(default_factory=dict)
    receipts: dict[str, list[int]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    crossed: Counter[str] = field(default_factory=Counter)
    memory: list[float] = field(default_factory=list)

    @property
    def outgrown(self) -> list[str]:
        """What is to be said against the memory that was used."""
        found = []
        if self.memory and max(self.memory) > MOST_MEMORY:
            found.append(f"{max(self.memory):.0f} MB of memory, more than {MOST_MEMORY}")
        quarter = len(self.memory) // 4
        if len(self.memory) >= GROWTH_FROM:
            before, after = mean(self.memory[quarter : 2 * quarter]), mean(self.memory[-quarter:])
            if after > before * MOST_GROWTH:
                found.append(f"memory grew from {before:.0f} to {after:.0f} MB between the second and the last quarter")
        return found


def mean(values: list[float]) -> float:
    """The arithmetic mean."""
    return sum(values) / len(values)


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of all lies, in ms; 0 for none."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000 if values else 0.0


def resident(pid: int) -> float:
    """MB that a server and its workers hold now."""
    family = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):  # a thread that has just ended
            family += map(int, (task / "children").read_text().split())
    return sum(memory(one, "VmRSS") for one in family) / 1024**2


def processor_seconds(pid: int) -> float:
    """Processor time that a process has used, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
