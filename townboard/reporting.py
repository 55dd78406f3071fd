"""Who has reported: the state of every unit's month, who is missing and how to remind them, and the cells that were typed.

Pure functions over the answer of `queries/report_state_by_unit_month.sql`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from townboard.catalogue import Catalogue
from townboard.charts.kit import missing, number
from townboard.charts.submissions import ABSENT, EXEMPT, KINDS
from townboard.deadlines import due_at, local_time
from townboard.periods import Period, span
from townboard.text import Text

ON_TIME, LATE, NO_TIME = Text("按时", "on time"), Text("迟报", "late"), Text("—", "—")


def months(states: pd.DataFrame, last: Period, most: int = 12) -> list[Period]:
    """The months up to `last`, at most so many, from the first one in which anything was sent."""
    known = [Period.parse(written) for written in states["period"].unique()]
    return list(span(max(last.plus(1 - most), min([last, *known])), last))


def board(states: pd.DataFrame, catalogue: Catalogue, units: Sequence[str], periods: Sequence[Period]) -> pd.DataFrame:
    """One row a unit and month: unit, period, state (a key of `KINDS`), late, version, submitted_at, submitted_by, reason.

    A month that asks nothing of a unit is `exempt`; one without a version is `absent`.
    """
    sent = {(row.unit, row.period): row for row in states.itertuples()}
    rows: list[tuple[Any, ...]] = []
    for unit in units:
        for period in periods:
            row = sent.get((unit, str(period)))
            if row is None:
                state = ABSENT if catalogue.due(unit, period) else EXEMPT
                rows.append((unit, str(period), state, False, None, None, None, None, ""))
                continue
            late = not missing(row.on_time) and not row.on_time
            rows.append((unit, str(period), row.state, late, row.version, row.submitted_at, row.submitted_by, row.submission_id,
                         row.reason or ""))  # fmt: skip
    names = ["unit", "period", "state", "late", "version", "submitted_at", "submitted_by", "submission_id", "reason"]
    return pd.DataFrame(rows, columns=names).astype({"submission_id": "Int64", "version": "Int64"})


def in_words(found: pd.DataFrame) -> pd.DataFrame:
    """The board with `state_words` and `time_words` as `Text`, for tables and downloads."""
    out = found.copy()
    out["state_words"] = [KINDS[state].words for state in found["state"]]
    out["time_words"] = [
        NO_TIME if missing(at) else LATE if late else ON_TIME
        for at, late in zip(found["submitted_at"], found["late"], strict=True)
    ]
    return out


def reminder(names: Iterable[str], period: Period, catalogue: Catalogue, now: datetime) -> Text:
    """The text to copy into a message to units that have not reported; "" when nobody is missing. `now` is UTC."""
    found = list(names)
    if not found:
        return Text("", "")
    deadline = due_at(period, catalogue.settings)
    day = local_time(deadline, catalogue.settings)[:10]
    passed = now > deadline
    zh = "{units}:{period}基层治理报表{when},目前尚未收到。请下载本月模板填报后上传;如有困难请与专办联系。"
    en = (
        "{units}: the report for {period} {when} and has not arrived yet. "
        "Please fill in this month’s template and upload it; ask the office if anything is difficult."
    )
    return Text(
        zh.format(units="、".join(found), period=period.label.zh, when=f"已于 {day} 到期" if passed else f"应于 {day} 前报送"),
        en.format(units=", ".join(found), period=period.label.en, when=f"was due on {day}" if passed else f"is due on {day}"),
    )


def cells_of_month(states: pd.DataFrame, units: Sequence[str], period: str) -> pd.DataFrame:
    """One row a unit for one month: unit, reported, typed_cells, data_cells, prefilled (per cent), workbook."""
    month = states[states["period"] == period].set_index("unit")
    rows: list[tuple[Any, ...]] = []
    for unit in units:
        if unit in month.index:
            row = month.loc[unit]
            rows.append((unit, True, row["typed_cells"], row["data_cells"], row["workbook"]))
        else:
            rows.append((unit, False, None, None, None))
    out = pd.DataFrame(rows, columns=["unit", "reported", "typed_cells", "data_cells", "workbook"])
    out = out.astype({"typed_cells": "Float64", "data_cells": "Float64"})
    out["prefilled"] = _share(out["data_cells"] - out["typed_cells"], out["data_cells"])
    return out


def cells_by_month(states: pd.DataFrame, periods: Sequence[str]) -> pd.DataFrame:
    """One row a month: period, reports, typed_mean, typed_most, typed, data, prefilled (Σ/Σ, per cent); empty without reports."""
    rows: list[tuple[Any, ...]] = []
    for period in periods:
        month = states[states["period"] == period]
        if month.empty:
            rows.append((period, 0, None, None, None, None))
        else:
            typed, data = month["typed_cells"], month["data_cells"]
            rows.append((period, len(month), float(typed.mean()), int(typed.max()), int(typed.sum()), int(data.sum())))
    out = pd.DataFrame(rows, columns=["period", "reports", "typed_mean", "typed_most", "typed", "data"])
    out = out.astype(dict.fromkeys(("typed_mean", "typed_most", "typed", "data"), "Float64"))
    out["prefilled"] = _share(out["data"] - out["typed"], out["data"])
    return out


def prefilled(trend: pd.DataFrame) -> str:
    """`91.2 %` over all months of `cells_by_month`; a dash where nothing was reported."""
    data = trend["data"].dropna().sum()
    if not data:
        return "—"
    return f"{number((data - trend['typed'].dropna().sum()) / data * 100, 1)} %"


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole > 0) * 100
