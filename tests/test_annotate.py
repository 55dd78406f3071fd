"""The clerk's own workbook back: every finding on its cell, everything else as it was, and our marks gone when it is uploaded again."""

from __future__ import annotations

import io
import json
import re
import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from tests.test_journey import OCTOBER, UNIT, VILLAGES, workbook
from tests.workbooks import free_form, ordinary, saved, xls, xlsx
from townboard import annotate, guard, journey, marks, template
from townboard import workbook as reader
from townboard.annotate.notes import SEPARATOR
from townboard.annotate.styles import COLOURS
from townboard.findings import Refusal
from townboard.loading import catalogue
from townboard.submission import History

QINGYUAN = "140121100"
SHEET = "村集体经济"


def examined(data, name="西谷乡10月.xlsx", unit=UNIT):
    return journey.examine(data, name, unit, OCTOBER, None)


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def said(found):
    return {key: value for key, value in found.to_json().items() if key != "changes"}


def colour(cell):
    return cell.fill.fgColor.rgb if cell.fill.fill_type == "solid" else None


def looks(cell):
    """A cell as it looks, the fill aside."""
    return cell.value, repr(cell.font), repr(cell.border), repr(cell.alignment), cell.number_format


def real_looking(*, formulas=True, **cells):
    """A workbook as Excel keeps it: fonts, a comment, a formula with its result, a chart, a rule, a picture-free drawing."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet(SHEET)
    head = book.add_format({"bold": True, "bg_color": "#C6EFCE", "border": 1, "font_name": "仿宋"})
    money = book.add_format({"num_format": "#,##0.00", "bg_color": "#FFF2CC"})
    page.merge_range(0, 0, 0, 4, "西谷乡村级集体经济收入情况表(10月)", head)
    for column, word in enumerate(("序号", "村名", "经营性收入(万元)", "补助收入", "其他收入")):
        page.write(2, column, word, head)
    for n, village in enumerate(VILLAGES):
        page.write(3 + n, 0, n + 1)
        page.write(3 + n, 1, village.label.zh)
        page.write(3 + n, 2, cells.get(f"C{4 + n}", 12.5 + n), money)
        page.write(3 + n, 3, 4)
        if formulas:
            page.write_formula(3 + n, 4, f"=D{4 + n}/4", None, 1.5)
        else:
            page.write(3 + n, 4, 1.5)
    page.write_comment("C5", "张三:已核对", {"author": "李四"})
    page.write_comment("C4", "旧批注", {"author": "李四"})
    page.conditional_format("C4:C12", {"type": "cell", "criteria": ">", "value": 30, "format": head})
    page.data_validation("D4:D12", {"validate": "decimal", "criteria": ">=", "value": 0})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"={SHEET}!$C$4:$C$12"})
    page.insert_chart("H2", chart)
    other = book.add_worksheet("我的草稿")
    other.write("A1", "不要动")
    book.close()
    return out.getvalue()


def test_every_finding_is_marked_on_its_cell_in_its_row_and_on_the_list():
    found = examined(real_looking(C4="约30", C6=-5))
    assert {"not-a-number", "ambiguous-number", "negative-value"} & {finding.id for finding in found.findings}
    book = opened(annotate.annotated(found))
    page, listed = book[SHEET], book["错误清单"]
    for finding in found.findings:
        if finding.place.cell:
            cell = page[finding.place.cell]
            here = [other for other in found.findings if other.place.cell == finding.place.cell]
            assert colour(cell) in {COLOURS[other.severity] for other in here}
            assert finding.sentence.say("zh") in cell.comment.text and finding.remedy.say("zh") in cell.comment.text
    column = next(cell.column for cell in page[3] if cell.value == "错误说明")
    assert page.cell(4, column).value.startswith("【疑问】") and page.cell(6, column).value.startswith("【错误】")
    assert page.cell(7, column).value is None, "good rows stay as they were"
    assert page.auto_filter.ref == f"A3:{page.cell(3, column).column_letter}12"
    rows = [[cell.value for cell in row] for row in listed.iter_rows(min_row=4, max_col=7)]
    assert len(rows) == len(found.findings) and listed.auto_filter.ref
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), key=["错误", "疑问", "提示"].index)
    worst = next(n for n, row in enumerate(rows, 4) if row[2] == "C6")
    assert listed[f"C{worst}"].hyperlink.location == f"'{SHEET}'!C6"
    assert {row[3] for row in rows} >= {VILLAGES[0].label.zh, VILLAGES[2].label.zh}
    assert listed.column_dimensions["H"].hidden


def test_everything_else_stays_as_it_was():
    data = real_looking(C4="约30", C6=-5)
    before, after = parts(data), parts(annotate.annotated(examined(data)))
    changed = {name for name, part in before.items() if after.get(name) != part}
    assert changed == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/worksheets/sheet1.xml",
        "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml",
    }  # fmt: skip
    assert set(after) - set(before) == {"xl/worksheets/sheet3.xml"}
    values = openpyxl.load_workbook(io.BytesIO(annotate.annotated(examined(data))), data_only=True)[SHEET]
    formulas = opened(annotate.annotated(examined(data)))[SHEET]
    assert (values["E4"].value, formulas["E4"].value) == (1.5, "=D4/4"), "a formula keeps its saved result"
    was, now = opened(data)[SHEET], formulas
    for row in was.iter_rows():
        for cell in row:
            same = now[cell.coordinate]
            assert looks(cell) == looks(same)
    assert now.merged_cells.ranges == was.merged_cells.ranges and len(now._charts) == len(was._charts) == 1
    assert len(now.conditional_formatting) == 1 and len(now.data_validations.dataValidation) == 1


def test_existing_comments_stay_before_ours():
    page = opened(annotate.annotated(examined(real_looking(C4="约30"))))[SHEET]
    assert page["C5"].comment.text.endswith("张三:已核对") and page["C5"].comment.author == "李四"
    text = page["C4"].comment.text
    assert "旧批注" in text.partition(SEPARATOR)[0] and text.partition(SEPARATOR)[2].startswith("\n【疑问】")


CASES = {
    "free form": lambda: (free_form(), "附件2.xlsx", QINGYUAN),
    "as Excel keeps it": lambda: (real_looking(C4="约30", C6=-5), "西谷乡.xlsx", UNIT),
    "five sheets": lambda: (ordinary(), "清源镇.xlsx", QINGYUAN),
    "our template, empty": lambda: (
        template.write(catalogue(), QINGYUAN, OCTOBER, History(QINGYUAN, OCTOBER)), "清源镇.xlsx", QINGYUAN),
    "xls": lambda: (xls({SHEET: grid(C4="约30"), "别的": [["甲"]]}, merges={SHEET: [(1, 1, 1, 5)]}, hidden_rows={SHEET: [5]}),
                    "西谷乡.xls", UNIT),
    "csv": lambda: ("\r\n".join(",".join(str(cell) for cell in row) for row in grid(C4="约30", C6="-5")).encode("gb18030"),
                    "西谷乡10月_村集体经济_报送表第二次修改稿_最终版.csv", UNIT),
    "prefixed": lambda: (prefixed(workbook(C4="约30", C6=-5)), "西谷乡.xlsx", UNIT),
    "without shared strings and styles": lambda: (bare(), "西谷乡.xlsx", UNIT),
}  # fmt: skip


def grid(**cells):
    rows = [
        ["西谷乡村级集体经济收入情况表(10月)"],
        ["填报单位:西谷乡人民政府"],
        ["序号", "村名", "经营性收入(万元)", "补助收入", "其他收入"],
    ]
    rows += [[n + 1, village.label.zh, 12.5 + n, 4.0, "无"] for n, village in enumerate(VILLAGES)]
    for cell, value in cells.items():
        rows[int(cell[1:]) - 1]["ABCDE".index(cell[0])] = value
    return rows


def prefixed(data):
    """The same workbook with its sheet and styles in a prefixed namespace, as some generators write them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts(data).items():
            if name.startswith("xl/worksheets/sheet") or name == "xl/styles.xml":
                part = re.sub(rb"<(/?)(?![?!])([A-Za-z])", rb"<\1x:\2", part).replace(b"xmlns=", b"xmlns:x=")
            archive.writestr(name, part)
    return out.getvalue()


def bare():
    """Rows and cells without addresses, no styles, no shared strings."""
    rows = "".join(
        "<row>" + "".join(
            "<c/>" if cell is None else f"<c><v>{cell}</v></c>" if isinstance(cell, (int, float))
            else f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>"
        for row in grid(C4="约30", C6=-5)
    )  # fmt: skip
    space = "http://schemas.openxmlformats.org"
    main = f"{space}/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{space}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="rId1" Type="{space}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{space}/officeDocument/2006/relationships"><sheets><sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="rId1" Type="{space}/officeDocument/2006/relationships/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in files.items():
            archive.writestr(name, part)
    return out.getvalue()


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
@pytest.mark.parametrize("case", CASES)
def test_uploaded_again_it_says_the_same_and_is_marked_the_same(case):
    data, name, unit = CASES[case]()
    first = examined(data, name, unit)
    assert first.findings, "a case without findings shows nothing"
    marked = annotate.annotated(first)
    book = opened(marked)
    assert "错误清单" in book.sheetnames
    marked_cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment]
    assert marked_cells
    again = examined(marked, annotate.file_name(name, "zh"), unit)
    assert again.outcome == first.outcome
    if name.endswith(".xlsx"):
        assert said(again) == said(first)
    else:
        kinds = [
            [(finding.id, finding.place.cell) for finding in found.findings if finding.id != "renamed-sheet"]
            for found in (again, first)
        ]
        assert kinds[0] == kinds[1]
        assert [(v.org_unit, v.element, v.value, v.cell) for v in again.submission.values()] == [
            (v.org_unit, v.element, v.value, v.cell) for v in first.submission.values()]  # fmt: skip
    twice = annotate.annotated(again)
    assert parts(twice) == parts(annotate.annotated(examined(twice, annotate.file_name(name, "zh"), unit)))
    assert shown(opened(twice)) == shown(book)
    if name.endswith(".xlsx") and "styles" not in case:
        assert twice == marked, "byte for byte"


def shown(book):
    """Everything our marks are: colours, comments and words, sheet by sheet."""
    return {
        sheet.title: {cell.coordinate: (cell.value, colour(cell), cell.comment and cell.comment.text) for row in sheet.iter_rows() for cell in row}
        for sheet in book
    }  # fmt: skip


def test_corrected_in_another_program_the_old_marks_vanish_with_their_fills():
    data = real_looking(formulas=False, C4="约30", C6=-5)
    book = opened(annotate.annotated(examined(data)))  # openpyxl saves everything anew: other style numbers, other parts
    book[SHEET]["C6"] = 14.5
    corrected = examined(saved(book))
    assert [finding.place.cell for finding in corrected.findings if finding.severity == "blocks"] == []
    page = opened(annotate.annotated(corrected))[SHEET]
    assert colour(page["C6"]) == "FFFFF2CC" and page["C6"].comment is None
    assert colour(page["C4"]) == COLOURS["asks"]
    assert page["C4"].comment.text.count(SEPARATOR) == 1
    book = opened(annotate.annotated(corrected))
    book[SHEET]["C4"] = 12.5
    left = opened(annotate.annotated(examined(saved(book))))[SHEET]
    assert colour(left["C4"]) == "FFFFF2CC" and SEPARATOR not in left["C4"].comment.text and "旧批注" in left["C4"].comment.text


def test_a_workbook_without_findings_comes_back_without_marks():
    data = workbook()
    found = examined(data)
    marked = annotate.annotated(found)
    clean = journey.Examined(found.name, UNIT, OCTOBER, marked, None, examined(data).submission)
    clean.submission.findings.clear()
    book = opened(annotate.annotated(clean))
    assert book.sheetnames == [SHEET]
    assert not any(cell.comment or colour(cell) for row in book[SHEET].iter_rows() for cell in row)
    assert [cell.value for cell in book[SHEET][3]][:5] == ["序号", "村名", "经营性收入(万元)", "补助收入", "其他收入"]


def test_macros_stay_macros():
    data = real_looking(C4="约30")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts(data).items():
            if name == "[Content_Types].xml":
                part = part.replace(b"spreadsheetml.sheet.main+xml", b"x").replace(
                    b"application/vnd.openxmlformats-officedocument.x", b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
                )
            archive.writestr(name, part)
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macros")
    found = examined(out.getvalue(), "西谷乡.xlsm")
    assert annotate.file_name(found.name, "zh") == "西谷乡_标注.xlsm"
    after = parts(annotate.annotated(found))
    assert after["xl/vbaProject.bin"] == b"\xd0\xcf\x11\xe0 macros"
    assert b"macroEnabled" in after["[Content_Types].xml"]
    assert examined(annotate.annotated(found), "西谷乡_标注.xlsm").outcome == found.outcome


def test_names_that_look_like_formulas_or_html_stay_words():
    data = workbook(B4='=HYPERLINK("http://x")', B5="<b>大北</b>&\"'", B6="+1", C6="@cmd")
    found = examined(data)
    marked = annotate.annotated(found)
    assert said(examined(marked)) == said(found)
    book = opened(marked)
    for sheet in (book[SHEET], book["错误清单"]):
        for row in sheet.iter_rows():
            for cell in row:
                mine = sheet.title == "错误清单" or (isinstance(cell.value, str) and cell.value.startswith("【"))
                assert not mine or cell.data_type in ("s", "n", "inlineStr"), (sheet.title, cell.coordinate, cell.data_type)
    assert any("<b>大北</b>" in str(cell.value) for cell in book["错误清单"]["F"])


def test_english_marks_are_ours_too():
    found = examined(real_looking(C4="约30", C6=-5))
    marked = annotate.annotated(found, "en")
    book = opened(marked)
    assert "Findings" in book.sheetnames and book[SHEET]["C6"].comment.text.startswith(f"{SEPARATOR}\n[Error] ")
    assert said(examined(marked)) == said(found)
    assert "Findings" not in opened(annotate.annotated(examined(marked), "zh")).sheetnames


def test_a_clerks_own_column_with_our_heading_is_the_clerks():
    rows = grid(C4="约30")
    rows[2].append("错误说明")
    rows[5].append("已电话核实")
    book = reader.read(guard.admit(xlsx({SHEET: rows}), "a.xlsx"))
    assert marks.unmarked(book) is book
    found = examined(xlsx({SHEET: rows}))
    assert "unknown-column" in [finding.id for finding in found.findings]
    page = opened(annotate.annotated(found))[SHEET]
    assert page["F6"].value == "已电话核实" and page["G3"].value == "错误说明"


def test_an_existing_filter_and_table_are_respected():
    book = opened(workbook(C4="约30"))
    book[SHEET].auto_filter.ref = "B3:E12"
    marked = opened(annotate.annotated(examined(saved(book))))
    assert marked[SHEET].auto_filter.ref == "B3:F12"
    book = opened(workbook(C4="约30"))
    book[SHEET].add_table(openpyxl.worksheet.table.Table(displayName="T", ref="A3:E12"))
    marked = opened(annotate.annotated(examined(saved(book))))
    assert marked[SHEET].auto_filter.ref is None and list(marked[SHEET].tables) == ["T"]


def test_threaded_comments_are_left_alone():
    book = opened(workbook(C4="约30"))
    book[SHEET]["C4"].comment = Comment("[线程批注]", "tc={0001}")
    marked = opened(annotate.annotated(examined(saved(book))))[SHEET]
    assert marked["C4"].comment.text == "[线程批注]" and colour(marked["C4"]) == COLOURS["asks"]


def test_a_broken_style_sheet_is_left_alone_and_the_rest_is_marked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts(real_looking(C4="约30")).items():
            archive.writestr(name, b"<styleSheet><fills" if name == "xl/styles.xml" else part)
    found = examined(out.getvalue())
    after = parts(annotate.annotated(found))
    assert after["xl/styles.xml"] == b"<styleSheet><fills"
    assert "约30" in after["xl/comments1.xml"].decode() and "错误清单" in after["xl/workbook.xml"].decode()


def test_a_hostile_list_sheet_cannot_break_the_styles():
    book = opened(annotate.annotated(examined(workbook(C4="约30"))))
    for row in book["错误清单"].iter_rows(min_row=4):
        row[7].value = '{"type": "solid\\"/><x", "fgColor": {"rgb\\"": "<&"}}'
    found = examined(saved(book))
    page = opened(annotate.annotated(found))[SHEET]
    assert colour(page["C4"]) == COLOURS["asks"]


def test_a_file_that_was_refused_cannot_be_marked():
    with pytest.raises(Refusal, match="not-a-workbook"):
        annotate.annotated(examined(b"hello", "a.bin"))


def test_fonts_and_fills_of_marked_cells():
    book = opened(workbook(C4="约30"))
    cell = book[SHEET]["C4"]
    cell.font, cell.fill = Font(name="仿宋", bold=True, color="FF0000FF"), PatternFill("solid", fgColor="FFABCDEF")
    marked = opened(annotate.annotated(examined(saved(book))))[SHEET]["C4"]
    assert (marked.font.name, marked.font.bold, marked.font.color.rgb) == ("仿宋", True, "FF0000FF")


def test_the_command_writes_the_marked_file(tmp_path, monkeypatch, capsys):
    from townboard import cli

    monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path / "store"))
    assert cli.main(["init"]) == 0
    file, out = tmp_path / "西谷乡10月.xlsx", tmp_path / "out.xlsx"
    file.write_bytes(workbook(C4="约30", C6=-5))
    of = ["--unit", UNIT, "--period", "2022-10", "--out", str(out)]
    assert cli.main(["annotate", str(file), *of]) == 1
    assert opened(out.read_bytes())[SHEET]["C6"].comment.text.startswith(f"{SEPARATOR}\n【错误】")
    assert cli.main(["annotate", str(file), *of, "--language", "en"]) == 1
    assert "Findings" in opened(out.read_bytes()).sheetnames
    file.write_bytes(workbook())
    assert cli.main(["annotate", str(file), *of]) == 0
    out.unlink()
    file.write_bytes(b"hello")
    capsys.readouterr()
    assert cli.main(["annotate", str(file), *of]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "Traceback" not in error and not out.exists()
    checked = cli.main(["check", str(file), *of[:4], "--json"])
    assert checked == 2 and json.loads(capsys.readouterr().out)["outcome"] == "refused"
