"""What every check looks at: the submission, the definitions, the history, and how to say a number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from townboard.catalogue import Catalogue, DataSet
from townboard.submission import REPORTED, History, Row, Submission


@dataclass(frozen=True)
class Sight:
    """One submission under examination."""

    submission: Submission
    catalogue: Catalogue
    history: History

    @cached_property
    def villages(self) -> int:
        """The number of villages of the unit (domain §4.3, F02-B)."""
        return len(self.catalogue.children(self.submission.unit, "village"))

    @cached_property
    def parsed_cells(self) -> set[tuple[str, str]]:
        """(sheet, cell) where reading already found the value wrong: not asked a second time."""
        return self.submission.open_cells()

    def numbers(self, data_set: DataSet, row: Row) -> dict[str, float | None]:
        """The row's numbers by element; what the sheet does not carry comes from the office's register.

        A value whose reading is still asked about is not there yet: no relation is judged by it.
        """
        asked = self.parsed_cells
        found: dict[str, float | None] = {"villages": self.villages, "cases_carried_over": self.history.cases_open}
        value_at = row.values.get
        for code, office in data_set.related:
            value = value_at(code)
            if value is None:
                if office:
                    found[code] = _number(self.history.register.get((data_set.code, row.org_unit, code)))
            elif value.status == REPORTED and not (asked and (value.sheet, value.cell) in asked):
                number = value.value
                found[code] = number if type(number) is float or type(number) is int else _number(number)
        return found


def _number(value: object) -> float | None:
    if isinstance(value, int | float):
        return float(value)
    return float(value.toordinal()) if hasattr(value, "toordinal") else None


def say(number: float | None) -> str:
    """A number as a clerk would write it: at most two decimals (four where it needs them), no trailing zeros."""
    if number is None:
        return "—"
    rounded = round(number, 2)
    if abs(rounded - number) > 1e-9:
        rounded = round(number, 4)
    return f"{rounded:f}".rstrip("0").rstrip(".") if rounded % 1 else f"{rounded:.0f}"
