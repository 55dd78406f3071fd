"""Registers and goals typed in: the present values as a grid to edit, and what an edited grid changes. Pure.

A grid has one row a place (or indicator) and one column an element; a blank cell is a value that nobody has set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from townboard.catalogue import Catalogue, DataSet, Element, Target
from townboard.periods import Period
from townboard.store.history import CLOSED, LIMITS, MATTERS, is_of_a_year
from townboard.store.office import RegisterRow
from townboard.store.registers import BURDEN_CATALOGUE, month_of
from townboard.store.target_sheets import plan
from townboard.submission import History
from townboard.text import Text

CLOSED_MONTH = "closed_month"
CLOSED_LABEL = Text("销号月份(如 2022-06)", "Month of closing (2022-06)")


@dataclass(frozen=True, slots=True)
class Change:
    """One value that an edited grid says otherwise: the place's code, what it is in words, before and after (None: not set)."""

    place: str
    what: Text
    before: Any
    after: Any


def elements(data_set: DataSet) -> list[Element]:
    """The numbers of a form that the office keeps."""
    return [element for element in data_set.elements if element.fill == "prefilled" and element.type in ("decimal", "integer")
            and element.accumulation in ("baseline", "register")]  # fmt: skip


def forms(catalogue: Catalogue, unit: str) -> list[DataSet]:
    """The forms of a unit with registers."""
    return [data_set for data_set in catalogue.owes(unit) if elements(data_set)]


def grid(catalogue: Catalogue, history: History, data_set: DataSet, closings: Mapping[str, date]) -> pd.DataFrame:
    """`org_unit`, then a column an element; clean-and-collect has the month of closing as well (`closings`: village → its month)."""
    codes = [element.code for element in elements(data_set)]
    places = [place.code for place in catalogue.rows_of(data_set, history.unit)]
    frame = pd.DataFrame({"org_unit": places})
    for code in codes:
        values = [history.register.get((data_set.code, place, code)) for place in places]
        frame[code] = pd.array(values, dtype="Float64")
    if data_set.code == CLOSED[0]:
        frame[CLOSED_MONTH] = [f"{closings[place]:%Y-%m}" if place in closings else "" for place in places]
    return frame


def limits_grid(county: str, history: History) -> pd.DataFrame:
    """The county's burden catalogue: one row, `org_unit` and a column a catalogue."""
    values = {code: pd.array([history.catalogue_limits.get(LIMITS[code])], dtype="Float64") for code in BURDEN_CATALOGUE}
    return pd.DataFrame({"org_unit": [county], **values})


def goals_grid(catalogue: Catalogue, standing: pd.DataFrame, place: str) -> pd.DataFrame:
    """`indicator`, `basic`, `highest`, `deadline` (words) of every indicator; `standing`: the answer of `targets_by_indicator`."""
    own = standing[standing["org_unit"] == place].set_index("indicator")
    ids = [indicator.id for indicator in catalogue.indicators if indicator.direction != "context"]
    there = own.reindex(ids)
    return pd.DataFrame({
        "indicator": ids, "basic": there["basic"].astype("Float64").to_numpy(), "highest": there["highest"].astype("Float64").to_numpy(),
        "deadline": ["" if pd.isna(day) else f"{pd.Timestamp(day):%Y-%m-%d}" for day in there["deadline"]],
    })  # fmt: skip


def _cell(value: Any) -> Any:
    """A cell without its ways of being blank."""
    if value is None or pd.isna(value) or value == "":
        return None
    return value.strip() if isinstance(value, str) else float(value)


def values_changed(
    before: pd.DataFrame, after: pd.DataFrame, data_set: DataSet, period: Period
) -> tuple[list[RegisterRow], list[Change], list[Text]]:  # fmt: skip
    """What an edited grid changes: the rows to record, the changes in words, and mistakes. Last year's income counts in the period's year,
    a changed number of assigned matters from the period on."""
    rows: list[RegisterRow] = []
    changes: list[Change] = []
    mistakes: list[Text] = []
    for code in before.columns[1:]:
        element = data_set.by_code.get(code)
        what = (
            CLOSED_LABEL
            if code == CLOSED_MONTH
            else BURDEN_CATALOGUE[code]
            if code in BURDEN_CATALOGUE
            else element.label
            if element
            else Text(code, code)
        )
        for place, one, other in zip(before["org_unit"], before[code], after[code], strict=True):
            was, now = _cell(one), _cell(other)
            if was == now:
                continue
            changes.append(Change(place, what, was, now))
            if code == CLOSED_MONTH:
                then, since = month_of(was), month_of(now)
                if now is not None and since is None:
                    mistakes.append(Text(f"“{now}”应写成 2022-06", f"{now!r} is written 2022-06"))
                rows += [RegisterRow(*CLOSED, place, None, then)] * (then is not None) + [
                    RegisterRow(*CLOSED, place, 1, since)
                ] * (since is not None)
            elif now is not None and (now < 0 or (element is not None and element.type == "integer" and now != int(now))):
                mistakes.append(
                    Text(
                        f"{what.zh}:{now:g} 应为不小于 0 的{'整数' if now >= 0 else '数'}",
                        f"{what.en}: {now:g} must be a whole number, 0 or more",
                    )
                )
            else:
                rows.append(
                    RegisterRow(
                        data_set.code,
                        code,
                        place,
                        now,
                        period.start if is_of_a_year(code) or ((data_set.code, code) == MATTERS and was is not None) else None,
                    )
                )
    return rows, changes, mistakes


def plan_grid(catalogue: Catalogue, standing: pd.DataFrame, place: str) -> pd.DataFrame:
    """`indicator` (a milestone's code) and `deadline` (words) of the reform's milestones; `standing`: `targets_by_indicator` of the
    action's first year."""
    own = standing[standing["org_unit"] == place].set_index("indicator")
    codes = [one.code for one in catalogue.data_set["law_enforcement"].elements if one.type == "date"]
    days = own.reindex(codes)["deadline"]
    return pd.DataFrame(
        {"indicator": codes, "deadline": ["" if pd.isna(day) else f"{pd.Timestamp(day):%Y-%m-%d}" for day in days]}
    )


def plan_changed(
    before: pd.DataFrame, after: pd.DataFrame, catalogue: Catalogue, place: str
) -> tuple[list[Target], list[Change], list[Text]]:  # fmt: skip
    """What an edited grid of planned days changes; a blank day takes the plan of that milestone back."""
    goals: list[Target] = []
    changes: list[Change] = []
    mistakes: list[Text] = []
    form = catalogue.data_set["law_enforcement"]
    for code, one, other in zip(before["indicator"], before["deadline"], after["deadline"], strict=True):
        was, now = _cell(one), _cell(other)
        if was == now:
            continue
        label = form.by_code[code].label
        try:
            goals.append(plan(catalogue, code, place, date.fromisoformat(now) if now else None))
        except ValueError:
            mistakes.append(Text(f"{label.zh}:计划日期应写成 2022-06-30", f"{label.en}: the planned day is written 2022-06-30"))
            continue
        changes.append(Change(place, label, was, now))
    return goals, changes, mistakes


def goals_changed(
    before: pd.DataFrame, after: pd.DataFrame, catalogue: Catalogue, place: str, year: int
) -> tuple[list[Target], list[Change], list[Text]]:  # fmt: skip
    """What an edited grid of goals changes; the deadline is the year's last day where it is blank."""
    goals: list[Target] = []
    changes: list[Change] = []
    mistakes: list[Text] = []
    for one, other in zip(before.to_dict("records"), after.to_dict("records"), strict=True):
        was = tuple(_cell(one[key]) for key in ("basic", "highest", "deadline"))
        now = tuple(_cell(other[key]) for key in ("basic", "highest", "deadline"))
        if was == now:
            continue
        label = catalogue.indicator[one["indicator"]].label
        try:
            deadline = date.fromisoformat(now[2]) if now[2] else date(year, 12, 31)
        except ValueError:
            mistakes.append(Text(f"{label.zh}:截止日期应写成 2022-12-31", f"{label.en}: the deadline is written 2022-12-31"))
            continue
        if _reversed(catalogue.indicator[one["indicator"]].direction, now[0], now[1]):
            mistakes.append(
                Text(
                    f"{label.zh}:最高目标 {now[1]:g} 还不如基本目标 {now[0]:g}",
                    f"{label.en}: the highest goal, {now[1]:g}, falls short of the basic one, {now[0]:g}",
                )
            )
            continue
        goals.append(Target(one["indicator"], place, year, now[0], now[1], deadline))
        changes.append(Change(place, label, _said(was), _said(now)))
    return goals, changes, mistakes


def _reversed(direction: str, basic: float | None, highest: float | None) -> bool:
    """Whether the highest goal is easier to reach than the basic one."""
    if basic is None or highest is None or direction not in ("higher", "lower"):
        return False
    return highest < basic if direction == "higher" else highest > basic


def _said(goal: tuple[Any, ...]) -> str | None:
    """`60 / 80 · 2022-12-31`; None where no goal is set."""
    if goal[0] is None and goal[1] is None:
        return None
    basic, highest = ("—" if side is None else f"{side:g}" for side in goal[:2])
    return f"{basic} / {highest}" + (f" · {goal[2]}" if goal[2] else "")
