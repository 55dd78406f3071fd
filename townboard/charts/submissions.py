"""The status board: unit × month with a word and a mark in every square; late is said, not coloured."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from townboard.charts import bars, kit, matrix
from townboard.text import Language, Text

NOT_DUE, EXEMPT, ABSENT, DRAFT, RETURNED, EMPTY, ZERO, PARTIAL, WAITING, APPROVED, LOCKED = (
    "not_due", "exempt", "absent", "draft", "returned", "empty", "zero", "partial", "waiting", "approved", "locked",
)  # fmt: skip
LATE = Text("迟", "late")

KINDS: dict[str, matrix.State] = {
    NOT_DUE: matrix.State(Text("无需报送", "not due"), "·", bars.TRACK, ""),
    EXEMPT: matrix.State(Text("免报", "exempt"), "○", bars.TRACK, ""),
    ABSENT: matrix.State(Text("未报", "not reported"), "✕", bars.SILENT, "", hatched=True),
    DRAFT: matrix.State(Text("暂存", "draft kept"), "✎", bars.SILENT, ""),
    RETURNED: matrix.State(Text("退回", "returned"), "↩", kit.AMBER, kit.DARK),
    EMPTY: matrix.State(Text("空报", "empty"), "∅", kit.AMBER, kit.DARK),
    ZERO: matrix.State(Text("零报", "all zeros"), "0", kit.PALE, kit.DARK),
    PARTIAL: matrix.State(Text("部分报送", "partial"), "◐", kit.PALE, kit.DARK),
    WAITING: matrix.State(Text("待审", "waiting"), "◔", bars.PALEST, ""),
    APPROVED: matrix.State(Text("已通过", "approved"), "✓", kit.BLUE, kit.LIGHT),
    LOCKED: matrix.State(Text("已锁定", "locked"), "■", kit.DEEP, kit.LIGHT),
}
"""What a square of the board says; every unit's month is exactly one of them. `reporting.kind` decides which."""

SHORT = {
    ABSENT: Text("未报", "missing"),
    PARTIAL: Text("部分", "partial"),
    APPROVED: Text("通过", "approved"),
    LOCKED: Text("锁定", "locked"),
    NOT_DUE: Text("", ""),
}
"""The words of a square where the full ones would not fit; the legend under the board says them in full."""


def word(kind: str, late: bool, language: Language) -> str:
    """What a square says: `通过`, `待审` and under it `迟`; English words stand under the mark."""
    said = SHORT.get(kind, KINDS[kind].words).say(language)
    if language == "zh":
        return f"{said}<br>{LATE.zh}" if late else said
    return f"{LATE.en if late else ''}<br>{said}"


def legend(kinds: Collection[str]) -> Text:
    """The marks of the kinds that occur, in words: `✓ 已通过、◔ 待审`."""
    there = [KINDS[kind] for kind in KINDS if kind in kinds]
    return Text(
        "、".join(f"{one.mark} {one.words.zh}" for one in there), ", ".join(f"{one.mark} {one.words.en}" for one in there)
    )


def board(
    units: Sequence[str], months: Sequence[str], found: Mapping[tuple[int, int], tuple[str, bool]], language: Language
) -> dict[str, Any]:  # fmt: skip
    """Unit × month. `found[(row, column)]` is the kind and whether it came late; `units` and `months` are names in order."""
    states = [[found[r, c][0] for c in range(len(months))] for r in range(len(units))]
    text = [[word(*found[r, c], language) for c in range(len(months))] for r in range(len(units))]
    occurring = {kind for line in states for kind in line}
    kinds = {kind: look for kind, look in KINDS.items() if kind in occurring}
    rows = list(units) if language == "zh" else [matrix.wrapped(unit, language, 8).replace("<br>", "<br />") for unit in units]
    return matrix.states(rows, list(months), states, text, kinds, language, each=38)
