"""The tables of the theme pages: rows with names, sums by unit, columns from the catalogue, bars from readings. Pure functions.

Missing stays missing: a sum over nothing reported is empty, and a row that was not sent says so in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from townboard.catalogue import Catalogue, DataSet, unit_words
from townboard.charts.bars import Progress
from townboard.charts.kit import NONE_HELD, NOT_REPORTED, missing
from townboard.downloads import Column
from townboard.text import Language, Text, listed

if TYPE_CHECKING:
    from townboard.indicators import Reading

UNIT, PLACE, STATE = Text("单位", "Unit"), Text("名称", "Place"), Text("报送", "Report")
REPORTED = Text("已报", "Reported")
_KINDS = {"decimal": "number", "integer": "integer", "date": "date", "boolean": "boolean"}


def named(
    frame: pd.DataFrame, catalogue: Catalogue, language: Language, held_back: Mapping[str, Text] = NONE_HELD
) -> pd.DataFrame:
    """The frame with `name` (the place's), `unit_name` and `state` (已报 / 未报 / why it is `held_back`) as words in front."""
    places = catalogue.org_unit
    out = frame.copy()
    out.insert(0, "unit_name", [places[code].label.say(language) for code in out["unit"]])
    code = "org_unit" if "org_unit" in out else "unit"
    out.insert(1, "name", [places[place].label.say(language) for place in out[code]])
    if "reported" in out:
        out["reported"] = out["reported"].fillna(False).astype(bool)
        out.insert(
            2,
            "state",
            [
                (REPORTED if sent else held_back.get(unit, NOT_REPORTED)).say(language)
                for unit, sent in zip(out["unit"], out["reported"], strict=True)
            ],
        )
    return out


def choices(frame: pd.DataFrame, data_set: DataSet, language: Language) -> pd.DataFrame:
    """The frame with the words of choices (stored in Chinese) in the reader's language; what is no choice of ours stays as typed."""
    out = frame.copy()
    for element in data_set.elements:
        if element.values and element.code in out:
            words = {value.zh: value.say(language) for value in element.values}
            out[element.code] = [None if missing(raw) else words.get(raw, raw) for raw in out[element.code]]
    return out


def by_unit(
    frame: pd.DataFrame, codes: Sequence[str], catalogue: Catalogue, language: Language, held_back: Mapping[str, Text] = NONE_HELD
) -> pd.DataFrame:  # fmt: skip
    """Σ of `codes` over the places of each unit, in the frame's order of units; empty where no place has a value.

    A unit counts as reported when any of its places was.
    """
    grouped = frame.groupby("unit", sort=False)
    out = grouped[list(codes)].sum(min_count=1).reset_index()
    out["reported"] = grouped["reported"].any().to_numpy()
    return named(out, catalogue, language, held_back)


def columns_of(data_set: DataSet, codes: Iterable[str], *, place: Text = PLACE, unit: bool = True) -> list[Column]:
    """Columns for elements, named and formatted by the catalogue, after the names of place and unit and the state."""
    front = [Column("unit_name", UNIT)] if unit else []
    front += [Column("name", place), Column("state", STATE)]
    return [*front, *(element_column(data_set, code) for code in codes)]


def element_column(data_set: DataSet, code: str) -> Column:
    """One element as a column of a table."""
    element = data_set.by_code[code]
    kind = _KINDS.get(element.type, "text")
    return Column(code, element.label, kind, element.unit if kind in ("number", "integer") else "", 2 if kind == "number" else 0)


def rated(
    readings: Sequence[Reading], catalogue: Catalogue, language: Language, *, of: str = "indicator",
    side_units: Mapping[str, str] | None = None, reported: Sequence[str] | None = None, held_back: Mapping[str, Text] = NONE_HELD,
) -> list[Progress]:  # fmt: skip
    """Bars from readings, named by indicator or (`of="org_unit"`) by place. `reported`: codes of the units that sent something;
    `held_back`: why a workbook
    that is there counts not."""
    rows = []
    for reading in readings:
        indicator = catalogue.indicator[reading.id]
        place = catalogue.org_unit[reading.org_unit]
        label = indicator.label if of == "indicator" else place.label
        rows.append(Progress(
            label.say(language), reading.value, reading.numerator, reading.denominator,
            unit_words((side_units or {}).get(reading.id, "")).say(language), reading.basic, reading.highest,
            reported is None or reading.org_unit in reported,
            reported is not None and reading.org_unit not in reported and reading.value is not None,
            absent=held_back.get(reading.org_unit, NOT_REPORTED),
        ))  # fmt: skip
    return rows


def readings_table(readings: Sequence[Reading], catalogue: Catalogue, language: Language) -> tuple[pd.DataFrame, list[Column]]:
    """Readings as a table: place, indicator, value, both sides, goals, status in words; with its columns."""
    from townboard.charts.kit import standing, status_words

    frame = pd.DataFrame([
        {
            "name": catalogue.org_unit[reading.org_unit].label.say(language),
            "indicator": catalogue.indicator[reading.id].label.say(language), "unit": unit_words(catalogue.indicator[reading.id].unit).say(language),
            "value": reading.value, "numerator": reading.numerator, "denominator": reading.denominator,
            "basic": reading.basic, "highest": reading.highest, "status": status_words(standing(reading)).say(language),
        }
        for reading in readings
    ], columns=["name", "indicator", "unit", "value", "numerator", "denominator", "basic", "highest", "status"])  # fmt: skip
    for code in ("value", "numerator", "denominator", "basic", "highest"):
        frame[code] = pd.to_numeric(frame[code], errors="coerce")
    columns = [
        Column("name", PLACE), Column("indicator", Text("指标", "Indicator")), Column("value", Text("数值", "Value"), "figure", decimals=1),
        Column("unit", Text("计量单位", "Unit of measure")), Column("numerator", Text("分子", "Numerator"), "figure"),
        Column("denominator", Text("分母", "Denominator"), "figure"), Column("basic", Text("基本目标", "Basic goal"), "number", decimals=0),
        Column("highest", Text("最高目标", "Highest goal"), "number", decimals=0), Column("status", Text("状态", "Status")),
    ]  # fmt: skip
    return frame, columns


def messages(frame: pd.DataFrame, language: Language) -> list[str]:
    """What findings say, as kept (`message_zh`, `message_en`), with the language's signs."""
    return [Text(zh, en).say(language) for zh, en in zip(frame["message_zh"], frame["message_en"], strict=True)]


def reached(readings: Iterable[Reading]) -> int:
    """How many readings have reached their basic or highest goal."""
    return sum(reading.status in ("basic_reached", "highest_reached") for reading in readings)


def total(frame: pd.DataFrame, code: str) -> float | None:
    """Σ of one column; None where nothing was reported."""
    found = frame[code].dropna()
    return float(found.sum()) if len(found) else None


def names(places: Iterable[str], language: Language, most: int = 6) -> str:
    """`大北村、西谷村等 9 个` / `…, and 3 more`: names, the first few of them."""
    found = list(places)
    shown = listed(found[:most]).say(language)
    if len(found) <= most:
        return shown
    return Text(f"{shown}等 {len(found)} 个", f"{shown} and {len(found) - most} more").say(language)


def plain(value: Any) -> float | None:
    """A cell as a number, None where it is missing."""
    return None if missing(value) else float(value)
