"""Reading the versions of a unit's month back from the store: the list of them, and the values that stood with each."""

from __future__ import annotations

from townboard.catalogue import Catalogue, Element
from townboard.store.file import Rows
from townboard.store.months import LAST_EVENT
from townboard.submission import MISSING, REPORTED, Key
from townboard.tables import PRELIMINARY, cell_of, join_row, stored
from townboard.versions import Held, Version


def of(rows: Rows, catalogue: Catalogue, unit: str, period: str) -> list[Version]:
    """The versions of a unit's month, newest first."""
    order = {data_set.code: number for number, data_set in enumerate(catalogue)}
    held: dict[int, list[str]] = {}
    for id, data_set in _written(rows, unit, period):
        held.setdefault(id, []).append(data_set)
    found = rows(
        f"""
        {LAST_EVENT}
        select s.id, s.version, s.workbook, s.sha256, s.submitted_by, s.submitted_at, s.on_time, s.typed_cells, s.data_cells,
            e.state, e."at", e.actor, e.reason
        from submission s
        join last_event e on e.submission_id = s.id and e.place = 1
        where s.unit = ? and s.period = ?
        order by s.version desc
        """,
        [unit, period, unit, period],
    )
    return [Version(*(*row, tuple(sorted(held.get(row[0], ()), key=order.__getitem__)))) for row in found]


def _written(rows: Rows, unit: str, period: str) -> list[tuple[int, str]]:
    """(submission, data set): which form each version's workbook brought. A form in force names the version that wrote it."""
    found = rows(
        """select distinct f.submission_id, f.data_set from in_force f
        join submission s on s.id = f.submission_id and s.unit = f.unit and s.period = f.period
        where f.unit = ? and f.period = ? and f.basis = ?""",
        [unit, period, PRELIMINARY],
    )
    return [(int(id), str(data_set)) for id, data_set in found]


def values(rows: Rows, catalogue: Catalogue, unit: str, period: str, version: int) -> dict[Key, Held]:
    """Every value that stood once a version was committed: its own workbook's, and the earlier versions' where it had no such form.

    Names, codes and what the office's register filled in are left out: no version says them. Empty for a version that does not exist.
    """
    numbers = {int(id): int(n) for id, n in rows(
        "select id, version from submission where unit = ? and period = ? and version <= ?", [unit, period, version]
    )}  # fmt: skip
    if version not in numbers.values():
        return {}
    standing: dict[str, int] = {}
    for id, data_set in sorted(_written(rows, unit, period), key=lambda entry: numbers.get(entry[0], 0)):
        if id in numbers:
            standing[data_set] = id
    found: dict[Key, Held] = {}
    for data_set, id in standing.items():
        found |= _values(rows, catalogue, data_set, id, numbers[id])
    return found


def _is_name(element: Element) -> bool:
    """Whether it says which row this is, and not what the row holds."""
    return element.type in ("code", "month") or element.code.endswith("_name")


def _values(rows: Rows, catalogue: Catalogue, data_set: str, id: int, version: int) -> dict[Key, Held]:
    elements = [element.code for element in stored(catalogue.data_set[data_set]) if not _is_name(element)]
    places = {(sheet, element): place for sheet, element, place in rows(
        "select sheet, element, place from source_place where submission_id = ? and data_set = ?", [id, data_set]
    )}  # fmt: skip
    said = {(join_row(org_unit, item), element): status for org_unit, item, element, status in rows(
        "select org_unit, item, element, status from value_note where submission_id = ? and data_set = ?", [id, data_set]
    )}  # fmt: skip
    found: dict[Key, Held] = {}
    facts = rows(
        f"""select org_unit, item, source_sheet, source_row, carried_from is not null, {", ".join(elements)}
        from {data_set} where submission_id = ?""",
        [id],
    )
    for org_unit, item, sheet, row, is_carried, *values in facts:
        place = join_row(org_unit, item)
        for element, value in zip(elements, values, strict=True):
            column = None if is_carried else places.get((sheet, element))
            if column or (is_carried and value is not None):
                status = said.get((place, element)) or (MISSING if value is None else REPORTED)
                found[data_set, place, element] = Held(value, status, version, sheet, cell_of(column, row))
    return found
