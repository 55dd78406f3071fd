"""Tables on the screen: the frame's columns in the visitor's language, made once and kept as they are sent; clicks on cells and rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from townboard import downloads
from townboard.charts import kit, paper_table
from townboard.shell import modes
from townboard.shell.once import for_all
from townboard.shell.visit import language, say
from townboard.text import Language, Text, masked


def clickable(
    frame: pd.DataFrame, columns: Sequence[downloads.Column], key: str, *, height: int | None = None
) -> tuple[int, str] | None:  # fmt: skip
    """The table alone, its cells to be clicked."""
    if frame.empty:
        st.info(say(Text("没有记录。", "Nothing to list.")), icon=":material/hide_source:")
        return None
    if modes.is_paper():
        grid(frame, columns, key)
        return None
    state = st.dataframe(
        _arrow(frame, tuple(columns), language()), hide_index=True, column_config={column.code: _column(column) for column in columns},
        key=f"grid_{key}", on_select="rerun", selection_mode="single-cell", placeholder="—", height=height or "auto",
    )  # fmt: skip
    return next(((row, str(code)) for row, code in state.selection.cells if row < len(frame)), None)


def _arrow(frame: pd.DataFrame, columns: tuple[downloads.Column, ...], spoken: Language) -> pa.Table:
    """The table for the screen, ready to be sent."""
    return _sendable(frame, columns, spoken)[1]


@for_all(128, key=lambda frame, columns, spoken: (id(frame), columns, spoken))
def _sendable(frame: pd.DataFrame, columns: tuple[downloads.Column, ...], spoken: Language) -> tuple[pd.DataFrame, pa.Table]:
    """Kept with its frame: while it is kept, no other frame can have that identity."""
    return frame, pa.Table.from_pandas(_drawable(shown(frame, columns, spoken), columns), preserve_index=False)


def shown(frame: pd.DataFrame, columns: Sequence[downloads.Column], spoken: Language) -> pd.DataFrame:
    """The table's columns in order; yes and no and what is said in both languages in the visitor's."""

    def cells_of(column: downloads.Column) -> pd.Series[Any]:
        cells = frame[column.code]
        if column.kind in ("text", "boolean"):
            return pd.Series([_spoken(cell, spoken) for cell in cells.tolist()], dtype=object)
        return cells.reset_index(drop=True)

    return pd.DataFrame({column.code: cells_of(column) for column in columns})


def _drawable(shown: pd.DataFrame, columns: Sequence[downloads.Column]) -> pd.DataFrame:
    """The table for the screen, where a line of months cannot have a gap: its latest unbroken run is drawn, never a bridge. The screen
    cuts decimals off without rounding: figures are rounded for it."""
    lines = [column.code for column in columns if column.kind == "trend"]
    found = shown.copy(deep=False)
    for column in columns:
        if column.kind == "figure":
            found[column.code] = [
                None if kit.missing(value) else kit.rounded(value, column.decimals) for value in shown[column.code]
            ]
    for code in lines:
        found[code] = pd.Series([unbroken(line) for line in shown[code]], index=shown.index, dtype=object)
    return found


def unbroken(line: Sequence[float | None] | None) -> list[float] | None:
    """The last run of numbers without a gap; None where there is no number."""
    found: list[float] = []
    for value in reversed(line or []):
        if value is not None:
            found.insert(0, value)
        elif found:
            break
    return found or None


def _spoken(value: Any, spoken: Language) -> Any:
    """A cell in the visitor's language: words (private numbers masked), yes or no, nothing."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Text):
        return value.say(spoken)
    if kit.missing(value):
        return None
    return (downloads.YES if value else downloads.NO).say(spoken) if isinstance(value, bool) else value


def grid(
    frame: pd.DataFrame, columns: Sequence[downloads.Column], key: str, *, select: bool = False, height: int | None = None
) -> list[int]:  # fmt: skip
    """The table on the screen; gives the selected row positions."""
    if frame.empty:
        st.info(say(Text("没有记录。", "Nothing to list.")), icon=":material/hide_source:")
        return []
    if modes.is_paper():
        st.html(paper_table.html(shown(frame, columns, language()), columns, language()))
        return []
    config = {column.code: _column(column) for column in columns}
    size: dict[str, Any] = {"placeholder": "—", **({"height": height} if height else {})}
    sent = _arrow(frame, tuple(columns), language())
    if not select:
        st.dataframe(sent, hide_index=True, column_config=config, key=f"grid_{key}", **size)
        return []
    state = st.dataframe(
        sent, hide_index=True, column_config=config, key=f"grid_{key}", on_select="rerun",
        selection_mode="single-row", **size,
    )  # fmt: skip
    return [row for row in state.selection.rows if row < len(frame)]


def _column(column: downloads.Column) -> Any:
    label = column.heading(language())
    if column.kind in ("number", "integer", "percent"):
        return st.column_config.NumberColumn(label, format=f"%,.{0 if column.kind == 'integer' else column.decimals}f")
    if column.kind == "figure":
        return st.column_config.NumberColumn(label, format="localized")
    if column.kind == "trend":
        help = Text(
            "最近连续有数的月份;下载的文件里每月一列", "The latest months without a gap; a file has a column for each month"
        )
        return st.column_config.LineChartColumn(label, y_min=0, help=say(help))
    if column.kind == "date":
        return st.column_config.DateColumn(label, format="YYYY-MM-DD")
    return st.column_config.TextColumn(label)
