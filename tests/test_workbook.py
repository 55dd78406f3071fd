"""Reading sheets: every value with its address, formats, formulas, merges, hidden rows, in every format that is taken."""

from __future__ import annotations

import pytest

from tests.test_guard import rezipped, sheet_xml
from tests.workbooks import free_form, ordinary, xls, xlsx
from townboard.findings import Refusal
from townboard.guard import admit
from townboard.workbook import read
from townboard.workbook.sheet_xml import _read_events, _read_plain
from townboard.workbook.sheets import (
    DATE,
    ERROR,
    GENERAL,
    PERCENT,
    Cell,
    Range,
    Sheet,
    address,
    letters,
    place_of,
    range_of,
    raw_text,
)
from townboard.workbook.xlsx import kind_of

GRID = (
    ("村名", "经营性收入", "增幅", "日期"),
    ("六合村", 26, 0.0909, 44805),
    (None, 28.6, None, None),
    (None, None, None, None),
    ("合计", "=SUM(B2:B3)", True, "2022年9月"),
)  # fmt: skip


def only(data: bytes, name: str = "a.xlsx"):
    return read(admit(data, name)).sheets[0]


def test_xlsx_cells_carry_value_format_and_formula():
    data = xlsx({"村集体经济": GRID}, merges={"村集体经济": ["A2:A3"]}, hidden_rows={"村集体经济": [3]},
                formats={"村集体经济": {"C2": "0.00%", "D2": "yyyy-mm-dd"}})  # fmt: skip
    sheet = only(data)
    assert (sheet.name, sheet.hidden, sheet.merges, sheet.hidden_rows) == ("村集体经济", False, [Range(2, 1, 3, 1)], {3})
    assert sheet.cells[2, 2] == Cell(26.0, GENERAL, None)
    assert sheet.cells[2, 3] == Cell(0.0909, PERCENT, None)
    assert sheet.cells[2, 4] == Cell(44805.0, DATE, None)
    assert sheet.cells[5, 2] == Cell(None, GENERAL, "SUM(B2:B3)")
    assert sheet.cells[5, 3] == Cell(True)
    assert [raw_text(sheet.cell(*at)) for at in ((2, 2), (2, 3), (2, 4), (3, 2), (4, 1), (5, 2), (5, 3))] == [
        "26", "9.09%", "2022-09-01", "28.6", "", "=SUM(B2:B3)", "TRUE"]  # fmt: skip
    assert sheet.cells[2, 4].text == "2022-09-01"


def test_xls_reads_the_same_values():
    data = xls(
        {"村集体经济": (GRID[0], GRID[1], GRID[2])}, merges={"村集体经济": [(2, 3, 1, 1)]}, hidden_rows={"村集体经济": [3]}
    )
    sheet = only(data, "a.xls")
    assert (sheet.name, sheet.merges, sheet.hidden_rows) == ("村集体经济", [Range(2, 1, 3, 1)], {3})
    assert {at: cell.value for at, cell in sheet.cells.items()} == {
        (1, 1): "村名", (1, 2): "经营性收入", (1, 3): "增幅", (1, 4): "日期",
        (2, 1): "六合村", (2, 2): 26.0, (2, 3): 0.0909, (2, 4): 44805.0, (3, 2): 28.6}  # fmt: skip


def test_xls_formats_errors_and_truth():
    import io

    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    for column, (value, format) in enumerate(((0.6, "0%"), (44805, "yyyy-mm-dd"), (True, "General"), (12.5, "0.00"))):
        sheet.write(0, column, value, xlwt.easyxf(num_format_str=format))
    sheet.row(0).set_cell_error(4, "#REF!")
    buffer = io.BytesIO()
    book.save(buffer)
    cells = only(buffer.getvalue(), "a.xls").cells
    assert [cells[1, column] for column in range(1, 6)] == [
        Cell(0.6, PERCENT), Cell(44805.0, DATE), Cell(True), Cell(12.5), Cell("#REF!", ERROR)]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("mark", [",", "\t"])
def test_csv_in_every_writing(encoding, mark):
    text = f'村名{mark}经营性收入\n六合村{mark}"1,200"\n\n大北村{mark}\n'
    sheet = only(text.encode(encoding), "清源镇10月.csv")
    assert (sheet.name, sheet.named) == ("清源镇10月", False)
    assert {at: cell.value for at, cell in sheet.cells.items()} == {
        (1, 1): "村名", (1, 2): "经营性收入", (2, 1): "六合村", (2, 2): "1,200", (4, 1): "大北村"}  # fmt: skip


CELLS = [
    ("a number", '<c r="B2"><v>31.2</v></c>', Cell(31.2)),
    ("its dust is kept out of sight", '<c r="B2"><v>0.30000000000000004</v></c>', Cell(0.30000000000000004)),
    ("an inline text of two runs", '<c r="B2" t="inlineStr"><is><r><t>经营</t></r><r><t>收入</t></r></is></c>', Cell("经营收入")),
    ("a formula's text", '<c r="B2" t="str"><f>A1&amp;"x"</f><v>x</v></c>', Cell("x", GENERAL, 'A1&"x"')),
    ("a formula's empty text", '<c r="B2" t="str"><f>IF(A1,1,"")</f><v></v></c>', Cell("", GENERAL, 'IF(A1,1,"")')),
    ("a formula without result", '<c r="B2"><f>SUM(A1:A2)</f><v/></c>', Cell(None, GENERAL, "SUM(A1:A2)")),
    ("a shared formula", '<c r="B2"><f t="shared" si="0"/><v>5</v></c>', Cell(5.0, GENERAL, "")),
    ("an error", '<c r="B2" t="e"><v>#REF!</v></c>', Cell("#REF!", ERROR)),
    ("truth", '<c r="B2" t="b"><v>1</v></c>', Cell(True)),
    ("an ISO day", '<c r="B2" t="d"><v>2022-09-01T00:00:00</v></c>', Cell("2022-09-01")),
    ("a picture cell", '<c r="B2" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>', None),
    ("a style alone", '<c r="B2" s="0"/>', None),
]


@pytest.mark.parametrize(("what", "xml", "cell"), CELLS, ids=[case[0] for case in CELLS])
@pytest.mark.parametrize("indent", ["", "\n    "])
def test_cells_as_they_stand_in_the_file(what, xml, cell, indent):
    xml = xml.replace("><", f">{indent}<").replace(f"<v>{indent}</v>", "<v></v>") if "<r><t>" not in xml else xml
    sheet = only(
        sheet_xml(f'<dimension ref="A1:A1"/><sheetData>{indent}<row r="2">{indent}{xml}{indent}</row>{indent}</sheetData>')
    )
    assert sheet.cell(2, 2) == cell


@pytest.mark.parametrize("data", [free_form(), ordinary(), xlsx({"s": [["a & b", 1.5, "=A1&B1", True, "#N/A"]]})])
def test_the_plain_shape_and_the_events_give_the_same_cells(data):
    admitted = admit(data, "a.xlsx")
    for name in (name for name in admitted.parts if name.startswith("xl/worksheets/sheet")):
        plain, events = Sheet(name), Sheet(name)
        strings, kinds = ["文字"] * 999, {"3": PERCENT}
        assert _read_plain(admitted.parts[name], plain, strings, kinds, 0.0)
        _read_events(admitted.parts[name], events, strings, kinds, 0.0)
        read_plain = {number: cells for number, cells in plain.rows.items() if cells}
        assert read_plain == {number: cells for number, cells in events.rows.items() if cells}
        assert (plain.merges, plain.hidden_rows) == (events.merges, events.hidden_rows)


FORMATS = [(9, None, PERCENT), (10, None, PERCENT), (14, None, DATE), (31, None, DATE), (0, None, GENERAL), (176, "0.00%", PERCENT),
           (176, "yyyy年m月", DATE), (176, "[$-804]yyyy-mm-dd;@", DATE), (176, "[h]:mm", DATE), (176, '#,##0.00"元"', GENERAL),
           (176, "0.00;[Red]-0.00", GENERAL), (176, "[Magenta]0.0_ ", GENERAL), (176, "General", GENERAL), (176, "@", GENERAL),
           (176, '0.0"万元 (days)"', GENERAL), (176, "_-* #,##0.00_-", GENERAL), (176, "0.00E+00", GENERAL)]  # fmt: skip


@pytest.mark.parametrize(("id", "code", "kind"), FORMATS)
def test_classes_of_number_formats(id, code, kind):
    assert kind_of(id, code) == kind


def test_addresses_are_found_without_references_and_out_of_order():
    sheet = only(sheet_xml("<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c/><c><v>3</v></c></row></sheetData>"))
    assert {at: cell.value for at, cell in sheet.cells.items()} == {(1, 1): 1.0, (1, 2): 2.0, (2, 2): 3.0}
    sheet = only(
        sheet_xml('<sheetData><row r="3"><c r="A3"><v>3</v></c></row><row r="1"><c r="B1"><v>1</v></c></row></sheetData>')
    )
    assert list(sheet.rows) == [1, 3]


def test_prefixed_names_and_strict_namespace_are_read():
    xml = ('<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row r="1">'
           '<x:c r="A1"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>')  # fmt: skip
    sheet = only(rezipped(replace={"xl/worksheets/sheet1.xml": xml.encode()}))
    assert sheet.cells == {(1, 1): Cell(7.0)}


def test_shared_strings_join_their_runs_and_leave_readings_out():
    xml = '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>'
    strings = ('<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><t>村</t></r><r><t xml:space="preserve">名 </t></r>'
               '<rPh sb="0" eb="1"><t>cun</t></rPh></si></sst>').encode()  # fmt: skip
    data = sheet_xml(xml)
    relation = (b'<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" '
                b'Target="sharedStrings.xml"/></Relationships>')  # fmt: skip
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        relations = archive.read("xl/_rels/workbook.xml.rels")
    replace = {"xl/_rels/workbook.xml.rels": relations.replace(b"</Relationships>", relation)}
    if "xl/sharedStrings.xml" in names:
        replace["xl/sharedStrings.xml"] = strings
        data = rezipped(data, replace=replace)
    else:
        data = rezipped(data, replace=replace, add={"xl/sharedStrings.xml": strings})
    assert only(data).cells == {(1, 1): Cell("村名 ")}
    with pytest.raises(Refusal):
        only(rezipped(data, replace={"xl/worksheets/sheet1.xml": xml.replace("<v>0", "<v>9").encode()}))


def test_dates_of_the_1904_system_are_moved():
    data = xlsx({"s": [[43343]]}, formats={"s": {"A1": "yyyy-mm-dd"}})
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = archive.read("xl/workbook.xml")
    replaced = book.replace(b"<workbookPr", b'<workbookPr date1904="1"', 1)
    assert replaced != book
    assert raw_text(only(rezipped(data, replace={"xl/workbook.xml": replaced})).cell(1, 1)) == "2022-09-01"


def test_hidden_sheets_are_named_but_not_read_except_our_own():
    data = xlsx({"村集体经济": [["村名"]], "数据字典": [["是"]], "_meta": [["unit", "140121100"]]}, hidden=("数据字典", "_meta"))
    sheets = read(admit(data, "a.xlsx")).sheets
    assert [(sheet.name, sheet.hidden, bool(sheet.rows)) for sheet in sheets] == [
        ("村集体经济", False, True), ("数据字典", True, False), ("_meta", True, True)]  # fmt: skip


def test_a_broken_style_sheet_costs_formats_not_values():
    data = rezipped(xlsx({"s": [[0.6]]}), replace={"xl/styles.xml": b"<styleSheet><broken"})
    assert only(data).cells == {(1, 1): Cell(0.6)}


@pytest.mark.parametrize(
    ("name", "place"), [("A1", (1, 1)), ("F7", (7, 6)), ("$AB$12", (12, 28)), ("XFD1048576", (1048576, 16384))]
)
def test_names_of_cells(name, place):
    assert place_of(name) == place
    assert address(*place) == name.replace("$", "")


@pytest.mark.parametrize("name", ["", "7", "F", "F0", "f7x", "A-1"])
def test_what_is_no_cell(name):
    with pytest.raises(ValueError):
        place_of(name)


def test_ranges_and_letters():
    assert range_of("K2:A1") == Range(1, 1, 2, 11)
    assert range_of("B3") == Range(3, 2, 3, 2)
    assert [letters(column) for column in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
