"""Like with like: two periods on the villages or units that reported both, and a unit against the others of its county.

Pure functions. A quartile is the value at that part of the ordered values, between two neighbours by distance (the usual rule).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from townboard.formulas.behind import starts_anew
from townboard.periods import Period
from townboard.text import Text

if TYPE_CHECKING:
    from townboard.catalogue import Catalogue
    from townboard.indicators import Reading

FEWEST = 5
"""With fewer values nothing is ranked and no quartiles are said (domain §6)."""
BANDS: tuple[tuple[float, float | None], ...] = ((0, 5), (5, 10), (10, 30), (30, 50), (50, 100), (100, None))
"""Lower bound included, upper not, in 万元 (CE07)."""


@dataclass(frozen=True, slots=True)
class Peers:
    """The other units of a county in one indicator; the unit's own value is never among them."""

    count: int
    low: float
    median: float
    high: float


def peers(values: Mapping[str, float | None], own: str) -> Peers | None:
    """Quartiles and median of all values but the unit's own; None with fewer than FEWEST others."""
    others = pd.Series([value for code, value in values.items() if code != own and value is not None], dtype=float)
    if len(others) < FEWEST:
        return None
    low, median, high = (float(others.quantile(part)) for part in (0.25, 0.5, 0.75))
    return Peers(len(others), low, median, high)


def against(value: float | None, others: Peers | None, direction: str) -> Text | None:
    """Where a value stands among its peers, in words; None without peers, a value, or a better side."""
    if value is None or others is None or direction not in ("higher", "lower"):
        return None
    better = value > others.high if direction == "higher" else value < others.low
    worse = value < others.low if direction == "higher" else value > others.high
    if better:
        return Text("前四分之一", "top quarter")
    return Text("后四分之一", "bottom quarter") if worse else Text("居中", "in the middle")


def comparable(catalogue: Catalogue, ids: Sequence[str], now: Period, then: Period) -> list[str]:
    """The indicators that two months can be compared in: what is counted from January on, only within a year or month by month."""
    if now.year == then.year or now.month == then.month:
        return list(ids)
    return [id for id in ids if not starts_anew(catalogue, catalogue.indicator[id])]


def alike(now: Iterable[Reading], before: Iterable[Reading]) -> set[tuple[str, str]]:
    """(unit, indicator id) pairs that may be compared: a value in both, from two different reports, resting on as many villages or
    communities both times. One that is missing in one of them would change the figure without anything having changed."""
    earlier = {(reading.org_unit, reading.id): reading for reading in before}
    return {
        key
        for reading in now
        if (old := earlier.get(key := (reading.org_unit, reading.id))) is not None
        and reading.value is not None
        and old.value is not None
        and reading.data_period != old.data_period
        and reading.extras.get("places_reported") == old.extras.get("places_reported")
    }


def changes(now: Iterable[Reading], before: Iterable[Reading], units: Sequence[str]) -> dict[tuple[str, str], float]:
    """(unit, indicator id) → change in the indicator's own unit, for units that reported both months, where both are `alike`.

    A quarterly figure that is the same report in both months has not changed: it has no entry.
    """
    now, before = list(now), list(before)
    same = alike(now, before)
    earlier = {(reading.org_unit, reading.id): reading.value for reading in before}
    return {
        key: float(reading.value or 0) - float(earlier[key] or 0)
        for reading in now
        if (key := (reading.org_unit, reading.id)) in same and reading.org_unit in units
    }


def pair(history: pd.DataFrame, now: Period, then: Period, column: str = "goal_income") -> pd.DataFrame:
    """Villages with a value in both months: unit, org_unit, before, after. `history`: see `forecast`."""
    rows = history[history[column].notna()]
    first = rows[rows["period"] == str(then)][["org_unit", column]].rename(columns={column: "before"})
    second = rows[rows["period"] == str(now)][["unit", "org_unit", column]].rename(columns={column: "after"})
    return second.merge(first, on="org_unit", how="inner")[["unit", "org_unit", "before", "after"]]


def band(value: float) -> int:
    """The band of an income, 0 the lowest."""
    return sum(value >= low for low, _ in BANDS) - 1


def crossings(both: pd.DataFrame) -> pd.DataFrame:
    """Of `pair`: the villages whose band changed, with `from_band` and `to_band`, the highest band reached first."""
    moved = both.assign(from_band=both["before"].map(band), to_band=both["after"].map(band)) if len(both) else both.assign(
        from_band=pd.Series(dtype=int), to_band=pd.Series(dtype=int))  # fmt: skip
    moved = moved[moved["from_band"] != moved["to_band"]]
    return moved.sort_values(["to_band", "from_band", "org_unit"], ascending=[False, True, True], kind="stable").reset_index(
        drop=True
    )


def concentration(villages: pd.DataFrame, top: int = 10) -> tuple[pd.DataFrame, float | None]:
    """The `top` villages by the income that counts, and their part of the income of all villages with a figure, in per cent."""
    known = villages[villages["goal_income"].notna()].sort_values(
        ["goal_income", "org_unit"], ascending=[False, True], kind="stable"
    )
    whole = float(known["goal_income"].sum())
    first = known.head(top)
    return first, float(first["goal_income"].sum()) * 100 / whole if whole else None
