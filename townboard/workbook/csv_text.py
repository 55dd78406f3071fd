"""Reading .csv: UTF-8 with or without a mark, else GB18030 (GBK), as Excel and WPS in China write it."""

from __future__ import annotations

import csv
import io
from pathlib import PurePosixPath

from townboard.findings import Refusal
from townboard.guard import Admitted
from townboard.workbook.sheets import Cell, Sheet, within_limits


def read_csv(admitted: Admitted) -> list[Sheet]:
    """One sheet named after the file, all cells text; raises Refusal damaged where the text cannot be decoded."""
    text = _decode(admitted.data)
    sample = text[:20_000]
    delimiter = max((",", "\t", ";"), key=sample.count)
    sheet = Sheet(PurePosixPath(admitted.name.replace("\\", "/")).stem, named=False)
    try:
        for number, fields in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            cells = {column: Cell(value) for column, value in enumerate(fields, 1) if value.strip()}
            if cells:
                sheet.rows[number] = cells
    except csv.Error as error:
        raise Refusal("damaged") from error
    return [within_limits(sheet)]


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal("damaged")
