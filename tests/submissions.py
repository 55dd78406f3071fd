"""Submissions and histories built by code, for tests of what comes after reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from townboard.loading import catalogue
from townboard.periods import Period
from townboard.submission import MISSING, REPORTED, History, Row, SheetReading, Submission, Value

UNIT = "140121202"  # 西谷乡: nine villages, no community
OCTOBER = Period(2022, 10)
VILLAGES = [unit.code for unit in catalogue().children(UNIT, "village")]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def reading(data_set: str, rows: Mapping[str, Mapping[str, Any]], *, first_row: int = 5) -> SheetReading:
    """A sheet as `recognise` gives it: `rows` maps org unit → element → value (None = blank)."""
    definition = catalogue().data_set[data_set]
    codes = list(dict.fromkeys(code for values in rows.values() for code in values))
    columns = {code: LETTERS[2 + n] for n, code in enumerate(codes)}
    found = SheetReading(definition.sheet, definition, [first_row - 1], name_column="B", columns=columns)
    for number, (org_unit, values) in enumerate(rows.items(), first_row):
        place = catalogue().org_unit.get(org_unit)
        row = Row(org_unit, place.label.zh if place else org_unit, number)
        for code, value in values.items():
            status, raw = (MISSING, "") if value is None else (REPORTED, str(value))
            row.values[code] = Value(data_set, org_unit, code, value, status, raw, found.sheet, f"{columns[code]}{number}")
        found.rows.append(row)
    found.counts["read"] = len(found.rows)
    return found


def submission(*sheets: SheetReading, unit: str = UNIT, period: Period = OCTOBER, sha256: str = "0" * 64) -> Submission:
    """A submission holding these sheets."""
    return Submission(unit, period, "test.xlsx", sha256, list(sheets))


def income(operating: float | None = 20.0, subsidy: float | None = 2.0, other: float | None = 1.0, **more: Any) -> dict[str, Any]:
    """One village's income row."""
    return {"operating_income": operating, "subsidy_income": subsidy, "other_income": other, **more}


def villages(**changed: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """All villages of the unit with ordinary incomes; `v0=…` replaces the first village's row, and so on."""
    rows = {code: income(11.3 + 1.7 * n) for n, code in enumerate(VILLAGES)}
    return {code: dict(changed.get(f"v{n}", row)) for n, (code, row) in enumerate(rows.items())}


def history(series: Mapping[tuple[str, str, str], list[tuple[str, Any]]] | None = None, **known: Any) -> History:
    """A history with approved values written as (`2022-09`, value)."""
    parsed = {key: [(Period.parse(period), value) for period, value in values] for key, values in (series or {}).items()}
    return History(known.pop("unit", UNIT), known.pop("period", OCTOBER), series=parsed, **known)
