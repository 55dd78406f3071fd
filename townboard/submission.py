"""What travels from stage to stage: the values of one workbook with their cells, and the history they are checked against."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from townboard.catalogue import DataSet
from townboard.findings import Finding, Place, Subject
from townboard.periods import Period
from townboard.text import NOTHING

REPORTED, MISSING, NOT_APPLICABLE, HELD = "reported", "missing", "not_applicable", "held"
"""The states of a value. A row that is not there at all is *not reported*; nothing is ever a silent zero."""

Stored = float | int | str | bool | date | None


@dataclass(slots=True)
class Value:
    """One data value and the cell it came from. `value` is in the element's unit; None unless reported.

    `status` is what the cell says (reported, missing, not_applicable). Whether an open question holds it is decided by the
    findings (`Submission.held`), so that a kept answer finds the typed value still here. `written` is the cell as it was typed:
    its text, or the number of a plain number cell, which `raw` puts into words.
    """

    data_set: str
    org_unit: str
    element: str
    value: Stored
    status: str
    written: str | float
    sheet: str
    cell: str
    steps: tuple[str, ...] = ()

    @property
    def raw(self) -> str:
        """The cell as a person saw it: 26, 12 万."""
        return self.written if isinstance(self.written, str) else f"{self.written:.15g}"


@dataclass(slots=True)
class Row:
    """One row that was read. `org_unit` is "" while its name is unknown; `number` is the sheet's row number.

    `is_typed`: the workbook has no such row; it was typed in on the page, and `number` is only where it could be added.
    """

    org_unit: str
    name: str
    number: int
    values: dict[str, Value] = field(default_factory=dict)
    is_typed: bool = False


@dataclass(slots=True)
class Percent:
    """A typed percentage: the value in per cent, to be compared with the recomputed one and then forgotten."""

    label: str
    row: int
    cell: str
    raw: str
    value: float
    org_unit: str


@dataclass(slots=True)
class SheetReading:
    """One sheet recognised as one data set.

    `name_column`: letter of the column with the rows' names. `columns`: element code → column letter (row forms) or whole cell (vertical forms). `totals`: element code →
    (cell, raw, typed value) of the sheet's total row. `counts`: read, accepted, held, blank, ignored; every row once.
    """

    sheet: str
    data_set: DataSet
    header_rows: list[int]
    vertical: bool = False
    name_column: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    totals: dict[str, tuple[str, str, float]] = field(default_factory=dict)
    percents: list[Percent] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: {"read": 0, "accepted": 0, "held": 0, "blank": 0, "ignored": 0})

    @property
    def is_harvested(self) -> bool:
        """Whether it was gathered from signature lines: values of the cover without a sheet of their own."""
        return self.data_set.code == "cover" and not self.header_rows and not self.counts["read"]

    def place(self, row: Row | None, element: str = "", cell: str = "") -> Place:
        """Where a finding about a row, or one cell of it, happened."""
        definition = self.data_set.by_code.get(element)
        if not cell and row is not None and element in row.values:
            cell = row.values[element].cell
        if not cell and row is not None and element in self.columns and not self.vertical:
            cell = f"{self.columns[element]}{row.number}"
        if not cell and self.vertical:
            cell = self.columns.get(element, "")
        label = definition.label if definition else NOTHING
        return Place(
            sheet=self.sheet, cell=cell, row=row.number if row and row.number and not row.is_typed else None, row_name=row.name if row else "",
            data_set=self.data_set.code, org_unit=row.org_unit if row else "", element=element, label=label,
        )  # fmt: skip


@dataclass(slots=True)
class Submission:
    """Everything read from one workbook for one unit and period, with all findings so far.

    `said_period`, `said_unit`: what the workbook itself says, if anything. `template`: id and version from `_meta`.
    """

    unit: str
    period: Period
    workbook: str
    sha256: str
    sheets: list[SheetReading] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    said_period: Period | None = None
    said_unit: str = ""
    template: dict[str, str] = field(default_factory=dict)

    def values(self) -> list[Value]:
        """All values of all sheets, in sheet and row order."""
        return [value for sheet in self.sheets for row in sheet.rows for value in row.values.values()]

    def open_cells(self) -> set[tuple[str, str]]:
        """(sheet, cell) of every open question or error: the values held there."""
        return {(found.place.sheet, found.place.cell) for found in self.findings if found.severity != "notes"}

    @property
    def outcome(self) -> str:
        """ready · needs_answers · needs_fixes."""
        severities = {found.severity for found in self.findings}
        if "blocks" in severities:
            return "needs_fixes"
        return "needs_answers" if "asks" in severities else "ready"


Key = tuple[str, str, str]
"""(data set, org unit, element)."""


@dataclass(frozen=True, slots=True)
class Explained:
    """How a question of a committed workbook was answered: in the report of `period`, by whom. `value`, `suggestion`: as text."""

    answer: str
    value: str | None
    reason: str
    suggestion: str | None
    period: str
    by: str


@dataclass(frozen=True)
class History:
    """What is known about a unit before a month's workbook is checked. All values are in stored units.

    `series`: approved values of the last 24 months, oldest first, before `period`; a month without a value is absent.
    `register`: the office's values and baselines. `closed`: villages closed in clean-and-collect.
    `current`: this month's latest committed values, if a version exists. `seen`: sha256 of a committed workbook → its period.
    `explained`: questions answered in workbooks of this and earlier months, the latest answer each.
    `aliases`: (level, name as it is matched) → org unit, as far as they hold now.
    `catalogue_limits`: element → number in the burden catalogue in force. `cases_open`: cases open at last year's end.
    """

    unit: str
    period: Period
    series: dict[Key, list[tuple[Period, Any]]] = field(default_factory=dict)
    register: dict[Key, Any] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    current: dict[Key, Any] = field(default_factory=dict)
    current_version: int = 0
    seen: dict[str, Period] = field(default_factory=dict)
    catalogue_limits: dict[str, float] = field(default_factory=dict)
    cases_open: float = 0.0
    explained: dict[Subject, Explained] = field(default_factory=dict)
    aliases: dict[tuple[str, str], str] = field(default_factory=dict)

    def last(self, key: Key) -> tuple[Period, Any] | None:
        """The last approved value before this period, with its month."""
        found = self.series.get(key)
        return found[-1] if found else None
