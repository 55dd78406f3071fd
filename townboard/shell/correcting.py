"""The grid for small corrections: the rows with something wrong, their failing elements open, what is typed kept at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from townboard import desk
from townboard.catalogue import Element, unit_words
from townboard.desk import grid
from townboard.findings import BLOCKS
from townboard.journey import Examined
from townboard.shell import sending
from townboard.shell.visit import house, language, say
from townboard.text import Text, bracketed

YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}
ROW = 35
"""Height of a line of the grid, in pixels."""
_BASE = "townboard_grid|"
PLAIN = "%.10g"
"""A number as a clerk types it; Streamlit's own plain format shows 27.369999999999997."""
FEW = 5
"""Up to so many rows, or where an error stands in them, the grid is open."""


def draw(table: desk.Desk, month: desk.Month, workbook: Examined, sheet: str) -> None:
    """The grids of one sheet, of what is wrong and of what is lacking, each with the button that checks again with what was typed."""
    if workbook.submission is None or workbook.history is None:
        return
    submission, history = workbook.submission, workbook.history
    for found in (*grid.grids(submission, house().catalogue, history), *grid.lacking(submission, history)):
        if found.sheet == sheet:
            wrong = any(finding.severity == BLOCKS for row in found.rows for finding in row.asked.values())
            words = (_LACKING if found.is_missing else _WRONG).fill(n=len(found.rows))
            with st.expander(say(words), icon=":material/edit:", expanded=wrong or len(found.rows) <= FEW):
                st.caption(say(_HELP_LACKING if found.is_missing else _HELP))
                _editor(table, month, found)
                st.button(say(Text("重新检查", "Check again")), icon=":material/refresh:", key=f"recheck|{_name(found)}",
                          type="primary" if table.edits[month] else "secondary", on_click=sending.recheck,
                          args=(table, month, workbook))  # fmt: skip


def _name(found: grid.Grid) -> str:
    return f"{found.data_set.code}|lacking" if found.is_missing else found.data_set.code


_WRONG = Text("在表格里直接改({n} 行)", "Correct it here ({n:row|rows})")
_LACKING = Text("在这里补填缺少的行({n} 行)", "Type in what is missing ({n:row|rows})")
_HELP_LACKING = Text("双击空格填数,填好后点“重新检查”。记为在线补填,原表保持不变;没有填的行照旧要说明原因。",
                     "Double-click a cell to fill it, then press “Check again”. It is recorded as typed in on the page; your workbook stays as it was.")  # fmt: skip
_HELP = Text("双击要改的格,改好后点“重新检查”。记为在线更正,原表保持不变。",
             "Double-click a cell, then press “Check again”. It is recorded as a correction; your workbook stays as it was.")  # fmt: skip


def _editor(table: desk.Desk, month: desk.Month, found: grid.Grid) -> None:
    marks = hash(tuple((row.key, tuple(row.asked), tuple(map(str, row.values.values()))) for row in found.rows))
    key = f"cells|{'|'.join(month)}|{_name(found)}|{language()}|{marks}"
    if key not in st.session_state or _BASE + key not in st.session_state:  # drawn anew: what was typed before stands in it
        st.session_state[_BASE + key] = frame(found, table.edits[month])
    st.data_editor(
        st.session_state[_BASE + key], key=key, hide_index=True, num_rows="fixed", column_config=_columns(found), width="stretch", placeholder="—",
        height=ROW * (min(len(found.rows), 12) + 1) + 3, on_change=_typed, args=(table, month, found, key),
    )  # fmt: skip


def _typed(table: desk.Desk, month: desk.Month, found: grid.Grid, key: str) -> None:
    """Keep what was typed, cell by cell, as soon as it is typed."""
    changed: Mapping[int, Mapping[str, Any]] = st.session_state[key]["edited_rows"]
    for number, cells in changed.items():
        for code, value in cells.items():
            element = found.data_set.by_code[code]
            table.edits[month][found.data_set.code, found.rows[int(number)].key, code] = meant(element, value)


def meant(element: Element, value: Any) -> Any:
    """A cell of the grid as an answer's value: dates ISO, choices as they are stored, an emptied cell None."""
    if value is None or value == "":
        return None
    if element.type in ("boolean", "enum"):
        words = YES_NO if element.type == "boolean" else {choice.zh: choice for choice in element.values}
        return next((code for code, text in words.items() if value in text.forms), value)
    return str(value)[:10] if element.type == "date" else value


def frame(found: grid.Grid, edits: Mapping[desk.Cell, Any]) -> pd.DataFrame:
    """The grid's table: row number and name, then for each element the value now, last month's, the text where it was none."""
    rows = []
    for row in found.rows:
        cells: dict[str, Any] = {"name": row.name} if found.is_missing else {"row": row.number or None, "name": row.name}
        for element in found.elements:
            now = edits.get((found.data_set.code, row.key, element.code), row.values[element.code])
            cells[element.code] = _shown(element, now)
            cells[f"last|{element.code}"] = _shown(element, row.last.get(element.code))
            cells[f"raw|{element.code}"] = grid.unread(row, element)
        rows.append(cells)
    table = pd.DataFrame(rows)
    for element in found.elements:
        for column in (f"last|{element.code}", element.code):
            if element.is_number:
                table[column] = pd.to_numeric(table[column])
        for column in (f"last|{element.code}", f"raw|{element.code}"):
            if not table[column].map(lambda value: value is not None and value != "" and value == value).any():
                del table[column]
    return table


def _shown(element: Element, value: Any) -> Any:
    if value is None:
        return None
    if element.type == "boolean":
        return say(YES_NO[bool(value)])
    if element.type == "enum":
        return next((say(choice) for choice in element.values if value in choice.forms), value)
    if element.type == "date":
        return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return round(float(value), 4) if element.is_number else str(value)


def _columns(found: grid.Grid) -> dict[str, Any]:
    make = st.column_config
    columns: dict[str, Any] = {
        "row": make.NumberColumn(say(Text("行", "Row")), disabled=True, width=45, format="%d"),
        "name": make.TextColumn(say(Text("名称", "Name")), disabled=True, width=110),
    }
    for element in found.elements:
        unit = unit_words(element.unit).say(language()) if element.is_number else ""
        label = bracketed(say(element.label), unit, language()) if unit else say(element.label)
        columns[f"last|{element.code}"] = _locked(element, say(Text("上期", "Last")))
        columns[f"raw|{element.code}"] = make.TextColumn(
            say(Text("表中写的", "As written")), disabled=True, width=90, help=say(element.label)
        )
        columns[element.code] = _column(element, label)
    return columns


def _locked(element: Element, label: str) -> Any:
    make = st.column_config
    if element.is_number:
        return make.NumberColumn(label, disabled=True, width=75, help=say(element.label), format=PLAIN)
    return make.Column(label, disabled=True, width=75, help=say(element.label))


def _column(element: Element, label: str) -> Any:
    make = st.column_config
    if element.is_number:
        return make.NumberColumn(label, min_value=0, step=1 if element.type == "integer" else 0.0001, format=PLAIN)
    if element.type == "date":
        return make.DateColumn(label, format="YYYY-MM-DD")
    if element.type in ("enum", "boolean"):
        choices = element.values or tuple(YES_NO.values())
        return make.SelectboxColumn(label, options=[say(choice) for choice in choices])
    return make.TextColumn(label)
