"""Boards: small tables of readings with status words and signs, for what a chart would only blur.

A `Board` is plain cells; `board_html` writes it for the page, `board_picture` draws it to take away. Who builds one says nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from townboard.catalogue import Indicator
from townboard.charts import kit
from townboard.text import Language, Text

if TYPE_CHECKING:
    from townboard.indicators import Reading

FIGURE, SMALL, STEP = "figure", "small", "step"
"""How words of a cell look: a number to be read first, what stands beside it, a change. A status (`kit.STATUS`) is a look too."""
ABSENT = "absent"
"""How a cell looks that has no figure though one is owed: hatched."""


class Part(NamedTuple):
    """Words of a cell with their look; `leads`: the address that they lead to, if they name a place."""

    words: str
    look: str = ""
    leads: str = ""


Line = tuple[Part, ...]


class Cell(NamedTuple):
    """The lines of one cell. `look`: ABSENT, SMALL or nothing."""

    lines: tuple[Line, ...] = ()
    look: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """Rows of cells under their heads; the first cell of a row says what the row is about.

    `groups`: words over several heads and how many they span, beside the first head. `is_grid`: many columns, so that the first one is
    narrow and stays in sight.
    """

    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    groups: tuple[tuple[str, int], ...] = ()
    is_grid: bool = False


def cell(*lines: Iterable[Part] | Part | str, look: str = "") -> Cell:
    """A cell of lines, each one part or several; a part without words is left out, and so is a line without parts."""
    whole = [(Part(one),) if isinstance(one, str) else (one,) if isinstance(one, Part) else tuple(one) for one in lines]
    kept = [tuple(part for part in line if part.words) for line in whole]
    return Cell(tuple(line for line in kept if line), look)


def small(words: str) -> Part:
    """Words beside the first."""
    return Part(words, SMALL)


def heads(titles: Sequence[Text], language: Language) -> tuple[Cell, ...]:
    """The heads of a board."""
    return tuple(cell(title.say(language)) for title in titles)


def mark(status: str, language: Language) -> Part:
    """A status as word and sign."""
    words, sign, *_ = kit.STATUS[status]
    return Part(f"{sign} {words.say(language)}", status)


def figure_words(reading: Reading, indicator: Indicator) -> Text:
    """`45.3%`, `1,062.00 万元`, `19 村`; a dash where a side is missing."""
    if kit.missing(reading.value):
        return Text("—", "—")
    if indicator.unit == "%":
        words = kit.number(reading.value, indicator.decimals) + "%"
        return Text(words, words)
    if indicator.unit == "万元":
        return kit.money(reading.value)
    plain = kit.number(reading.value, indicator.decimals)
    return Text(f"{plain} {indicator.unit}", plain)


def sides(reading: Reading) -> str:
    """`58/128`, or nothing where there is no denominator."""
    if kit.missing(reading.denominator) or kit.missing(reading.numerator):
        return ""
    whole = float(reading.numerator or 0).is_integer() and float(reading.denominator or 0).is_integer()
    places = 0 if whole else 2
    return f"{kit.number(reading.numerator, places)}/{kit.number(reading.denominator, places)}"


def step_words(step: float) -> str:
    """`▲ +8.3`, `▼ −2.0`, `＝`: a change with its direction as a sign."""
    if abs(step) < 0.05:
        return "＝"
    return f"{'▲' if step > 0 else '▼'} {kit.signed(step)}"
