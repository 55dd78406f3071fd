"""Headings of several levels, flattened: each column's path from the outermost heading to the leaf."""

from __future__ import annotations

from itertools import pairwise

from townboard.workbook.sheets import Sheet, raw_text


def paths(sheet: Sheet, top: int, bottom: int) -> dict[int, tuple[str, ...]]:
    """Column → the heading's texts from the outermost level to the leaf, for the header rows top to bottom.

    A merged text stands over its whole range. A blank cell under nothing of its own belongs to the nearest heading to the left
    that has sub-headings and is not bounded by a merged range.
    """
    texts: dict[tuple[int, int], str] = {}
    for row in range(top, bottom + 1):
        for column, cell in sheet.rows.get(row, {}).items():
            written = raw_text(cell).strip()
            if written:
                texts[row, column] = written
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    for merged in sheet.merges:
        if merged.bottom < top or merged.top > bottom:
            continue
        written = texts.get((merged.top, merged.left), "")
        for row in range(max(top, merged.top), min(bottom, merged.bottom) + 1):
            for column in range(merged.left, min(merged.right, 256) + 1):
                covered[row, column] = (merged.top, merged.left)
                if written:
                    texts[row, column] = written
    columns = sorted({column for _, column in texts})
    for row in range(top, bottom):
        for before, column in pairwise(columns):
            if (row, column) in texts or (row, column) in covered or (row, before) not in texts:
                continue
            below = any((deeper, column) in texts for deeper in range(row + 1, bottom + 1))
            own = (row - 1, column) not in texts or texts.get((row - 1, column)) == texts.get((row - 1, before))
            parent = (row, before) not in covered and any(
                (deeper, before) in texts and (deeper, before) not in covered for deeper in range(row + 1, bottom + 1)
            )
            if below and own and parent:
                texts[row, column] = texts[row, before]
    found: dict[int, tuple[str, ...]] = {}
    for column in columns:
        path: list[str] = []
        for row in range(top, bottom + 1):
            written = texts.get((row, column), "")
            if written and (not path or path[-1] != written or covered.get((row, column)) != covered.get((row - 1, column))):
                path.append(written)
        found[column] = tuple(path)
    return found
