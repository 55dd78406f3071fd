"""The month's workbook of one unit: only the sheets, rows and cells it owes, with everything known already in them.

`template_plan` decides what stands in every cell, `template_sheets` draws it; `burden` counts against the same plan what a clerk
really had to type. Reading the workbook back is `recognise`'s work, by words alone.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from townboard.catalogue import Catalogue
from townboard.periods import Period
from townboard.submission import REPORTED, History, Key, Stored, Submission
from townboard.template import sheets as template_sheets
from townboard.template.plan import TYPED, Planned, plan

TEMPLATE_ID = "townboard-monthly"
NO_CHANGE = "no_change"
"""The `_meta` key of a workbook that a click on “no change” made: the forms it stands for."""
TEMPLATE_VERSION = "2022.1"
"""Raised when sheets, columns or labels change; an older workbook is still read, with the note `old-template`."""


def file_name(catalogue: Catalogue, unit: str, period: Period) -> str:
    """`清源镇_2022年10月_填报表.xlsx`."""
    return f"{catalogue.org_unit[unit].label.zh}_{period.label.zh}_填报表.xlsx"


def write(
    catalogue: Catalogue, unit: str, period: Period, history: History, *,
    typed: Mapping[Key, Any] | None = None, cover: Mapping[str, str] | None = None, invented: bool = False,
    only: Collection[str] | None = None, marks: Mapping[str, str] | None = None,
) -> bytes:  # fmt: skip
    """The unit's workbook (.xlsx) for a month; raises ValueError when nothing is due.

    `typed` fills cells as a clerk would (any cell but the derived ones; None empties it); `cover` names the people of the cover.
    `invented` puts the banner of invented figures on every sheet. `only` names the forms wanted; `marks` go into `_meta`.
    The same arguments give the same bytes.
    """
    sheets = tuple(sheet for sheet in plan(catalogue, unit, period, history) if only is None or sheet.data_set.code in only)
    if not sheets:
        raise ValueError(f"nothing is due from {unit} in {period}")
    filled = dict(typed or {})
    filled |= {("cover", unit, code): value for code, value in (cover or {}).items()}
    out = io.BytesIO()
    meta = {"template_id": TEMPLATE_ID, "template_version": TEMPLATE_VERSION, "unit": unit, "period": str(period),
            **(marks or {})}  # fmt: skip
    template_sheets.draw(out, sheets, catalogue, unit, period, filled, meta, invented)
    return out.getvalue()


def unchanged(
    catalogue: Catalogue, unit: str, period: Period, history: History, forms: Collection[str], *, invented: bool = False
) -> bytes:
    """The workbook that says “nothing has changed this month” for some forms: every cell as it was last approved.

    It is sent like any other; `_meta` names the forms, so that the submission tells that nobody typed them. What has no approved
    value (a new year's cumulative numbers, a form's first month) stays blank and is asked.
    """
    typed: dict[Key, Any] = {}
    for sheet in plan(catalogue, unit, period, history):
        for row in sheet.rows:
            typed |= {(sheet.data_set.code, row.org_unit, cell.element.code): cell.previous for cell in row.cells
                      if cell.shade == TYPED and cell.previous is not None}  # fmt: skip
    marks = {NO_CHANGE: ",".join(sorted(forms))}
    return write(catalogue, unit, period, history, typed=typed, invented=invented, only=forms, marks=marks)


def burden(catalogue: Catalogue, submission: Submission, history: History) -> tuple[int, int]:
    """`(typed_cells, data_cells)` of a submission (BR06, BR07).

    A data cell is a cell the clerk may write into and that holds a reported value; it counts as typed when it differs from what
    the pre-filled workbook would have held; of a form that “no change” filled, when it differs from the last approved value. Cells
    of rows that the workbook never offers (free text aside) count as typed.
    """
    filled = set(submission.template.get(NO_CHANGE, "").split(","))
    offered: dict[Key, Planned] = {}
    for sheet in plan(catalogue, submission.unit, submission.period, history):
        for row in sheet.rows:
            offered |= {(sheet.data_set.code, row.org_unit, cell.element.code): cell for cell in row.cells}
    typed_cells = data_cells = 0
    for value in submission.values():
        cell = offered.get((value.data_set, value.org_unit, value.element))
        if value.status != REPORTED or (cell is not None and not cell.is_input):
            continue
        data_cells += 1
        known = None if cell is None else cell.previous if value.data_set in filled else cell.value
        typed_cells += cell is None or not _same(known, value.value)
    return typed_cells, data_cells


def _same(before: Stored, now: Stored) -> bool:
    if before is None or now is None:
        return before is now
    if isinstance(before, (int, float)) and isinstance(now, (int, float)):
        return abs(before - now) < 1e-9
    if isinstance(before, datetime):
        before = before.date()
    if isinstance(before, date) or isinstance(now, date):
        return str(before) == str(now)
    return str(before).strip() == str(now).strip()
