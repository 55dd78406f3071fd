"""A document as a Word file: Chinese in 仿宋/黑体 as offices expect, the mark in every page's head, page numbers in its foot."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from townboard.briefing.sheet import Break, Chart, Heading, Sheet, Table, Words
from townboard.text import Text

NO_PICTURE = Text(
    "(本机没有可用的浏览器,图未能生成,请以表格为准。)",
    "(No browser on this machine: the chart could not be drawn; the tables hold its figures.)",
)
BODY, TITLE, LATIN = "仿宋", "黑体", "Times New Roman"
WIDE = 16.0
"""Centimetres between the margins of A4."""
MADE = datetime(2022, 1, 1)


def docx(sheet: Sheet, pictures: Sequence[bytes | None]) -> bytes:
    """The Word file. `pictures`: one for each of the sheet's charts, in order."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.2)
    _font(document.styles["Normal"], BODY, 12)
    document.core_properties.title, document.core_properties.created = sheet.title, MADE
    _line(section.header.paragraphs[0], sheet.mark, TITLE, 9)
    _page_number(section.footer.paragraphs[0])
    _line(document.add_paragraph(), sheet.title, TITLE, 18, bold=True, centred=True)
    for under in sheet.under:
        _line(document.add_paragraph(), under, BODY, 11, centred=True)
    drawn = iter(pictures)
    for block in sheet.blocks:
        if isinstance(block, Heading):
            heading = document.add_heading(level=block.level)
            _line(heading, block.words, TITLE, 15 if block.level == 1 else 12, bold=True)
        elif isinstance(block, Words):
            _line(document.add_paragraph(), block.words, BODY, 9 if block.small else 12)
        elif isinstance(block, Table):
            _table(document, block)
        elif isinstance(block, Chart):
            _line(document.add_paragraph(), block.title, TITLE, 11)
            picture = next(drawn)
            if picture is None:
                _line(document.add_paragraph(), NO_PICTURE.say(sheet.language), BODY, 9)
            else:
                document.add_picture(io.BytesIO(picture), width=Cm(WIDE))
            _line(document.add_paragraph(), block.source, BODY, 9)
        elif isinstance(block, Break):
            document.add_page_break()  # type: ignore[no-untyped-call]
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _font(style: Any, name: str, size: float) -> None:
    style.font.name, style.font.size = LATIN, Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _line(
    paragraph: Any, words: str, font: str, size: float, *, bold: bool = False, centred: bool = False, right: bool = False
) -> None:
    run = paragraph.add_run(words)
    _font(run, font, size)
    run.font.bold = bold
    run.font.color.rgb = None
    paragraph.paragraph_format.space_after = Pt(4)
    if centred or right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.RIGHT


def _table(document: Any, block: Table) -> None:
    table = document.add_table(rows=1 + len(block.rows), cols=len(block.heads))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for number, row in enumerate((block.heads, *block.rows)):
        for at, (words, share) in enumerate(zip(row, block.widths, strict=True)):
            cell = table.cell(number, at)
            cell.width = Cm(WIDE * share)
            _line(
                cell.paragraphs[0],
                words,
                TITLE if number == 0 else BODY,
                9,
                bold=number == 0,
                right=at in block.numeric and number > 0,
            )
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
