"""What is on the screen is what is taken away: every table of every page, as xlsx, csv and parquet."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import openpyxl
import pandas as pd
import pyarrow.parquet
import pytest
from streamlit.testing.v1 import AppTest

from tests.stores import TOWN, small_store
from townboard import downloads
from townboard.shell import panels

PAGES = ("overview", "economy", "clean_collect", "enforcement", "coverage", "burden", "township", "submissions", "explore")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small store the whole module reads."""
    place = tmp_path_factory.mktemp("taken") / "store"
    small_store(place).close()
    return place


def tables(page: str, folder, monkeypatch) -> list[tuple[pd.DataFrame, list[downloads.Column], downloads.About]]:
    """What every table of a page would hand over, those folded under a chart included."""
    found = []

    def noted(frame, columns, title, source, key, view):
        found.append((panels._shown(frame, columns, view.language), list(columns), panels.about(view, title, source)))

    monkeypatch.setenv("TOWNBOARD_STORE", str(folder))
    monkeypatch.setattr(panels, "_take_away", noted)
    monkeypatch.setattr(panels, "_foot", noted)
    test = AppTest.from_string(f"from pages import {page}\n{page}.page()", default_timeout=60)
    for key, value in {"lang": "zh", "period": "2022-10", "unit": TOWN if page == "township" else ""}.items():
        if value:
            test.query_params[key] = value
    test.run()
    assert not test.exception, page
    return found


def plainly(value: object) -> object:
    """A cell without its clothes: dates as days, whole floats as numbers, nothing as None."""
    if value is None or value == "" or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return None
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value)
    return round(float(value), 6) if isinstance(value, int | float) else str(value)


@pytest.mark.parametrize("page", PAGES)
def test_screen_xlsx_csv_and_parquet_are_the_same_table(page, folder, monkeypatch):
    found = tables(page, folder, monkeypatch)
    assert found, f"{page} has no table to take away"
    for frame, columns, about in found:
        screen = [[plainly(value) for value in row] for row in frame.astype(object).where(frame.notna(), None).values.tolist()]
        book = openpyxl.load_workbook(io.BytesIO(downloads.xlsx(frame, columns, about))).worksheets[0]
        sheet = [[plainly(cell) for cell in row] for row in book.iter_rows(min_row=2, max_col=len(columns), values_only=True)]
        assert [row for row in sheet if any(cell is not None for cell in row)] == [
            row for row in screen if any(c is not None for c in row)
        ]
        taken = pyarrow.parquet.read_table(io.BytesIO(downloads.parquet_table(frame, columns, about)))
        assert taken.column_names == [column.code for column in columns]
        assert [[plainly(value) for value in row.values()] for row in taken.to_pylist()] == screen
        lines = downloads.csv(frame, columns, about).decode("utf-8-sig").splitlines()
        heads = [column.heading("zh") for column in columns]
        rows = list(csv.reader(lines))
        start = rows.index(heads) + 1
        written = rows[start : start + len(screen)]
        assert len(written) == len(screen)
        for one, row in zip(written, screen, strict=True):
            for text, value in zip(one, row, strict=True):
                assert text.lstrip("'") == "" if value is None else plainly_written(text) == (
                    value if isinstance(value, float) else str(value).strip()), (text, value)  # fmt: skip


def plainly_written(text: str) -> object:
    """A cell of a csv file as the screen has it."""
    bare = text[1:] if text.startswith("'") else text
    try:
        return round(float(bare), 6)
    except ValueError:
        return bare.strip()
