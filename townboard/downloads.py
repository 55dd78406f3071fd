"""Taking a table away: typed .xlsx, .csv that opens in Excel, parquet for programs. Rows, order and totals are those on the screen.

Numbers are numbers and dates are dates; a missing value is an empty cell, never 0. Text that begins like a formula stays text.
Every file says what it is: title, filters, as-of time, source, who is missing, and whether the figures are invented.
"""

from __future__ import annotations

import csv as csv_lines
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas
import pyarrow
import pyarrow.parquet
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from townboard.catalogue import unit_words
from townboard.text import Language, Text, bracketed, printable

INVENTED = Text("示例数据,非真实", "invented figures")
BANNER = f"{INVENTED.say('zh')} / {INVENTED.en}"
KINDS = ("text", "number", "figure", "integer", "percent", "date", "boolean", "trend")
YES, NO = Text("是", "Yes"), Text("否", "No")
_WORDS = {
    "data": Text("数据", "Data"), "about": Text("说明", "About"), "title": Text("标题", "Title"), "filters": Text("筛选", "Filters"),
    "as_of": Text("数据截至", "As of"), "source": Text("来源", "Source"), "missing": Text("未报单位", "Not reported"),
    "nobody": Text("无", "None"), "note": Text("注意", "Please note"), "all": Text("全部", "All"),
}  # fmt: skip
_FORMULA_LIKE = re.compile(r"[\s\x00-\x1f\ufeff\u200b]*[=+\-@＝＋－＠﹢﹣﹦﹫]|[\t\r\n]")
"""What a spreadsheet may take for a formula: some skip what cannot be seen before it, some read the full-width signs as the others."""
_UNSAID = Text("", "")
_EPOCH = datetime(2022, 1, 1)
_WIDEST, _SAMPLED = 42, 200


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a download. `code` is its name in the frame; a percent is a number of per cent (60.4, not 0.604).

    A `figure` is a number among others of another measure: on the screen it has only the decimals that it needs, `decimals` at most.
    A `trend` holds a list of numbers, one for each of `steps`: a line on the screen, a column of numbers each in a file (`spread`).
    """

    code: str
    label: Text
    kind: str = "text"
    unit: str = ""
    decimals: int = 2
    steps: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.code}: unknown kind {self.kind!r}; expected one of {', '.join(KINDS)}")

    def heading(self, language: Language) -> str:
        """`经营性收入（万元）` / `Operating income (万元)`."""
        unit = unit_words(self.unit or ("%" if self.kind == "percent" else "")).say(language)
        words = self.label.say(language)
        return bracketed(words, unit, language) if unit else words

    @property
    def number_format(self) -> str:
        """How a spreadsheet shows it."""
        places = "." + "0" * self.decimals if self.decimals else ""
        return {
            "number": f"#,##0{places}",
            "figure": f"#,##0{places}",
            "percent": f'0{places}"%"',
            "integer": "#,##0",
            "date": "yyyy-mm-dd",
        }.get(self.kind, "@")


@dataclass(frozen=True, slots=True)
class About:
    """What a download says of itself. `as_of` is a local time in words; `missing` names the units that have not reported."""

    title: Text
    filters: tuple[tuple[Text, Text], ...] = ()
    as_of: str = ""
    missing: tuple[Text, ...] = ()
    source: Text = _UNSAID
    invented: bool = False


def name(title: Text, language: Language, ending: str, *, invented: bool = False) -> str:
    """A file name: `示例数据_村集体经济_2022年10月.xlsx`; what a file system refuses becomes a dash."""
    words = (
        re.sub(r"_?[\s_]+", "_", re.sub(r'[\\/:*?"<>|\r\n\t\uff1a\uff1f]+', "-", title.say(language))).strip("_.-") or "townboard"
    )
    prefix = Text("示例数据_", "invented_figures_").say(language) if invented else ""
    return f"{prefix}{words}.{ending}"


def spread(frame: pandas.DataFrame, columns: Sequence[Column]) -> tuple[pandas.DataFrame, list[Column]]:
    """The table with each `trend` as one column of numbers a step: what a file holds of the line on the screen."""
    if not any(column.kind == "trend" for column in columns):
        return frame, list(columns)
    parts: dict[str, Any] = {}
    heads: list[Column] = []
    for column in columns:
        if column.kind != "trend":
            parts[column.code] = frame[column.code]
            heads.append(column)
            continue
        for n, step in enumerate(column.steps):
            label = Text(f"{column.label.zh} {step.zh}", f"{column.label.en} {step.en}")
            heads.append(Column(f"{column.code}_{n + 1}", label, "number", column.unit, column.decimals))
            values = [line[n] if line is not None and n < len(line) else None for line in frame[column.code]]
            parts[heads[-1].code] = pandas.Series(values, index=frame.index, dtype="float64")
    return pandas.DataFrame(parts, index=frame.index), heads


def _cells(frame: pandas.DataFrame, columns: Sequence[Column]) -> list[list[Any]]:
    """The columns as plain Python values; None where missing. Raises KeyError for a column that the frame lacks."""
    found = []
    for column in columns:
        values = frame[column.code]
        empty = values.isna().tolist()
        found.append([None if gone else _plain(value, column.kind) for value, gone in zip(values.tolist(), empty, strict=True)])
    return found


def _plain(value: Any, kind: str) -> Any:
    if kind == "text":
        return printable(str(value))
    if kind == "date":
        return value.date() if isinstance(value, datetime) else value
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def xlsx(
    frame: pandas.DataFrame, columns: Sequence[Column], about: About, language: Language = "zh", *, total_rows: int = 0
) -> bytes:
    """A workbook of two sheets: the data (one header row, nothing else) and what it is.

    `total_rows` of the last rows are totals: set in bold, outside the filter. Raises KeyError for a column the frame lacks.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "remove_timezone": True})
    book.set_properties({"title": about.title.say(language), "created": _EPOCH, "comments": BANNER if about.invented else ""})
    _data_sheet(book, frame, columns, about, language, total_rows)
    _about_sheet(book, about, language)
    book.close()
    return out.getvalue()


def _data_sheet(
    book: xlsxwriter.Workbook,
    frame: pandas.DataFrame,
    columns: Sequence[Column],
    about: About,
    language: Language,
    total_rows: int,
) -> None:
    page = book.add_worksheet(_WORDS["data"].say(language))
    head = book.add_format({"bold": True, "bg_color": "#17616B", "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter",
                            "align": "center", "border": 1, "border_color": "#FFFFFF"})  # fmt: skip
    first_total = len(frame) - total_rows + 1
    for at, (column, values) in enumerate(zip(columns, _cells(frame, columns), strict=True)):
        page.write_string(0, at, column.heading(language), head)
        plain = book.add_format({"num_format": column.number_format})
        quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        bold = book.add_format({"num_format": column.number_format, "bold": True, "top": 1, "bg_color": "#EEF0F1"})
        page.set_column(at, at, _width(column, values, language))
        for row, value in enumerate(values, 1):
            if value is not None:
                _write(page, row, at, value, plain if row < first_total else bold, quoted, language)
    page.set_row(0, 32)
    page.freeze_panes(1, 1 if len(columns) > 1 else 0)
    if columns:
        page.autofilter(0, 0, max(len(frame) - total_rows, 0), len(columns) - 1)
    page.repeat_rows(0)
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    title = about.title.say(language).replace("&", "&&")
    page.set_header(f"&L{title}" + (f"&R{BANNER}" if about.invented else ""))
    page.set_footer(f"&L{about.as_of}&C&P / &N".replace("&L&C", "&C"))


def _write(page: Worksheet, row: int, at: int, value: Any, plain: Format, quoted: Format, language: Language) -> None:
    if isinstance(value, bool):
        page.write_string(row, at, (YES if value else NO).say(language), plain)
    elif isinstance(value, (int, float)):
        page.write_number(row, at, value, plain)
    elif isinstance(value, date):
        page.write_datetime(row, at, value, plain)
    else:
        words = str(value)
        page.write_string(row, at, words, quoted if _FORMULA_LIKE.match(words) else plain)


def _width(column: Column, values: Sequence[Any], language: Language) -> float:
    longest = max((_span(str(value)) for value in values[:_SAMPLED] if value is not None), default=0)
    return float(min(max(longest + 2, min(_span(column.heading(language)) + 2, 18), 8), _WIDEST))


def _span(words: str) -> int:
    """Its width in half characters: a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in words)


def _about_sheet(book: xlsxwriter.Workbook, about: About, language: Language) -> None:
    page = book.add_worksheet(_WORDS["about"].say(language))
    key = book.add_format({"bold": True, "font_color": "#17616B", "valign": "top"})
    words = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    loud = book.add_format({"bold": True, "font_color": "#9C2B1F", "valign": "top"})
    for row, (said, what) in enumerate(_lines(about, language)):
        page.write_string(row, 0, said, key)
        page.write_string(row, 1, what, loud if what == BANNER else words)
    page.set_column(0, 0, 16)
    page.set_column(1, 1, 70)


def _lines(about: About, language: Language) -> list[tuple[str, str]]:
    def say(word: str) -> str:
        return _WORDS[word].say(language)

    found = [(say("note"), BANNER)] if about.invented else []
    found.append((say("title"), about.title.say(language)))
    chosen = [(what.say(language), value.say(language)) for what, value in about.filters]
    found += chosen or [(say("filters"), say("all"))]
    found.append((say("as_of"), about.as_of))
    found.append((say("missing"), "、".join(unit.say(language) for unit in about.missing) if about.missing else say("nobody")))
    if about.source.say(language):
        found.append((say("source"), about.source.say(language)))
    return found


def csv(frame: pandas.DataFrame, columns: Sequence[Column], about: About, language: Language = "zh") -> bytes:
    """UTF-8 with a byte order mark and CRLF, so that Excel opens it as it is; the first line is the header.

    Text that begins like a formula gets an apostrophe. Invented figures are said so in a last line of one cell.
    """
    out = io.StringIO()
    lines = csv_lines.writer(out, lineterminator="\r\n")
    lines.writerow([column.heading(language) for column in columns])
    for row in zip(*_cells(frame, columns), strict=True):
        lines.writerow([_written(value, language) for value in row])
    if about.invented:
        lines.writerow([BANNER])
    return out.getvalue().encode("utf-8-sig")


def _written(value: Any, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return (YES if value else NO).say(language)
    if isinstance(value, (int, float)):
        return format(value, ".10g") if isinstance(value, float) else str(value)
    if isinstance(value, date):
        return value.isoformat()
    words = str(value)
    return f"'{words}" if _FORMULA_LIKE.match(words) else words


def parquet(frame: pandas.DataFrame, about: About | None = None) -> bytes:
    """The frame as it is, for programs; `about` travels in the file's metadata."""
    table = pyarrow.Table.from_pandas(frame, preserve_index=False)
    if about is not None:
        said = {key.encode(): value.encode() for key, value in _lines(about, "en")}
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), **said})
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out)
    return out.getvalue()


def parquet_table(frame: pandas.DataFrame, columns: Sequence[Column], about: About, language: Language = "zh") -> bytes:
    """A page's table for programs: its columns by code, in order and typed; what they are called travels in the metadata.

    Raises KeyError for a column the frame lacks.
    """
    types = {"text": pyarrow.string(), "number": pyarrow.float64(), "figure": pyarrow.float64(), "percent": pyarrow.float64(), "integer": pyarrow.int64(),
             "date": pyarrow.date32(), "boolean": pyarrow.string()}  # fmt: skip
    arrays = [pyarrow.array([str(value) if column.kind in ("text", "boolean") and value is not None else value for value in values],
                            type=types[column.kind]) for column, values in zip(columns, _cells(frame, columns), strict=True)]  # fmt: skip
    fields = [pyarrow.field(column.code, types[column.kind], metadata={"label": column.heading(language)}) for column in columns]
    said = dict(_lines(about, language))
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=pyarrow.schema(fields, metadata=said)), out)
    return out.getvalue()
