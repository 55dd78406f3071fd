"""A document as a Word file, set as offices expect (GB/T 9704): title in 宋体 centred, parts in 黑体, units in 楷体, text in 仿宋 with two
letters' indent, the mark in every page's head, `— 1 —` in its foot. Nothing stands alone: a heading keeps to what it heads, a row is never torn.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from townboard.briefing.sheet import Block, Break, Chart, Heading, Sheet, Signed, Table, Words, printed
from townboard.text import Text

NO_PICTURE = Text(
    "(本机没有可用的浏览器,图未能生成,请以表格为准。)",
    "(No browser on this machine: the chart could not be drawn; the tables hold its figures.)",
)
NAME, PART, UNIT, BODY, LATIN = "宋体", "黑体", "楷体", "仿宋", "Times New Roman"
WIDE = 15.6
"""Centimetres between the margins of A4."""
MADE = datetime(2022, 1, 1)
WHOLE = 12
"""A table of at most so many rows is not divided between two pages."""
HEAD_FILL = "E2ECF0"
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def docx(sheet: Sheet, pictures: Sequence[bytes | None]) -> bytes:
    """The Word file. `pictures`: one for each of the sheet's charts, in order."""
    sheet, document = printed(sheet), Document()
    section, formal = document.sections[0], sheet.letters > 12
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    section.top_margin, section.bottom_margin = (
        (Cm(3.7), Cm(3.5)) if formal else (Cm(2), Cm(1.6)) if sheet.is_dense else (Cm(2.2), Cm(2.2))
    )
    _font(document.styles["Normal"], BODY, sheet.letters)
    document.core_properties.title, document.core_properties.created = sheet.title, MADE
    _line(section.header.paragraphs[0], sheet.mark, BODY, 9)
    _page_number(section.footer.paragraphs[0])
    _line(document.add_paragraph(), sheet.title, NAME, 18, bold=True, align=CENTRE, after=8)
    for under in sheet.under:
        _line(document.add_paragraph(), under, UNIT, sheet.letters - 2, align=CENTRE)
    drawn = iter(pictures)
    for number, (block, following) in enumerate(zip_longest(sheet.blocks, sheet.blocks[1:])):
        begins = number > 0 and isinstance(sheet.blocks[number - 1], Break)
        if not (isinstance(block, Break) and isinstance(following, Heading)):
            _block(document, block, sheet, drawn, keep=isinstance(following, Table | Signed), begins=begins)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _block(document: Any, block: Block, sheet: Sheet, drawn: Iterator[bytes | None], *, keep: bool, begins: bool) -> None:
    """One block; `keep` it with what follows. A heading that `begins` a page does so itself: a break's own line could stand alone on one."""
    if isinstance(block, Heading):
        _heading(document, block, sheet)
        document.paragraphs[-1].paragraph_format.page_break_before = begins
    elif isinstance(block, Words):
        paragraph = document.add_paragraph()
        _line(paragraph, block.words, BODY, 9 if block.small else sheet.letters, keep=keep)
        if not block.small:
            _running(paragraph, sheet)
    elif isinstance(block, Table):
        _table(document, block, keep, sheet)
    elif isinstance(block, Chart):
        _chart(document, block, next(drawn), sheet)
    elif isinstance(block, Signed):
        for number, words in enumerate(block.lines):
            paragraph = document.add_paragraph()
            _line(
                paragraph, words, BODY, sheet.letters, align=RIGHT, before=0 if number else 28, keep=number + 1 < len(block.lines)
            )
            paragraph.paragraph_format.right_indent = Pt(2 * sheet.letters)
    elif isinstance(block, Break):
        document.add_page_break()


def _font(style: Any, name: str, size: float) -> None:
    style.font.name, style.font.size = LATIN, Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _line(
    paragraph: Any, words: str, font: str, size: float, *, bold: bool = False, align: Any = None, before: float = 0,
    after: float = 4, keep: bool = False,
) -> None:  # fmt: skip
    """Words in a paragraph; `keep` it on the page of what follows."""
    run = paragraph.add_run(words)
    _font(run, font, size)
    run.font.bold, run.font.color.rgb = bold, RGBColor(0, 0, 0)
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.keep_with_next, form.widow_control = Pt(before), Pt(after), keep, True
    paragraph.alignment = align


def _heading(document: Any, block: Heading, sheet: Sheet) -> None:
    paragraph = document.add_heading(level=block.level)
    font, size = (PART, sheet.letters) if block.level == 1 else (UNIT, min(sheet.letters, 14))
    _line(paragraph, block.words, font, size, bold=sheet.language == "en" or block.level > 1, before=10, keep=True)


def _running(paragraph: Any, sheet: Sheet) -> None:
    """A paragraph of the text: two letters' indent in Chinese, lines evenly apart."""
    form = paragraph.paragraph_format
    form.line_spacing = Pt(28) if sheet.letters > 12 else Pt(1.4 * sheet.letters) if sheet.is_dense else 1.25
    if sheet.language == "zh":
        form.first_line_indent = Pt(2 * sheet.letters)


def _chart(document: Any, block: Chart, picture: bytes | None, sheet: Sheet) -> None:
    """Its sentence, the picture and its source, on one page."""
    _line(document.add_paragraph(), block.title, PART, min(12, sheet.letters), align=CENTRE, before=sheet.letters / 2, keep=True)
    if picture is None:
        _line(document.add_paragraph(), NO_PICTURE.say(sheet.language), BODY, 9, align=CENTRE, keep=True)
    else:
        document.add_picture(io.BytesIO(picture), width=Cm(WIDE * (0.92 if sheet.is_dense else 1)))
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    _line(document.add_paragraph(), block.source, BODY, min(9, sheet.letters - 2), align=CENTRE, after=sheet.letters / 2)


def _table(document: Any, block: Table, keep: bool, sheet: Sheet) -> None:
    """`keep` its end on the page of what follows: nobody signs an empty page."""
    rows = (block.heads, *block.rows)
    table = document.add_table(rows=len(rows), cols=len(block.heads))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, share in zip(table.columns, block.widths, strict=True):
        column.width = Cm(WIDE * share)
    _narrow(table)
    letters = 8 if sheet.is_dense else 10 if len(block.heads) < 5 else 9
    for number, (line, row) in enumerate(zip(table.rows, rows, strict=True)):
        last, across = number == len(rows) - 1, len(row) == 1
        together = keep if last else across or len(rows) <= WHOLE or number < 3 or number > len(rows) - 4
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        cells, shares = ([line.cells[0].merge(line.cells[-1])], [1.0]) if across else (line.cells, block.widths)
        for at, (cell, words, share) in enumerate(zip(cells, row, shares, strict=True)):
            cell.width, cell.vertical_alignment = Cm(WIDE * share), WD_CELL_VERTICAL_ALIGNMENT.CENTER
            align = CENTRE if number == 0 else RIGHT if at in block.numeric else None
            _line(
                cell.paragraphs[0], words, PART if number == 0 else BODY, letters, align=align, after=1, before=1, keep=together
            )
            if sheet.is_dense:
                cell.paragraphs[0].paragraph_format.line_spacing = Pt(1.25 * letters)  # so high in any font
            if number == 0:
                _filled(cell)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _line(document.add_paragraph(), "", BODY, 3 if sheet.is_dense else 6, after=0, keep=keep)


def _narrow(table: Any) -> None:
    """A millimetre beside the words of a cell, so that `100.0%(12/12)` stays on one line."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "57")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.append(margins)


def _filled(cell: Any) -> None:
    fill = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", HEAD_FILL)):
        fill.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(fill)


def _page_number(paragraph: Any) -> None:
    """`— 1 —` in the middle."""
    paragraph.alignment = CENTRE
    _font(paragraph.add_run("— "), NAME, 12)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    _font(paragraph.add_run(" —"), NAME, 12)
