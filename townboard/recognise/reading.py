"""What both readers of forms share: the context of one workbook, and turning a cell into a data value with its findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from townboard.catalogue import Catalogue, DataSet, Element
from townboard.findings import Finding, Place
from townboard.periods import Period
from townboard.recognise.cells import Parsed, parse, step_words
from townboard.recognise.headers import Words, words_of
from townboard.recognise.numerals import MONEY
from townboard.recognise.row_names import Names, names_of
from townboard.submission import Row, SheetReading, Stored, Value
from townboard.text import Text, listed, same
from townboard.workbook.sheets import Cell, Sheet, address, raw_text

HEADER_WITHIN = 15
"""A header is looked for in that many rows."""


@dataclass(slots=True)
class Context:
    """One workbook being recognised for one unit and month; `findings` of a sheet are kept until the sheet is accepted.

    `columns`: what the clerk said of columns that were not found, (data set, element) → heading or letter, "" where there is none.
    `aliases`: (level, name) → org unit, as the clerks of this unit had them remembered.
    """

    catalogue: Catalogue
    unit: str
    period: Period
    findings: list[Finding] = field(default_factory=list)
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)
    aliases: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def county(self) -> str:
        """The county (or the unit itself where it has none above)."""
        return self.catalogue.org_unit[self.unit].parent or self.unit

    def words(self, data_set: DataSet) -> Words:
        """The headings of a form in this month."""
        return words_of(self.catalogue, data_set, self.period)

    def names(self, data_set: DataSet) -> Names:
        """The names of this unit's rows in a form."""
        level = data_set.rows if data_set.rows in ("village", "community") else "village"
        return names_of(self.catalogue, self.unit, level, self.period)


def spoken(value: Stored) -> Text:
    """A value in words."""
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, float):
        return same(f"{value:.12g}")
    return same(str(value))


def scale_of(unit: str, element: Element) -> float:
    """The factor from money headed 元, 千元 or 亿元 to 万元; 1 for everything else."""
    return MONEY[unit] if unit in MONEY and element.unit == "万元" else 1.0


def value_of(
    context: Context, sheet: Sheet, reading: SheetReading, row: Row, element: Element, at: tuple[int, int], *,
    scale: float = 1.0, heard: bool = True,
) -> Parsed:  # fmt: skip
    """Read the cell `at` into `row` and append what is wrong with it, unless not `heard` (derived columns, rows of others)."""
    cell = sheet.cell(*at)
    parsed = parse(cell, element, context.period, sheet, scale)
    name, raw = address(*at), raw_text(cell)
    row.values[element.code] = Value(
        reading.data_set.code, row.org_unit, element.code, parsed.value, parsed.status, raw, sheet.name, name, parsed.steps
    )
    if parsed.finding and heard and element.fill != "derived":
        context.findings.append(finding_of(parsed, reading.place(row, element.code, name), raw))
    elif parsed.finding and parsed.finding != "normalised":
        del row.values[element.code]
    return parsed


def finding_of(parsed: Parsed, place: Place, raw: str) -> Finding:
    """The finding that a parsed cell brings with it."""
    parts: dict[str, Any] = {}
    if parsed.expected is not None:
        parts["expected"] = parsed.expected
    if parsed.finding == "normalised":
        whys = [step_words(step) for step in parsed.steps]
        parts["why"] = listed(whys)
        parts["value"] = spoken(parsed.value)
    return Finding.at(parsed.finding, place, raw=raw, suggestion=parsed.suggestion, **parts)


def scaled_note(reading: SheetReading, element: Element, cell: str, raw: str, unit: str) -> Finding:
    """One note for a whole column whose heading says 元: its figures were turned into 万元."""
    why = Text(f"单位为{unit},已换算为万元", f"the unit is {unit}, converted to 万元")
    return Finding.at("normalised", reading.place(None, element.code, cell), raw=raw, value=element.label, why=why)


def missing_elements(context: Context, reading: SheetReading, cell: str) -> None:
    """One finding for each required element that is typed or carried, asked this month, and has no place in the sheet."""
    for element in reading.data_set.asked(context.period):
        if element.required and element.fill in ("typed", "carried") and element.code not in reading.columns:
            place = reading.place(None, element.code, cell)
            context.findings.append(Finding.at("missing-column", place, expected=element.label))


def cell_text(cell: Cell | None) -> str:
    """A cell's text without blanks around it."""
    return raw_text(cell).strip()
