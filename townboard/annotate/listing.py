"""The list sheet: every finding with its place, a link to its cell, what is wrong and how to put it right. It can be filtered.

A hidden column keeps the fill that each marked cell had, so that a marked workbook which comes back can be marked anew.
"""

from __future__ import annotations

from collections.abc import Mapping

from townboard.annotate import words
from townboard.annotate.grid import hyperlink
from townboard.annotate.package import HEAD, STRICT, USUAL
from townboard.annotate.styles import COLOURS, Styles
from townboard.annotate.tags import text
from townboard.findings import SEVERITIES, Finding
from townboard.marks import LIST_TITLE
from townboard.text import Language, Text
from townboard.workbook.sheets import Sheet, address

HEADS = (
    (Text("级别", "Severity"), 9.0), (Text("工作表", "Sheet"), 18.0), (Text("单元格", "Cell"), 9.0), (Text("行", "Row"), 16.0),
    (Text("数据项", "Element"), 22.0), (Text("问题", "What is wrong"), 62.0), (Text("怎样改", "How to fix it"), 56.0),
)  # fmt: skip
FIRST_ROW = 4
KEPT = len(HEADS) + 1
"""The hidden column with the fills."""

_SUMMARY = Text("错误 {blocks} 处,疑问 {asks} 处,提示 {notes} 处。点单元格可以跳到原处;改好后直接上传本文件即可。",
                "{blocks:error|errors}, {asks:question|questions}, {notes:note|notes}. Click a cell to go there; when corrected, upload this very file.")  # fmt: skip


def content(
    findings: list[Finding], sheets: Mapping[str, str], fills: Mapping[tuple[str, str], str], styles: Styles, language: Language,
    strict: bool,
) -> bytes:  # fmt: skip
    """The sheet's XML. `sheets`: name in the findings → name in the workbook; `fills`: (sheet in the workbook, cell) → fill before."""
    plain, wrapped, head = styles.own(), styles.own(wrap=True), styles.own(bold=True)
    link, grey = styles.own(link=True), styles.own(grey=True)
    shade = {severity: styles.marked(plain, severity) if styles.usable else plain for severity in COLOURS}
    counted = {severity: sum(finding.severity == severity for finding in findings) for severity in SEVERITIES}
    rows = [_row(1, [(1, LIST_TITLE.say(language), head)]), _row(2, [(1, _SUMMARY.fill(**counted).say(language), grey)]),
            _row(3, [(at, label.say(language), head) for at, (label, _) in enumerate(HEADS, 1)])]  # fmt: skip
    links = []
    kept: set[tuple[str, str]] = set()
    for number, finding in enumerate(findings, FIRST_ROW):
        place = finding.place
        sheet = sheets.get(place.sheet, place.sheet)
        said = [
            (1, SEVERITIES[finding.severity].say(language), shade[finding.severity]), (2, sheet, plain), (3, place.cell, link),
            (4, place.row_name, plain), (5, place.label.say(language), plain),
            (6, words.problem(finding, language), wrapped), (7, words.remedy(finding, language), wrapped),
        ]  # fmt: skip
        if (sheet, place.cell) in fills and (sheet, place.cell) not in kept:
            kept.add((sheet, place.cell))
            said.append((KEPT, fills[sheet, place.cell], plain))
        rows.append(_row(number, said))
        if sheet in sheets.values():
            links.append(f"<{hyperlink(address(number, 3), sheet, place.cell)}/>")
    return _worksheet(rows, links, FIRST_ROW + len(findings) - 1, strict)


def _row(number: int, said: list[tuple[int, str, int]]) -> str:
    cells = "".join(
        f'<c r="{address(number, at)}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text(what)}</t></is></c>'
        for at, what, style in said
        if what
    )
    return f'<row r="{number}">{cells}</row>'


def _worksheet(rows: list[str], links: list[str], last: int, strict: bool) -> bytes:
    space = f"{STRICT}/spreadsheetml/main" if strict else f"{USUAL}/spreadsheetml/2006/main"
    columns = "".join(f'<col min="{at}" max="{at}" width="{width:g}" customWidth="1"/>' for at, (_, width) in enumerate(HEADS, 1))
    columns += f'<col min="{KEPT}" max="{KEPT}" width="9" hidden="1" customWidth="1"/>'
    end = address(max(last, FIRST_ROW - 1), len(HEADS))
    hyperlinks = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        f'{HEAD}<worksheet xmlns="{space}"><sheetPr><tabColor rgb="FFC0392B"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{FIRST_ROW - 1}" topLeftCell="A{FIRST_ROW}" activePane="bottomLeft" state="frozen"/>'
        f'</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>{"".join(rows)}</sheetData>'
        f'<autoFilter ref="A{FIRST_ROW - 1}:{end}"/>{hyperlinks}<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()


def kept_fills(sheet: Sheet) -> dict[tuple[str, str], str]:
    """(sheet, cell) → the fill it had, from the hidden column of a list sheet that came back."""
    found = {}
    for row, cells in sheet.rows.items():
        name, cell, fill = (cells.get(column) for column in (2, 3, KEPT))
        if row >= FIRST_ROW and name is not None and cell is not None and fill is not None:
            found[str(name.value), str(cell.value)] = str(fill.value)
    return found
