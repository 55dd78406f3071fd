"""Downloads: what is on the screen arrives in the file, typed; nothing in it runs; the file says what it is."""

from __future__ import annotations

import csv as csv_lines
import io
from datetime import date, datetime

import openpyxl
import pandas
import pyarrow.parquet
import pytest

from townboard import downloads
from townboard.downloads import About, Column
from townboard.text import Text

COLUMNS = (
    Column("village", Text("村", "Village")),
    Column("income", Text("经营性收入", "Operating income"), "number", "万元"),
    Column("contracts", Text("合同数", "Contracts"), "integer", "份"),
    Column("share", Text("占比", "Share"), "percent", decimals=1),
    Column("on", Text("挂牌", "Established"), "date"),
    Column("closed", Text("销号", "Closed"), "boolean"),
)
FRAME = pandas.DataFrame(
    {
        "village": ["乙村", "甲村", None, "合计"],
        "income": [28.605, None, 0.0, 28.605],
        "contracts": [39.0, None, 0.0, 39.0],
        "share": [60.4167, None, 0.0, 60.4167],
        "on": [pandas.Timestamp("2022-05-04"), pandas.NaT, pandas.NaT, pandas.NaT],
        "closed": [True, False, None, None],
    }
)
ABOUT = About(
    Text("村集体经济 2022年10月", "Village economy, October 2022"),
    filters=((Text("单位", "Unit"), Text("清源镇", "Qingyuan Town")),), as_of="2022-11-04 09:30",
    missing=(Text("马峪乡", "Mayu Township"),), source=Text("月报", "Monthly reports"), invented=True,
)  # fmt: skip


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_xlsx_holds_the_rows_in_order_typed() -> None:
    page = opened(downloads.xlsx(FRAME, COLUMNS, ABOUT, "zh", total_rows=1)).worksheets[0]
    rows = list(page.iter_rows(values_only=True))
    assert rows[0] == ("村", "经营性收入（万元）", "合同数（份）", "占比（%）", "挂牌", "销号")
    assert rows[1] == ("乙村", 28.605, 39, 60.4167, datetime(2022, 5, 4), "是")
    assert rows[2] == ("甲村", None, None, None, None, "否")
    assert rows[3] == (None, 0, 0, 0, None, None)
    assert rows[4][0] == "合计"
    assert len(rows) == 5
    assert [page.cell(2, n).data_type for n in range(1, 7)] == ["s", "n", "n", "n", "d", "s"]
    assert page["B2"].number_format == "#,##0.00"
    assert page["D2"].number_format == '0.0"%"'
    assert page.auto_filter.ref == "A1:F4"
    assert page.freeze_panes == "B2"


@pytest.mark.parametrize(
    ("language", "sheet", "expected"),
    [
        ("zh", "说明", ["示例数据，非真实 / invented figures", "清源镇", "2022-11-04 09:30", "马峪乡", "月报"]),
        (
            "en",
            "About",
            ["示例数据，非真实 / invented figures", "Qingyuan Town", "2022-11-04 09:30", "Mayu Township", "Monthly reports"],
        ),
    ],
)
def test_the_second_sheet_says_what_it_is(language: str, sheet: str, expected: list[str]) -> None:
    book = opened(downloads.xlsx(FRAME, COLUMNS, ABOUT, language))  # type: ignore[arg-type]
    said = [row[1] for row in book[sheet].iter_rows(values_only=True)]
    assert [words for words in expected if words not in said] == []
    assert "示例数据" in book.worksheets[0].oddHeader.right.text


def test_real_figures_carry_no_banner() -> None:
    about = About(ABOUT.title)
    book = opened(downloads.xlsx(FRAME, COLUMNS, about, "zh"))
    assert all("示例" not in str(row) for page in book for row in page.iter_rows(values_only=True))
    assert "示例" not in downloads.csv(FRAME, COLUMNS, about, "zh").decode("utf-8-sig")
    assert downloads.name(about.title, "zh", "csv") == "村集体经济_2022年10月.csv"


@pytest.mark.parametrize(
    "words",
    ["=1+1", '=HYPERLINK("http://x")', "+86", "-5", "@SUM(A1)", "\tx", "\rx", "\nx", " =1+1", "＝1+1", "＋86", "＠x", "\u200b=1"],
)
def test_text_never_becomes_a_formula(words: str) -> None:
    frame = pandas.DataFrame({"village": [words]})
    cell = opened(downloads.xlsx(frame, COLUMNS[:1], ABOUT, "zh")).worksheets[0]["A2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert cell.value.replace("_x000D_", "\r") == words
    lines = list(csv_lines.reader(io.StringIO(downloads.csv(frame, COLUMNS[:1], ABOUT, "zh").decode("utf-8-sig"), newline="")))
    assert lines[1] == [f"'{words}"]


@pytest.mark.parametrize("words", ["六合村", "—", "140121100204", "1=1", "'", "北关,南关", "两\n行"])
def test_other_text_arrives_as_it_is(words: str) -> None:
    frame = pandas.DataFrame({"village": [words]})
    assert opened(downloads.xlsx(frame, COLUMNS[:1], ABOUT, "zh")).worksheets[0]["A2"].value == words
    lines = list(csv_lines.reader(io.StringIO(downloads.csv(frame, COLUMNS[:1], ABOUT, "zh").decode("utf-8-sig"), newline="")))
    assert lines[1] == [words]


def test_csv_is_what_excel_opens() -> None:
    data = downloads.csv(FRAME, COLUMNS, ABOUT, "en")
    assert data.startswith(b"\xef\xbb\xbfVillage,Operating income (")
    assert data.decode("utf-8-sig").split("\r\n") == [
        "Village,Operating income (10k yuan),Contracts,Share (%),Established,Closed",
        "乙村,28.605,39,60.4167,2022-05-04,Yes",
        "甲村,,,,,No",
        ",0,0,0,,",
        "合计,28.605,39,60.4167,,",
        "示例数据，非真实 / invented figures",
        "",
    ]


def test_an_empty_table_still_says_what_it_is() -> None:
    book = opened(downloads.xlsx(FRAME.head(0), COLUMNS, ABOUT, "zh"))
    assert book.worksheets[0].max_row == 1
    assert downloads.csv(FRAME.head(0), COLUMNS, ABOUT, "zh").count(b"\r\n") == 2


def test_a_column_the_table_lacks_is_our_bug() -> None:
    with pytest.raises(KeyError):
        downloads.xlsx(FRAME.drop(columns="share"), COLUMNS, ABOUT, "zh")
    with pytest.raises(ValueError, match="unknown kind"):
        Column("x", Text("x", "x"), "money")


def test_parquet_keeps_the_types_and_the_words() -> None:
    data = downloads.parquet(FRAME, ABOUT)
    table = pyarrow.parquet.read_table(io.BytesIO(data))
    assert table.column("income").to_pylist() == [28.605, None, 0.0, 28.605]
    assert table.column("on").to_pylist()[0].date() == date(2022, 5, 4)
    assert table.schema.metadata[b"As of"].decode() == "2022-11-04 09:30"
    assert any("示例数据" in value.decode() for key, value in table.schema.metadata.items() if key != b"pandas")


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        (Text("村/社区： 一览", "Villages / all"), "zh", "示例数据_村-社区-_一览.xlsx"),
        (Text("村集体经济 2022年10月", "Economy, October 2022"), "en", "invented_figures_Economy,_October_2022.xlsx"),
        (Text("..", ".."), "zh", "示例数据_townboard.xlsx"),
    ],
)
def test_file_names_are_safe(title: Text, language: str, expected: str) -> None:
    assert downloads.name(title, language, "xlsx", invented=True) == expected  # type: ignore[arg-type]
