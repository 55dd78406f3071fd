"""Former names: a place that was renamed, or that others were merged into, is known by its old names from that month on.

The office keeps them in `org_units.csv` (`former_names`). What predecessors of a merged place still report in rows of their own is
added to its row; nothing is added for a name that was only changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from townboard.catalogue import FormerName
from townboard.findings import Finding
from townboard.recognise.numerals import tidy_float
from townboard.recognise.reading import Context
from townboard.submission import REPORTED, Row, SheetReading, Value
from townboard.text import Text
from townboard.workbook.sheets import address

ADDED = "predecessor added"


def note(context: Context, reading: SheetReading, row: Row, column: int, former: FormerName) -> None:
    """Say which place an old name was taken for."""
    since = former.since.label
    why = (
        Text(f"{since.zh}起并入", f"merged in {since.en}") if former.merged else Text(f"{since.zh}更名", f"renamed in {since.en}")
    )
    label = context.catalogue.org_unit[row.org_unit].label
    place = reading.place(row, "", address(row.number, column))
    context.findings.append(Finding.at("normalised", place, raw=row.name, value=label, why=why))


def add(reading: SheetReading, merged: Iterable[Row]) -> None:
    """Add the numbers of predecessors' rows to the row of the place that they were merged into, and drop those rows."""
    for row in merged:
        into = next((other for other in reading.rows if other.org_unit == row.org_unit and other is not row), None)
        if into is None:
            continue
        for code, value in row.values.items():
            before = into.values.get(code)
            if reading.data_set.by_code[code].is_number:
                into.values[code] = _sum(before, value)
        reading.rows.remove(row)


def _sum(first: Value | None, second: Value) -> Value:
    """Both numbers together; the one that is there, where the other is not."""
    if first is None or first.status != REPORTED:
        return second
    if second.status != REPORTED or not isinstance(first.value, int | float) or not isinstance(second.value, int | float):
        return first
    total = tidy_float(first.value + second.value)
    whole = isinstance(first.value, int) and isinstance(second.value, int)
    return replace(first, value=int(total) if whole else total, written=f"{first.raw} + {second.raw}",
                   steps=(*first.steps, ADDED))  # fmt: skip
