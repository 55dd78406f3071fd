"""An earlier version made into a submission again: the rows, cells and words that its workbook had, as they are stored."""

from __future__ import annotations

import json

from townboard.catalogue import Catalogue
from townboard.periods import Period
from townboard.store.file import Rows
from townboard.submission import MISSING, REPORTED, Row, SheetReading, Submission, Value
from townboard.tables import cell_of, join_row, stored


def submission(rows: Rows, catalogue: Catalogue, unit: str, period: Period, version: int) -> Submission:
    """The submission of a version, ready to be committed anew; raises KeyError when there is no such version.

    Rows that were carried over for closed villages are left to the commit, which carries them again.
    """
    found = rows(
        "select id, workbook, sha256, template from submission where unit = ? and period = ? and version = ?",
        [unit, str(period), version],
    )
    if not found:
        raise KeyError(f"{unit} {period} has no version {version}")
    id, workbook, sha256, template = found[0]
    pairs = [entry.partition("=") for entry in (template or "").split()]
    again = Submission(unit, period, workbook, sha256, template={key: value for key, _, value in pairs})
    places = rows("select data_set, sheet, element, place from source_place where submission_id = ?", [id])
    for code, sheet in dict.fromkeys((data_set, sheet) for data_set, sheet, _, _ in places):
        columns = {element: place for data_set, name, element, place in places if (data_set, name) == (code, sheet)}
        again.sheets.append(_sheet(rows, catalogue, id, code, sheet, columns))
    return again


def _sheet(rows: Rows, catalogue: Catalogue, id: int, code: str, sheet: str, columns: dict[str, str]) -> SheetReading:
    data_set = catalogue.data_set[code]
    elements = [element.code for element in stored(data_set)]
    notes = {
        (join_row(org_unit, item), element): (status, raw, tuple(json.loads(steps)))
        for org_unit, item, element, status, raw, steps in rows(
            "select org_unit, item, element, status, raw, steps from value_note where submission_id = ? and data_set = ?",
            [id, code],
        )
    }
    reading = SheetReading(sheet, data_set, [], columns=columns, vertical=any(place[-1:].isdigit() for place in columns.values()))
    for org_unit, item, number, *values in rows(
        f"""select org_unit, item, source_row, {", ".join(elements)} from {code}
        where submission_id = ? and source_sheet = ? and carried_from is null order by source_row""",
        [id, sheet],
    ):
        place = join_row(org_unit, item)
        row = Row(place, "", number or 0, is_typed=number is None)
        for element, value in zip(elements, values, strict=True):
            if element in columns:
                status, raw, steps = notes.get(
                    (place, element), (MISSING if value is None else REPORTED, "" if value is None else str(value), ())
                )
                cell = cell_of(columns[element], number) or ""
                row.values[element] = Value(code, place, element, value, status, raw, sheet, cell, steps)
        reading.rows.append(row)
    reading.counts.update(read=len(reading.rows), accepted=len(reading.rows))
    return reading
