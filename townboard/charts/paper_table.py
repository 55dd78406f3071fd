"""A table for paper: every row, its head repeated on each sheet. HTML; every word that comes from data is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

import pandas as pd

from townboard.charts import kit
from townboard.charts.bars import amount
from townboard.downloads import Column
from townboard.text import Language


def html(shown: pd.DataFrame, columns: Sequence[Column], language: Language) -> str:
    """`shown` as it stands on the screen, numbers written as people read them; a line of months is left to the screen and the files."""
    kept = [column for column in columns if column.kind != "trend"]
    heads = "".join(f'<th scope="col">{escape(column.heading(language))}</th>' for column in kept)
    cells = [[_written(value, column) for value in shown[column.code].tolist()] for column in kept]
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in zip(*cells, strict=True))
    return f'<div class="townboard-scroll"><table class="townboard paper"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


def _written(value: Any, column: Column) -> str:
    if kit.missing(value):
        return "—"
    if column.kind in ("number", "integer", "percent"):
        return kit.number(value, 0 if column.kind == "integer" else column.decimals)
    if column.kind == "figure":
        return amount(kit.rounded(value, column.decimals))
    return value.strftime("%Y-%m-%d") if isinstance(value, date) else str(value)
