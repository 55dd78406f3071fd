"""Marking the sheets of a package, and taking earlier marks off: fills, comments, and the column beside the rows."""

from __future__ import annotations

from collections.abc import Mapping

from townboard.annotate import listing, notes, words
from townboard.annotate.grid import Grid
from townboard.annotate.package import Package
from townboard.annotate.styles import NO_FILL, Styles
from townboard.findings import SEVERITIES, Finding
from townboard.marks import HEADING, LIST_SHEET, column_of, is_list, unmarked
from townboard.submission import SheetReading, Submission
from townboard.text import Language
from townboard.workbook.sheets import MAX_COLUMNS, Book, Sheet, address, letters, place_of

WIDTH = 64.0
_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def erase(package: Package, book: Book, styles: Styles) -> None:
    """Take off what an earlier marking left: the list sheet, our column, our fills, our comments."""
    fills: dict[tuple[str, str], str] = {}
    for sheet in book.sheets:
        if is_list(sheet):
            fills |= listing.kept_fills(sheet)
    by_name = {sheet.name: sheet for sheet in book.sheets}
    for listed in package.sheets():
        known = by_name.get(listed.name)
        if known is None:
            continue
        if is_list(known) or (known.hidden and known.name in LIST_SHEET):
            package.remove_sheet(listed.part)
            continue
        if not known.hidden:
            _erase_from(package, listed.part, known, fills, styles)


def _erase_from(package: Package, part: str, sheet: Sheet, fills: Mapping[tuple[str, str], str], styles: Styles) -> None:
    grid = Grid(package.read(part))
    written = grid.styles()
    ours = {style for style in set(written.values()) if styles.usable and styles.severity(style)}
    column = column_of(sheet)
    for (row, at), style in written.items():
        if column is not None and at == column[1] and row >= column[0]:
            grid.erase(row, at)
        elif style in ours:
            grid.restyle(row, at, styles.restored(style, fills.get((sheet.name, address(row, at)), NO_FILL)))
    package.write(part, grid.to_bytes())
    notes.erase(package, part)


def mark(
    package: Package, book: Book, names: Mapping[str, str], submission: Submission, findings: list[Finding], styles: Styles,
    language: Language,
) -> dict[tuple[str, str], str]:  # fmt: skip
    """Mark every finding on its sheet; gives the fill that each marked cell had: (sheet, cell) → fill.

    `names`: sheet in the findings → sheet in the package (they differ where a .csv got a sheet name).
    """
    clean = {sheet.name: sheet for sheet in unmarked(book).sheets}
    parts = {sheet.name: sheet.part for sheet in package.sheets()}
    fills: dict[tuple[str, str], str] = {}
    for name, sheet in clean.items():
        here = [finding for finding in findings if finding.place.sheet == name]
        part = parts.get(names.get(name, name))
        if here and part is not None:
            readings = [reading for reading in submission.sheets if reading.sheet == name and not reading.is_harvested]
            before = _mark_sheet(package, part, sheet, readings, here, styles, language)
            fills |= {(names.get(name, name), cell): fill for cell, fill in before.items()}
    return fills


def _mark_sheet(
    package: Package, part: str, sheet: Sheet, readings: list[SheetReading], findings: list[Finding], styles: Styles,
    language: Language,
) -> dict[str, str]:  # fmt: skip
    grid = Grid(package.read(part))
    at: dict[tuple[int, int], list[Finding]] = {}
    for finding in findings:
        if finding.place.cell:
            at.setdefault(_anchor(sheet, *place_of(finding.place.cell)), []).append(finding)
    comments = {place: words.lines(found, language, "\n") for place, found in at.items()}
    fills: dict[str, str] = {}
    for (row, column), found in at.items():
        style = grid.style(row, column)
        fills[address(row, column)] = styles.fill(style) if styles.usable else NO_FILL
        if styles.usable:
            worst = min((finding.severity for finding in found), key=_RANK.__getitem__)
            grid.restyle(row, column, styles.marked(style, worst))
    heading = _column(grid, sheet, readings, at, styles, language)
    elsewhere = [finding for finding in findings if not finding.place.cell]
    if elsewhere and heading is not None:
        comments[heading] = words.lines(elsewhere, language, "\n")
    drawing = grid.child("legacyDrawing")
    if comments:
        id = notes.add(package, part, comments, drawing is not None)
        if id:
            grid.hang("legacyDrawing", f'{_relation_prefix(grid, package)}id="{id}"')
    package.write(part, grid.to_bytes())
    return fills


def _anchor(sheet: Sheet, row: int, column: int) -> tuple[int, int]:
    """The cell that shows what stands at a place: the first one of a merged range."""
    merged = sheet.merge_at(row, column)
    return (merged.top, merged.left) if merged is not None else (row, column)


def _relation_prefix(grid: Grid, package: Package) -> str:
    """`r:` where the sheet knows the prefix, else the prefix and its declaration in front of it."""
    space = package.relation_space
    return "r:" if grid.declares(f'xmlns:r="{space}"') else f'xmlns:r="{space}" r:'


def _column(
    grid: Grid, sheet: Sheet, readings: list[SheetReading], at: Mapping[tuple[int, int], list[Finding]], styles: Styles,
    language: Language,
) -> tuple[int, int] | None:  # fmt: skip
    """Write our column beside the rows and let it be filtered; gives the place of its heading, None where it found no room."""
    heading = _heading_row(readings)
    if heading is None:
        return None
    by_row: dict[int, list[Finding]] = {}
    for (row, _), found in sorted(at.items()):
        if row > heading:
            by_row.setdefault(row, []).extend(found)
    last = max([*by_row, *(row.number for reading in readings for row in reading.rows), heading])
    column = 1 + max(
        [max(cells) for row, cells in sheet.rows.items() if heading <= row <= last]
        + [merged.right for merged in sheet.merges if merged.bottom >= heading and merged.top <= last]
        + [1]
    )
    if column > MAX_COLUMNS or not by_row:
        return None
    plain, head = styles.own(wrap=True), styles.own(bold=True)
    grid.write(heading, column, HEADING.say(language), head)
    for row, found in by_row.items():
        grid.write(row, column, words.lines(sorted(found, key=lambda finding: _RANK[finding.severity]), language, " "), plain)
    grid.widen(column, WIDTH)
    if not grid.has_table:
        known = grid.filtered
        if known is None:
            first = min((min(cells) for row, cells in sheet.rows.items() if heading < row <= last), default=1)
            grid.filter(f"{letters(first)}{heading}:{letters(column)}{last}")
        elif known.right < column:
            grid.filter(f"{letters(known.left)}{known.top}:{letters(column)}{known.bottom}")
    return heading, column


def _heading_row(readings: list[SheetReading]) -> int | None:
    """The row our heading stands in: the last header row; above the first line of a form without one."""
    for reading in readings:
        if reading.header_rows:
            return reading.header_rows[-1]
        cells = [place_of(cell)[0] for cell in reading.columns.values() if cell[-1:].isdigit()]
        if cells and min(cells) > 1:
            return min(cells) - 1
    return None
