"""The office's registers as workbooks: goals (`target_sheets`), last year's income, baselines, denominators, grids, assigned matters, closed villages.

Two layouts are read, in every format a workbook may have:

* long: columns 数据集/data_set, 指标项/element, 单位代码/org_unit (code or name), 值/value, and where they matter 起始月/since and
  依据/reason;
* wide: a sheet named by its data set, first column code or name, further columns labels of elements, and 起始月/since.

起始月 is the month from which a closing or a number of assigned matters counts, or a month of the year that last year's income is compared with (2022-06, a date);
without it the month of the import.

Every mistake is said in one pass, with its row; a file with any mistake gives no rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from townboard import apart
from townboard.catalogue import Catalogue, DataSet, Element, Target
from townboard.findings import Refusal
from townboard.store import target_sheets
from townboard.store.history import MATTERS, is_of_a_year
from townboard.store.office import RegisterRow
from townboard.text import Text, same
from townboard.workbook.sheets import MAX_ROWS

CLOSED = Text("已销号", "Closed")
BURDEN_CATALOGUE = {
    "duties_catalogue": Text("工作事务目录数", "Duties in the catalogue"),
    "signs_catalogue": Text("牌子目录数", "Signs in the catalogue"),
    "certificates_catalogue": Text("证明事项目录数", "Certificates in the catalogue"),
    "forms_catalogue": Text("报表台账目录数", "Forms in the catalogue"),
}
"""Registers that are no elements of a form, kept at the county."""

_HEADS = {"数据集": "data_set", "指标项": "element", "单位代码": "org_unit", "单位": "org_unit", "值": "value", "数值": "value",
          "起始月": "since", "生效月份": "since", "销号月份": "since", "日期": "since", "依据": "reason", "原因": "reason"}  # fmt: skip
_MONTH = re.compile(r"(20\d\d)[-./年](\d{1,2})(?:月?|[-./月]\d{1,2}日?(?: 00:00:00)?)\Z")

__all__ = ["RegisterError", "RegisterRow", "read"]

Grid = list[tuple[Any, ...]]


class RegisterError(Exception):
    """A register that cannot be taken; `mistakes` lists every one, with its row, in both languages."""

    def __init__(self, mistakes: Sequence[Text]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(mistake.en for mistake in self.mistakes))


def read(data: bytes, catalogue: Catalogue, name: str = "register.csv") -> tuple[list[RegisterRow], list[Target]]:
    """The values and the goals of a register workbook; raises RegisterError with all mistakes."""
    found: list[RegisterRow] = []
    goals: list[Target] = []
    mistakes: list[Text] = []
    for title, grid in _grids(data, name):
        heads = [str(cell or "").strip() for cell in grid[0]] if grid else []
        columns = {_HEADS.get(head, head): place for place, head in enumerate(heads) if head}
        reader: Iterator[RegisterRow | Target | Text]
        at = target_sheets.columns_of(heads)
        if at is not None:
            reader = target_sheets.read(grid, at, catalogue)
        elif {"data_set", "element", "org_unit", "value"} <= columns.keys():
            reader = _long(grid, columns, catalogue)
        else:
            reader = _wide(title, grid, heads, catalogue)
        for entry in reader:
            if isinstance(entry, RegisterRow):
                found.append(entry)
            elif isinstance(entry, Target):
                goals.append(entry)
            else:
                mistakes.append(entry)
    seen: dict[tuple[str, str, str, date | None], RegisterRow] = {}
    for row in found:
        earlier = seen.setdefault((row.data_set, row.element, row.org_unit, row.since), row)
        if earlier.value != row.value:
            what = same(f"{row.data_set} {row.element} {row.org_unit}")
            mistakes.append(Text("{what} 出现两次且数值不同", "{what} stands twice with different values").fill(what=what))
    if not found and not goals and not mistakes:
        mistakes.append(Text("文件里没有名录数据", "The file holds no register values"))
    if mistakes:
        raise RegisterError(mistakes)
    return list(seen.values()), goals


def _grids(data: bytes, name: str) -> Iterator[tuple[str, Grid]]:
    """The visible sheets, through the same guard and reader as a clerk's workbook."""
    try:
        book = apart.read(data, name)
    except Refusal as refusal:
        said = Text(f"{refusal.message.zh}。{refusal.remedy.zh}", f"{refusal.message.en}. {refusal.remedy.en}")
        raise RegisterError([said]) from refusal
    for sheet in book.sheets:
        if sheet.rows and not sheet.hidden:
            last = max(sheet.rows)
            if last > MAX_ROWS:
                said = Text(
                    f"工作表“{sheet.name}”第 {last} 行还有内容,请删去多余的行",
                    f"Sheet {sheet.name!r} has something in row {last}: delete it",
                )
                raise RegisterError([said])
            width = max(max(row) for row in sheet.rows.values())
            rows = [sheet.rows.get(number, {}) for number in range(1, last + 1)]
            yield sheet.name, [tuple(row[n].value if n in row else None for n in range(1, width + 1)) for row in rows]


def _long(grid: Grid, columns: dict[str, int], catalogue: Catalogue) -> Iterator[RegisterRow | Text]:
    for number, cells in enumerate(grid[1:], 2):
        cell = {key: cells[place] if place < len(cells) else None for key, place in columns.items()}
        if all(value in (None, "") for value in cell.values()):
            continue
        data_set = _named(str(cell["data_set"] or ""), catalogue.data_sets)
        if data_set is None:
            yield _unknown(number, "数据集", "data set", cell["data_set"], [known.code for known in catalogue])
            continue
        yield _row(
            number,
            data_set,
            str(cell["element"] or "").strip(),
            cell["org_unit"],
            cell["value"],
            catalogue,
            cell.get("since"),
            str(cell.get("reason") or "").strip(),
        )


def _wide(name: str, grid: Grid, heads: list[str], catalogue: Catalogue) -> Iterator[RegisterRow | Text]:
    data_set = _named(name, catalogue.data_sets)
    if data_set is None:
        if any(heads):
            yield Text(
                f"工作表“{name}”不是数据集的名称,表头也不是 数据集/指标项/单位代码/值",
                f"Sheet {name!r} is not called after a data set, and its heads are not data_set, element, org_unit, value",
            )
        return
    dated = next((place for place, head in enumerate(heads) if _HEADS.get(head, head) == "since"), None)
    for number, cells in enumerate(grid[1:], 2):
        for place, head in enumerate(heads[1:], 1):
            value = cells[place] if place < len(cells) else None
            if head and value not in (None, "") and place != dated:
                yield _row(number, data_set, head, cells[0], value, catalogue, cells[dated] if dated is not None else None)


def _named(word: str, data_sets: Iterable[DataSet]) -> DataSet | None:
    word = word.strip()
    return next((found for found in data_sets if word in (found.code, found.sheet, *found.label.forms)), None)


def _unknown(number: int, zh: str, en: str, given: object, known: Sequence[str]) -> Text:
    near = get_close_matches(str(given), known, n=3)
    hint = Text(f",是否为 {'、'.join(near)}", f"; did you mean {', '.join(near)}?") if near else Text("", "")
    if not near and len(known) <= 20:
        hint = Text(f",可用:{'、'.join(known)}", f"; expected one of {', '.join(known)}")
    return Text(f"第{number}行:没有{zh}“{given}”{hint.zh}", f"Row {number}: unknown {en} {str(given)!r}{hint.en}")


def _row(
    number: int,
    data_set: DataSet,
    word: str,
    place: object,
    value: object,
    catalogue: Catalogue,
    since: object,
    reason: str = "",
) -> RegisterRow | Text:
    """One register value, or what is wrong with it."""
    extra = _beside_elements(data_set, word)
    element = next((found for found in data_set.elements if word in (found.code, *found.label.forms, *found.aliases)), None)
    if extra is None and (element is None or element.fill != "prefilled"):
        kept = [found.code for found in data_set.elements if found.fill == "prefilled"]
        return _unknown(number, "名录指标项", "register element", word, kept)
    org_unit = _place(str(place or "").strip(), data_set, extra, catalogue)
    if org_unit is None:
        near = [unit.label.zh for unit in catalogue.org_units]
        return _unknown(number, "单位", "org unit", place, near)
    given = _value(element, value)
    if given is None:
        return Text(f"第{number}行:“{value}”不能作为{word}的值", f"Row {number}: {value!r} is not a value of {word}")
    day = month_of(since)
    if day is None and since not in (None, ""):
        return Text(f"第{number}行:起始月“{since}”应写成 2022-06", f"Row {number}: the month {since!r} is written 2022-06")
    code = extra or (element.code if element else "")
    dated = code == "closed" or is_of_a_year(code) or (data_set.code, code) == MATTERS
    return RegisterRow(data_set.code, code, org_unit, given, day if dated else None, reason)


def month_of(written: object) -> date | None:
    """The first day of the month somebody wrote: a date, `2022-06`, `2022-06-18`, `2022年6月`, `2022.6`; None for anything else."""
    if isinstance(written, date):
        return date(written.year, written.month, 1)
    found = _MONTH.match(str(written or "").strip())
    if found is None or not 1 <= int(found[2]) <= 12:
        return None
    return date(int(found[1]), int(found[2]), 1)


def _beside_elements(data_set: DataSet, word: str) -> str | None:
    if data_set.code == "clean_collect" and word in ("closed", *CLOSED):
        return "closed"
    if data_set.code == "burden":
        return next((code for code, label in BURDEN_CATALOGUE.items() if word in (code, *label)), None)
    return None


def _place(word: str, data_set: DataSet, extra: str | None, catalogue: Catalogue) -> str | None:
    """The org unit called so, of the level the value belongs to; None when there is none or more than one."""
    level = "county" if extra in BURDEN_CATALOGUE else data_set.rows if data_set.rows in ("village", "community") else "township"
    found = [unit.code for unit in catalogue.org_units
             if unit.level == level and word in (unit.code, *unit.label.forms, unit.official)]  # fmt: skip
    return found[0] if len(found) == 1 else None


def _value(element: Element | None, value: object) -> float | int | str | bool | date | None:
    kind = element.type if element else "integer"
    if kind in ("decimal", "integer"):
        if isinstance(value, bool):
            return int(value)
        try:
            number = float(str(value).strip().replace(",", ""))
        except ValueError:
            return {"是": 1, "否": 0}.get(str(value).strip()) if element is None else None
        if number < 0 or number != number or (kind == "integer" and number != int(number)):
            return None
        return int(number) if kind == "integer" else number
    if kind == "date":
        if isinstance(value, datetime):
            return value.date()
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value).strip())
        except ValueError:
            return None
    return str(value).strip() or None
