"""Where many stored values came from at once: workbook, version, sheet and cell of every value of a month. `trace` tells one in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from townboard.catalogue import DataSet
from townboard.store.file import Rows
from townboard.submission import Stored
from townboard.tables import NOW, cell_of, join_row


@dataclass(frozen=True, slots=True)
class Source:
    """One value and its place. `cell` is None where the office's register gave it; `carried`: copied from an earlier report of a
    closed village, whose workbook and cell are named."""

    value: Stored
    submission_id: int
    version: int
    workbook: str
    sheet: str
    cell: str | None
    carried: bool


def of(
    rows: Rows,
    data_set: DataSet,
    period: str,
    elements: Sequence[str],
    *,
    units: Sequence[str],
    basis: str,
    as_of: datetime | None,
) -> dict[tuple[str, str], Source]:
    """(row, element) → its source, for every row in force of some units and a month; rows are org units, or `unit#item`."""
    stored = [code for code in elements if data_set.by_code[code].is_stored]
    if not stored:
        return {}
    facts = rows(
        f"""
        select v.org_unit, v.item, v.source_sheet, v.source_row, coalesce(v.carried_from, v.submission_id),
            v.carried_from is not null, {", ".join(f"v.{code}" for code in stored)}
        from {data_set.code} v
        join in_force f on f.submission_id = v.submission_id and f.unit = v.unit and f.period = v.period
            and f.data_set = $data_set and f.basis = $basis and f.from_time <= $as_of and f.to_time > $as_of
        where v.unit = any($units) and v.period = $period
        """,
        {"data_set": data_set.code, "basis": basis, "as_of": as_of or NOW, "units": list(units), "period": period},
    )
    ids = sorted({row[4] for row in facts})
    heads = {id: (version, workbook) for id, version, workbook in rows(
        "select id, version, workbook from submission where id = any($ids)", {"ids": ids})}  # fmt: skip
    places = {(id, sheet, element): place for id, sheet, element, place in rows(
        "select submission_id, sheet, element, place from source_place where submission_id = any($ids) and data_set = $data_set",
        {"ids": ids, "data_set": data_set.code})}  # fmt: skip
    found: dict[tuple[str, str], Source] = {}
    for org_unit, item, sheet, row, id, carried, *values in facts:
        for code, value in zip(stored, values, strict=True):
            column = places.get((id, sheet, code))
            source = Source(value, id, *heads[id], sheet, cell_of(column, row), bool(carried))
            found[join_row(org_unit, item), code] = source
    return found
