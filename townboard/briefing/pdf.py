"""A document as PDF on A4, with the glyphs it uses of a Chinese font of this machine embedded, so that it reads the same everywhere."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from string import printable
from tempfile import TemporaryDirectory

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, WrapMode, XPos, YPos
from fpdf.fonts import FontFace

from townboard.briefing.fonts import NO_FONT, Font, NoFontError, cut, font
from townboard.briefing.sheet import Block, Break, Chart, Heading, Sheet, Signed, Table, Words, printed
from townboard.briefing.word import MADE, NO_PICTURE, WHOLE

PADDING, CHART = 0.8, 0.92
"""Millimetres around a table's cell, and a chart's part of the page's width: the brief's two charts share its first page."""
SIGNATURE = 50
"""Millimetres that the lines of a signature take, tables with cells of two lines considered."""
TORN = 20
"""Millimetres: a lower paragraph is not divided between two pages."""
LETTERS = frozenset(printable.strip()) | {" "}
_OPENING, _CLOSING = "(\uff08\u300a\u201c", "),.;:\uff0c\u3002\uff1b\uff1a\u3001\uff01\uff1f\uff09\u300b\u201d"
_PARTS = re.compile(rf"\n| *[{_OPENING}]*(?:\([!-~]*\)|[!-'*-~]+|[^\n])[{_CLOSING}]*")
"""What stands together in a line: brackets, a number or Latin word, a Chinese letter, each with the signs that
open before it and close behind it."""
INK, PALE, LINE = (31, 41, 51), (226, 236, 240), (150, 160, 170)


class _Pages(FPDF):
    """A4 pages with the mark above and the page's number below."""

    def __init__(self, sheet: Sheet, chosen: Font) -> None:
        super().__init__(format="A4")
        self.mark = sheet.mark
        self.set_margins(22, 20, 22)
        self.set_auto_page_break(True, margin=18)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "cjk.ttf"
            cut(chosen, {*"".join(sheet.lines()), *NO_PICTURE.say(sheet.language), *LETTERS}, path)
            self.add_font("cjk", "", path)
        self.set_title(sheet.title)
        self.set_lang("zh-CN" if sheet.language == "zh" else "en")
        self.set_creation_date(MADE.replace(tzinfo=UTC))
        self.set_text_color(*INK)

    def header(self) -> None:
        """The mark."""
        self.set_font("cjk", size=8)
        self.set_y(9)
        self.cell(0, 5, self.mark, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_y(18)

    def footer(self) -> None:
        """The page's number."""
        self.set_y(-12)
        self.set_font("cjk", size=8)
        self.cell(0, 5, str(self.page_no()), align="C")


def pdf(sheet: Sheet, pictures: Sequence[bytes | None]) -> bytes:
    """The PDF. `pictures`: one for each of the sheet's charts, in order. Raises NoFontError on a machine without a Chinese font."""
    chosen = font()
    if chosen is None:
        raise NoFontError(NO_FONT.en)
    sheet = printed(sheet)
    pages, drawn = _Pages(sheet, chosen), iter(pictures)
    pages.add_page()
    _words(pages, sheet.title, 17, align="C", after=2)
    for under in sheet.under:
        _words(pages, under, 10.5, align="C", after=1)
    for number, block in enumerate(sheet.blocks):
        if isinstance(block, Heading):
            pages.ln(2)
            if pages.will_page_break(12 + _room(pages, sheet.blocks[number + 1 :])):
                pages.add_page()
            _words(pages, block.words, 14 if block.level == 1 else 11.5, after=1.5)
        elif isinstance(block, Words):
            _words(pages, block.words, 8.5 if block.small else 9.5 if sheet.is_dense else 10.5, after=1.5)
        elif isinstance(block, Table):
            _table(pages, block, sheet)
        elif isinstance(block, Chart):
            _chart(pages, block, next(drawn), sheet)
        elif isinstance(block, Signed):
            pages.ln(8)
            for words in block.lines:
                _words(pages, words, 10.5, align="R")
        elif isinstance(block, Break):
            pages.add_page()
    return bytes(pages.output())


def _room(pages: FPDF, after: Sequence[Block]) -> float:
    """Millimetres that a heading needs below it: a short table is not torn from it, nor what is signed from the signature."""
    body = [block for block in after[:4] if not isinstance(block, Words)]
    if body and isinstance(body[0], Table) and len(body[0].rows) <= WHOLE:
        end = SIGNATURE if any(isinstance(block, Signed) for block in body[1:2]) else 0
        return 10 + 6.2 * (1 + len(body[0].rows)) + end
    return 24


def _words(pages: FPDF, words: str, size: float, *, align: str = "L", after: float = 1.0) -> None:
    pages.set_font("cjk", size=size)
    lines = _lines(pages, words, pages.epw)
    high = (lines.count("\n") + 1) * size * 0.58
    if high < TORN and pages.will_page_break(high):
        pages.add_page()
    pages.multi_cell(0, size * 0.58, lines, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT, wrapmode=WrapMode.CHAR)
    pages.ln(after)


def _lines(pages: FPDF, words: str, width: float) -> str:
    """The words in lines of a width in millimetres: a number or a Latin word is not cut, and no line begins with a sign that closes.

    The font's size is the pages' present one; what is longer than a line is left to the page.
    """
    room, lines = width - 2 * pages.c_margin, [""]
    for part in _PARTS.findall(words):
        if part == "\n":
            lines.append("")
        elif not lines[-1] or pages.get_string_width((lines[-1] + part).rstrip()) <= room:
            lines[-1] += part
        else:
            lines.append(part.lstrip())
    return "\n".join(line.rstrip() for line in lines)


def _table(pages: FPDF, block: Table, sheet: Sheet) -> None:
    pages.set_font("cjk", size=8 if sheet.is_dense else 8.5)
    pages.set_draw_color(*LINE)
    widths = [share * pages.epw - 2 * PADDING for share in block.widths]
    align = ["RIGHT" if at in block.numeric else "LEFT" for at in range(len(block.heads))]
    with pages.table(
        col_widths=tuple(share * 100 for share in block.widths), text_align=tuple(align), line_height=3.9 if sheet.is_dense else 4.6, padding=PADDING,
        borders_layout=TableBordersLayout.ALL, headings_style=FontFace(fill_color=PALE, emphasis=None),
        wrapmode=WrapMode.CHAR,
    ) as table:  # fmt: skip
        for row in (block.heads, *block.rows):
            if len(row) == 1:
                table.row().cell(_lines(pages, row[0], pages.epw - 2 * PADDING), colspan=len(widths), align="LEFT")
            else:
                table.row([_lines(pages, cell, width) for cell, width in zip(row, widths, strict=True)])
    pages.ln(1.5)


def _chart(pages: FPDF, chart: Chart, picture: bytes | None, sheet: Sheet) -> None:
    if picture is None:
        _words(pages, chart.title, 10)
        _words(pages, NO_PICTURE.say(sheet.language), 8.5)
        return
    wide, high = int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")  # a PNG says its size there
    width = pages.epw * CHART
    if pages.will_page_break(16 + width * high / wide):
        pages.add_page()
    _words(pages, chart.title, 10)
    pages.image(io.BytesIO(picture), x=pages.l_margin + (pages.epw - width) / 2, w=width, alt_text=chart.title)
    _words(pages, chart.source, 8.5)
