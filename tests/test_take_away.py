"""What is on the screen is what is taken away: every table of every page, pressed and read back, and every chart as a picture."""

from __future__ import annotations

import csv
import io
import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pyarrow.parquet
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.stores import TOWN, small_store
from townboard import access, downloads
from townboard.briefing import easel, pictures
from townboard.charts import board_html, board_picture, framed, kit
from townboard.charts.board import Board, Part, cell, small
from townboard.shell import file_names, grids, taking, visit
from townboard.shell.handing import NotPermitted
from townboard.shell.trends import TREND
from townboard.store import Store
from townboard.text import Text

WITH_TABLES = (
    "overview",
    "todo",
    "economy",
    "clean_collect",
    "enforcement",
    "coverage",
    "burden",
    "township",
    "submissions",
    "explore",
    "audit",
)
WITHOUT_TABLES = {
    "submit": "the clerk's own workbook, marked, is what is taken away", "catalogue": "words and definitions, no figures",
    "admin": "accounts stay in the house",
}  # fmt: skip
OTHER_GRIDS = re.compile(r"grid_behind_")
"""Grids that are a step on the way to a cell, not a table of a page."""
BOARDS = ("svg_crossings", "svg_qh_baseline", "svg_theme_")
"""Pictures of boards: their words are drawn by us."""
CHINESE = re.compile(r"[一-鿿]")


def test_every_page_is_asked():
    assert {*WITH_TABLES, *WITHOUT_TABLES} == set(access.PAGES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small store the whole module reads."""
    place = tmp_path_factory.mktemp("taken") / "store"
    small_store(place).close()
    return place


class Shown:
    """What a page put on the screen and what its buttons hand over."""

    def __init__(self) -> None:
        self.grids: dict[str, tuple[pd.DataFrame, dict]] = {}
        self.files: dict[str, tuple[object, str]] = {}
        self.columns: dict[str, list[downloads.Column]] = {}
        self.whole: dict[str, pd.DataFrame] = {}


def opened(page: str, folder: Path, monkeypatch, language: str = "zh") -> Shown:
    """A page with everything unfolded."""
    found, grid, button, fold = Shown(), st.dataframe, st.download_button, st.expander

    def dataframe(frame, **more):
        sent = frame
        if not isinstance(frame, pd.DataFrame):  # ready to be sent, as Arrow
            sent = pd.DataFrame({name: frame[name].to_pylist() for name in frame.column_names}, dtype=object)
        found.grids[more.get("key", "")] = (sent, more.get("column_config", {}))
        return grid(frame, **more)

    def download_button(label, data, file_name, *more, **named):
        found.files[named["key"]] = (data, file_name)
        return button(label, data, file_name, *more, **named)

    def expander(label, *more, **named):
        return fold(label, *more, **{**named, "expanded": True})

    offered = taking.tables

    def tables(shown, columns, title, source, key, view):
        found.columns[key], found.whole[key] = list(columns), shown(language)
        return offered(shown, columns, title, source, key, view)

    monkeypatch.setenv("TOWNBOARD_STORE", str(folder))
    monkeypatch.setattr(taking, "tables", tables)
    monkeypatch.setattr(st, "dataframe", dataframe)
    monkeypatch.setattr(st, "download_button", download_button)
    monkeypatch.setattr(st, "expander", expander)
    test = AppTest.from_string(f"from pages import {page}\n{page}.page()", default_timeout=60)
    for key, value in {"lang": language, "period": "2022-10", "unit": TOWN if page == "township" else ""}.items():
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


def plainly_written(text: str) -> object:
    """A cell of a csv file as the screen has it."""
    bare = text[1:] if text.startswith("'") else text
    try:
        return round(float(bare), 6)
    except ValueError:
        return bare.strip()


@pytest.mark.parametrize("page", WITH_TABLES)
def test_screen_xlsx_csv_and_parquet_are_the_same_table(page, folder, monkeypatch):
    found = opened(page, folder, monkeypatch)
    keys = [key.removeprefix("xlsx_") for key in found.files if key.startswith("xlsx_")]
    assert keys, f"{page} has no table to take away"
    orphans = {key for key in found.grids if not OTHER_GRIDS.match(key)} - {f"grid_{key}" for key in keys}
    assert not orphans, f"{page} shows tables that cannot be taken away"
    compared = 0
    for key in keys:
        frame, config = found.grids.get(f"grid_{key}", (pd.DataFrame(), {}))
        heads = [config[code]["label"] for code in frame.columns]
        for column in found.columns.get(key, ()):
            if column.kind == "figure" and column.code in frame:
                exact = found.whole[key][column.code].tolist()
                assert [None if pd.isna(value) else kit.rounded(value, column.decimals) for value in exact] == [
                    None if pd.isna(value) else value for value in frame[column.code]
                ], "the screen rounds what the files hold"
                frame = frame.assign(**{column.code: exact})
        if any(column.kind == "trend" for column in found.columns.get(key, ())):
            lines = found.whole[key][TREND].tolist()
            assert [grids.unbroken(line) for line in lines] == frame[TREND].tolist() and any(frame[TREND].notna())
            frame, columns = downloads.spread(frame.assign(**{TREND: lines}), found.columns[key])
            assert set(heads) - {column.heading("zh") for column in found.columns[key]} == set(), (
                "a line is headed as its numbers are"
            )
            heads = [column.heading("zh") for column in columns]
        screen = [[plainly(value) for value in row] for row in frame.astype(object).where(frame.notna(), None).values.tolist()]
        sheet = openpyxl.load_workbook(io.BytesIO(found.files[f"xlsx_{key}"][0]())).worksheets[0]
        first, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        if not screen:
            assert not any(cell is not None for row in rows for cell in row), f"{page} {key} hands over rows that are not shown"
            continue
        assert first == heads
        wanted = [row for row in screen if any(cell is not None for cell in row)]
        assert [[plainly(cell) for cell in row] for row in rows if any(cell is not None for cell in row)] == wanted
        lines = list(csv.reader(found.files[f"csv_{key}"][0]().decode("utf-8-sig").splitlines()))
        assert lines[0] == heads
        for one, row in zip(lines[1 : 1 + len(screen)], screen, strict=True):
            for text, value in zip(one, row, strict=True):
                assert text.lstrip("'") == "" if value is None else plainly_written(text) == (
                    value if isinstance(value, float) else str(value).strip()), (text, value)  # fmt: skip
        if f"parquet_{key}" in found.files:
            taken = pyarrow.parquet.read_table(io.BytesIO(found.files[f"parquet_{key}"][0]()))
            assert taken.column_names == list(frame.columns)
            assert [[plainly(value) for value in row.values()] for row in taken.to_pylist()] == screen
            compared += 1
    assert compared or page == "audit", f"nothing was compared on {page}"


@contextmanager
def drawing(monkeypatch):
    """Pictures without a browser: the chart's SVG is a stand-in; gives the figures that were asked for."""
    asked: list[dict] = []

    def paint(figure, *, ending, width, height, scale=1):
        asked.append({**figure, "ending": ending})
        return f'<svg class="main-svg" width="{width}" height="{height}"><text>drawn</text></svg>'.encode()

    monkeypatch.setattr(easel.EASEL, "paint", paint)
    monkeypatch.setattr(easel, "BROWSERS", ("python3",))
    yield asked


@pytest.mark.parametrize(("page", "language"), [("economy", "en"), ("clean_collect", "zh"), ("township", "en")])
def test_every_chart_is_a_picture_with_its_words_in_it(page, language, folder, monkeypatch):
    mark = {"zh": "示例数据，非真实", "en": "invented figures"}[language]
    monkeypatch.setattr(taking, "house", lambda: replace(visit.house(), invented=True))
    with drawing(monkeypatch) as asked:
        found = opened(page, folder, monkeypatch, language)
        charts = [key.removeprefix("svg_") for key in found.files if key.startswith("svg_") and not key.startswith(BOARDS)]
        assert charts
        for key in charts:
            picture = found.files[f"svg_{key}"][0]().decode()
            words = " ".join(ElementTree.fromstring(picture).itertext())
            assert "drawn" in words and mark in words
            assert {"en": "Source: ", "zh": "来源："}[language] in words and {"en": "Data as of", "zh": "数据截至"}[
                language
            ] in words
            assert found.files[f"png_{key}"][0]()
        assert len(asked) == 3 * len(charts) and all(figure["layout"]["font"]["family"] == framed.FONTS for figure in asked[::3])
    with Store.open(folder) as store:
        noted = {row[0] for row in store.rows("select detail from audit where action = 'download'")}
    assert all(any(line.startswith(f"{key} svg;") for line in noted) for key in charts), "every picture is on record"


@pytest.mark.parametrize("page", ["economy", "township", "overview"])
def test_file_names_are_in_the_reader_s_language(page, folder, monkeypatch):
    for language in ("zh", "en"):
        for key, (_, named) in opened(page, folder, monkeypatch, language).files.items():
            if key.startswith("original_"):
                continue  # the clerk's own workbook keeps its name
            assert bool(CHINESE.search(named)) == (language == "zh"), f"{key}: {named}"
            assert not set(named) & set('/\\:*?"<>| ') and len(named) < 100
            code = re.sub(r"^(xlsx|csv|parquet|png|svg)_", "", key)
            assert "_" not in code or code not in named, f"{named} tells a code of ours"


def test_a_name_is_made_from_the_title_where_a_key_has_none():
    assert file_names.called("unheard_of", Text("10月有 39/128 个村达标,慢于时序", "39 of 128 villages, behind")) == Text(
        "10月有 39/128 个村达标", "39 of 128 villages"
    )
    long = file_names.called("unheard_of", Text("村" * 60, "word " * 60))
    assert framed.span(long.zh) <= file_names.LONGEST and framed.span(long.en) <= file_names.LONGEST


@pytest.mark.parametrize(("line", "run"), [
    ([1.0, 2.0, None], [1.0, 2.0]), ([1.0, None, 3.0], [3.0]), ([None, None], None), (None, None), ([1.0, 2.0], [1.0, 2.0]),
])  # fmt: skip
def test_a_line_in_a_table_never_bridges_a_gap(line, run):
    assert grids.unbroken(line) == run


def test_a_picture_s_words_are_harmless_and_wrapped():
    chart = b'<svg class="main-svg" xmlns="http://www.w3.org/2000/svg" x="0" width="992" height="300"/>'
    title = "<script>alert(1)</script> & " + "很长的标题" * 30
    picture, height = framed.compose(chart, framed.Frame(title, ("计量单位:万元",), ("来源:月报",), "示例数据"), height=300)
    root = ElementTree.fromstring(picture)
    lines = [node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "script" not in {node.tag.partition("}")[2] for node in root.iter()}
    assert {"计量单位:万元", "来源:月报", "示例数据"} <= set(lines) and len(lines) > 5
    assert max(framed.span(line) for line in lines) * 21 <= framed.WIDTH and int(root.get("height") or 0) == height > 300


def words_of(svg: bytes) -> list[tuple[float, float, float, str]]:
    """The words of a picture: left edge, right edge (about), height on the page, what they say."""
    found = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return [(x := float(one.get("x") or 0), x + framed.span(one.text or "") * float((one.get("font-size") or "0px")[:-2]), float(one.get("y") or 0), one.text or "")
            for one in found]  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_board_as_a_picture_says_what_the_page_says(language, folder, monkeypatch):
    mark = {"zh": "示例数据，非真实", "en": "invented figures"}[language]
    monkeypatch.setattr(taking, "house", lambda: replace(visit.house(), invented=True))
    shown: list[Board] = []
    written = board_html.html
    monkeypatch.setattr(board_html, "html", lambda made: shown.append(made) or written(made))
    with drawing(monkeypatch) as asked:
        found = opened("overview", folder, monkeypatch, language)
        for key in ("scorecard", "behind", "changed"):
            assert found.files[f"png_{key}"][0]()
            made = shown.pop(0)
            picture = found.files[f"svg_{key}"][0]()
            told = "".join("".join(ElementTree.fromstring(picture).itertext()).split())
            for part in (part for row in (made.heads, *made.rows) for one in row for line in one.lines for part in line):
                assert "".join(part.words.split()) in told or all(piece in told for piece in part.words.split()), part
            assert mark in " ".join(ElementTree.fromstring(picture).itertext()) and b"<a " not in picture
            assert all(left >= 0 and right <= framed.WIDTH for left, right, _, _ in words_of(picture))
        assert [figure["ending"] for figure in asked] == ["png"] * 3, "a board's own picture needs no browser"


def test_words_of_neighbours_in_a_board_do_not_touch():
    long = "乡镇(街道)综合行政执法队伍一体化管理 " * 3
    made = Board(
        tuple(cell(one) for one in ("单位", "很长的标题" * 3, "数")),
        ((cell("<&>甲镇"), cell((Part("45.3%", "figure"), small("58/128")), Part("▼ 进度滞后", "behind")), cell(long)),
         (cell("乙"), cell("未报", look="absent"), cell(small("another long line of words that has to be broken somewhere")))),
    )  # fmt: skip
    for width in (992, 420):
        picture, height = board_picture.drawn(made, width)
        rows: dict[float, list[tuple[float, float]]] = {}
        for left, right, at, _ in words_of(picture):
            assert 0 < at <= height and right <= width + 1
            rows.setdefault(at, []).append((left, right))
        for line in rows.values():
            line.sort()
            assert all(one[1] <= other[0] for one, other in pairwise(line)), line
    assert b"&lt;&amp;&gt;" in picture and b'fill="url(#absent)"' in picture


@pytest.mark.skipif(not easel.can_draw(), reason="no browser here")
def test_a_chart_is_really_drawn_as_svg():
    figure = {"data": [{"type": "bar", "x": ["清源镇"], "y": [1]}], "layout": {"height": 200}}
    taken = pictures.taken(figure, framed.Frame("清源镇最高", ("计量单位:个",), ("来源:月报",), "示例数据"), "svg").decode()
    words = " ".join(ElementTree.fromstring(taken).itertext())
    assert all(word in words for word in ("清源镇最高", "计量单位:个", "来源:月报", "示例数据"))
    assert taken.count("清源镇") >= 2, "the chart's own words stay words"


def test_no_picture_for_who_is_gone(folder, monkeypatch):
    with drawing(monkeypatch) as asked:
        found = opened("township", folder, monkeypatch)
        make = next(data for key, (data, _) in found.files.items() if key.startswith("svg_"))
        with Store.open(folder) as store:
            monkeypatch.setattr("townboard.shell.handing.is_open", lambda: False)
            with pytest.raises(NotPermitted):
                make()
            assert not asked and store is not None
