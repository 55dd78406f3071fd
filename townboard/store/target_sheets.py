"""Goals as a sheet of the office's register workbook: one row an indicator, org unit and year.

Columns 指标/indicator, 单位代码/org_unit, 年度/year, 基本目标/basic, 最高目标/highest, 截止日期/deadline; goals in the indicator's unit,
blank where none is set; the deadline is the year's last day where it is blank. A milestone of the reform may stand in the place of the
indicator: its deadline is the planned day, of the one plan that the action has; without a deadline the plan is taken back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from townboard.catalogue import Catalogue, Target
from townboard.text import Text

_HEADS = {"指标": "indicator", "单位代码": "org_unit", "单位": "org_unit", "年度": "year", "年": "year", "基本目标": "basic",
          "最高目标": "highest", "截止日期": "deadline"}  # fmt: skip
NEEDED = frozenset({"indicator", "org_unit", "year", "basic", "highest"})


def columns_of(heads: Sequence[str]) -> dict[str, int] | None:
    """Where a goal sheet's columns stand; None for a sheet of another kind."""
    columns = {_HEADS.get(head, head): place for place, head in enumerate(heads) if head}
    return columns if columns.keys() >= NEEDED else None


def read(grid: Sequence[Sequence[Any]], columns: dict[str, int], catalogue: Catalogue) -> Iterator[Target | Text]:
    """The sheet's goals, or what is wrong with a row."""
    for number, cells in enumerate(grid[1:], 2):
        given = {name: cells[place] for name, place in columns.items()}
        if any(value not in (None, "") for value in given.values()):
            yield _target(number, given, catalogue)


def _target(number: int, given: dict[str, Any], catalogue: Catalogue) -> Target | Text:
    indicator, place = str(given["indicator"] or "").strip(), str(given["org_unit"] or "").strip().removesuffix(".0")
    known = next((one for one in catalogue.indicators if indicator in (one.id, one.code, *one.label.forms)), None)
    milestone = milestone_of(indicator, catalogue) if known is None else None
    if known is None and milestone is None:
        return Text(f"第{number}行:没有“{indicator}”这个指标", f"Row {number}: there is no indicator “{indicator}”")
    units = [unit.code for unit in catalogue.org_units
             if unit.level in ("county", "township") and place in (unit.code, *unit.label.forms)]  # fmt: skip
    if len(units) != 1:
        return Text(f"第{number}行:没有“{place}”这个单位", f"Row {number}: there is no unit “{place}”")
    if milestone is not None:
        return _planned(number, milestone, units[0], given.get("deadline"), catalogue)
    assert known is not None
    try:
        year = int(float(given["year"]))
        basic, highest = (None if given[side] in (None, "") else float(given[side]) for side in ("basic", "highest"))
        written = given.get("deadline")
        deadline = date(year, 12, 31) if written in (None, "") else date.fromisoformat(str(written)[:10])
    except (TypeError, ValueError):
        return Text(
            f"第{number}行:年度、目标应为数字,日期写成 2022-12-31",
            f"Row {number}: year and goals are numbers, a date is written 2022-12-31",
        )
    return Target(known.id, units[0], year, basic, highest, deadline)


def milestone_of(word: str, catalogue: Catalogue) -> str | None:
    """The code of the reform's milestone called so; None for any other word."""
    dates = [one for one in catalogue.data_set["law_enforcement"].elements if one.type == "date"]
    return next((one.code for one in dates if word in (one.code, *one.label.forms, *one.aliases)), None)


def plan(catalogue: Catalogue, milestone: str, place: str, deadline: date | None) -> Target:
    """A milestone's planned day as a goal: one plan for the whole action, kept under its first year; None takes it back."""
    year = catalogue.settings.action_start.year
    return Target(milestone, place, year, None if deadline is None else 1.0, None, deadline or date(year, 12, 31))


def _planned(number: int, milestone: str, place: str, written: Any, catalogue: Catalogue) -> Target | Text:
    if written in (None, ""):
        return plan(catalogue, milestone, place, None)
    try:
        return plan(catalogue, milestone, place, date.fromisoformat(str(written)[:10]))
    except ValueError:
        return Text(
            f"第{number}行:计划日期“{written}”应写成 2022-06-30",
            f"Row {number}: the planned day {written!r} is written 2022-06-30",
        )
