"""The status board: unit × month with a word and a mark in every square; late is said, not coloured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from townboard.charts import bars, kit, matrix
from townboard.text import Language, Text

EXEMPT, ABSENT, WAITING, RETURNED, APPROVED = "exempt", "absent", "submitted", "returned", "approved"
LATE = Text("迟", "late")

KINDS: dict[str, matrix.State] = {
    EXEMPT: matrix.State(Text("免报", "not due"), "·", bars.TRACK, ""),
    ABSENT: matrix.State(Text("未报", "not reported"), "✕", bars.SILENT, ""),
    WAITING: matrix.State(Text("已报待审", "awaiting review"), "◔", bars.PALEST, "#12324f"),
    RETURNED: matrix.State(Text("退回修改", "returned"), "↩", kit.AMBER, "#ffffff"),
    APPROVED: matrix.State(Text("已通过", "approved"), "✓", kit.BLUE, "#ffffff"),
}
"""The states of a unit's month (domain §7.1), in the order a legend names them."""


SHORT = {
    ABSENT: Text("未报", "missing"), WAITING: Text("待审", "waiting"), RETURNED: Text("退回", "returned"), APPROVED: Text("通过", "approved"),
}  # fmt: skip
"""The words of a square where the full ones would not fit; the legend above the board says them in full."""


def word(state: str, late: bool, language: Language) -> str:
    """What a square says: `通过`, `待审` and under it `迟`; English words stand under the mark."""
    said = SHORT.get(state, KINDS[state].words).say(language)
    if language == "zh":
        return f"{said}<br>{LATE.zh}" if late else said
    return f"{LATE.en if late else ''}<br>{said}"


def board(
    units: Sequence[str], months: Sequence[str], found: Mapping[tuple[int, int], tuple[str, bool]], language: Language
) -> dict[str, Any]:  # fmt: skip
    """Unit × month. `found[(row, column)]` is the state and whether it came late; `units` and `months` are names in order."""
    states = [[found[r, c][0] for c in range(len(months))] for r in range(len(units))]
    text = [[word(*found[r, c], language) for c in range(len(months))] for r in range(len(units))]
    return matrix.states(list(units), list(months), states, text, KINDS, language, each=38)
