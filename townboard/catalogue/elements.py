"""One data element: what a cell means; and expressions over elements."""

from __future__ import annotations

from dataclasses import dataclass

from townboard.periods import Period
from townboard.text import Text

Number = float | int


@dataclass(frozen=True, slots=True)
class Term:
    """One summand of a linear expression: `factor × symbol`."""

    factor: float
    symbol: str


@dataclass(frozen=True, slots=True)
class Expression:
    """A linear expression over elements (`1.5 * staff_quota`, `a + b - c`)."""

    written: str
    terms: tuple[Term, ...]

    def of(self, values: dict[str, Number | None]) -> float | None:
        """Its value, or None where any part is missing (missing is never zero)."""
        total = 0.0
        for term in self.terms:
            value = values.get(term.symbol)
            if value is None:
                return None
            total += term.factor * value
        return total


@dataclass(frozen=True, slots=True)
class Element:
    """One data element: what a cell means. `unit` is how it is stored (money 万元, area 亩)."""

    data_set: str
    code: str
    label: Text
    aliases: tuple[str, ...]
    unit: str
    type: str  # code | text | month | decimal | integer | boolean | enum | date
    accumulation: str  # register | baseline | stock | year_to_date | since_start | none
    fill: str  # typed | carried | prefilled | derived | optional
    required: bool
    maximum: float | None = None
    values: tuple[Text, ...] = ()
    months: tuple[int, ...] = ()
    rule: str = ""

    @property
    def is_number(self) -> bool:
        """Whether its values are added and compared."""
        return self.type in ("decimal", "integer")

    @property
    def is_cumulative(self) -> bool:
        """Whether it may only rise (within a year, or since the action began)."""
        return self.accumulation in ("year_to_date", "since_start")

    @property
    def is_stored(self) -> bool:
        """Whether the store keeps a column for it (what is derived or shown for orientation is computed)."""
        return self.fill != "derived" and self.code != "previous_operating_income"

    @property
    def is_asked(self) -> bool:
        """Whether the unit, not the office, is answerable for the value."""
        return self.fill in ("typed", "carried", "optional")

    def asked_in(self, period: Period) -> bool:
        """Whether the month's workbook has it (some elements are asked in some months only)."""
        return not self.months or period.month in self.months
