"""The clerk's own workbook back, with every finding marked: on its cell, in a column beside its row, and on a list sheet.

The package is patched, never loaded and saved: styles, formulas with their results, drawings, macros and comments stay. What is ours is
told by `marks` and taken out before a workbook is marked anew. For .xls and .csv a plain .xlsx is made from the cells first.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from townboard import apart, guard, workbook
from townboard.annotate import fresh, listing, marking
from townboard.annotate.package import Package, sheet_name
from townboard.annotate.styles import Styles
from townboard.findings import SEVERITIES
from townboard.marks import LIST_SHEET
from townboard.text import Language, Text

if TYPE_CHECKING:
    from townboard.catalogue import Catalogue
    from townboard.journey import Examined
    from townboard.submission import Submission

_SUFFIX = Text("_标注", "_marked")
_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MIME_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.12"


def file_name(name: str, language: Language) -> str:
    """`清源镇10月_标注.xlsx`; an .xlsm stays one."""
    path = PurePosixPath(name.replace("\\", "/"))
    stem = path.stem
    for suffix in _SUFFIX:
        stem = stem.removesuffix(suffix)
    ending = ".xlsm" if path.suffix.lower() == ".xlsm" else ".xlsx"
    return f"{stem}{_SUFFIX.say(language)}{ending}"


def mime(name: str) -> str:
    """The media type of a marked file."""
    return _MIME_MACROS if name.endswith(".xlsm") else _MIME


def annotated(examined: Examined, language: Language = "zh") -> bytes:
    """The examined workbook with its open findings marked; raises the Refusal of one that could not be taken.

    A marked workbook comes out with the same marks; one without findings comes out without any.
    """
    if examined.refusal is not None or examined.submission is None:
        raise examined.refusal or ValueError("a workbook that was not examined")
    return apart.made(mark, examined.data, examined.name, submission=examined.submission, language=language)


def mark(_: Catalogue, data: bytes, name: str, submission: Submission, language: Language) -> bytes:
    """The job of `annotated`, done apart: a workbook's bytes with the findings of its submission marked."""
    admitted = guard.admit(data, name)
    book = workbook.read(admitted)
    names = {sheet.name: sheet.name for sheet in book.sheets}
    if admitted.format in ("xls", "csv"):
        made, names = fresh.written(book)
        package = Package(made)
    else:
        package = Package(data)
    styles_part = next((found.part for found in package.related(package.main) if found.type == "styles"), "")
    styles = Styles(package.read(styles_part)) if package.has(styles_part) else fresh.bare_styles()
    marking.erase(package, book, styles)
    findings = sorted(submission.findings, key=lambda finding: list(SEVERITIES).index(finding.severity))
    if findings:
        fills = marking.mark(package, book, names, submission, findings, styles, language)
        there = {old: new for old, new in names.items() if any(sheet.name == new for sheet in package.sheets())}
        content = listing.content(findings, there, fills, styles, language, package.is_strict)
        package.add_sheet(sheet_name(LIST_SHEET.say(language), [sheet.name for sheet in package.sheets()]), content)
    if not styles_part:
        styles_part = fresh.add_styles(package)
    package.write(styles_part, styles.to_bytes())
    return package.to_bytes()
