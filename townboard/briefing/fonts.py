"""Which font with simplified Chinese this machine has, and the part of it that a PDF carries along (Word brings the reader's own).

Noto's outlines are cubic (CFF). Embedded like that, several readers of PDF find no text in the file; the few glyphs a document needs are
turned into TrueType outlines, which every reader knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable

from townboard.text import Text

FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "C:/Windows/Fonts", "/System/Library/Fonts")
FILES = (
    ("NotoSansCJK-Regular.ttc", 2), ("NotoSansSC-Regular.otf", 0), ("SourceHanSansSC-Regular.otf", 0), ("SourceHanSansCN-Regular.otf", 0),
    ("NotoSerifCJK-Regular.ttc", 2), ("wqy-zenhei.ttc", 0), ("wqy-microhei.ttc", 0), ("simfang.ttf", 0), ("msyh.ttc", 0), ("simsun.ttc", 0),
)  # fmt: skip
"""Font files, best first, and which font of a collection has the simplified forms."""
NO_FONT = Text("本机没有中文字体,不能生成 PDF。请管理员安装 Noto Sans CJK(fonts-noto-cjk),或下载 Word 版。",
               "No Chinese font is installed here, so no PDF can be made. Install Noto Sans CJK (fonts-noto-cjk), or take the Word file.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Font:
    """A font file, and which font in it."""

    path: Path
    number: int


class NoFontError(Exception):
    """No Chinese font is installed; the message is `NO_FONT`."""


@lru_cache(maxsize=1)
def font() -> Font | None:
    """The best font with simplified Chinese of this machine, or None."""
    for name, number in FILES:
        for folder in FOLDERS:
            found = next(Path(folder).expanduser().rglob(name), None)
            if found is not None:
                return Font(found, number)
    return None


def cut(chosen: Font, letters: Iterable[str], to: Path) -> None:
    """Write a TrueType font with just these letters."""
    font = TTFont(chosen.path, fontNumber=chosen.number, lazy=True)
    options = Options(
        layout_features=[],
        name_IDs=[0, 1, 2, 4, 6],
        notdef_outline=True,
        drop_tables=["VORG", "vhea", "vmtx", "BASE", "GPOS", "GSUB"],
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes={ord(letter) for letter in letters})
    subsetter.subset(font)
    if "CFF " in font:
        _quadratic(font)
    font.save(to)


def _quadratic(font: TTFont) -> None:
    """The font's outlines as TrueType's quadratic ones, at most half a unit in a thousand away."""
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    drawn = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, 0.5, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, drawn
    font["maxp"].tableVersion = 0x00010000
    font["maxp"].maxZones = 1
    for unused in (
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
    ):
        setattr(font["maxp"], unused, 0)
    font["maxp"].maxComponentElements = 0
    font["post"].formatType, font["post"].extraNames, font["post"].mapping, font["post"].glyphOrder = 2.0, [], {}, order
    del font["CFF "]
    font.sfntVersion = "\000\001\000\000"
