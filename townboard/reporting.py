"""Who has reported: the state of every unit's month, who is missing and how to remind them, and the cells that were typed.

Pure functions over the answers of `queries/report_state_by_unit_month.sql` and `queries/month_marks_by_unit_month.sql`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from townboard import cycle
from townboard.catalogue import Catalogue
from townboard.charts import submissions
from townboard.charts.kit import missing, number, rows
from townboard.deadlines import due_at, local_time
from townboard.periods import Period, span
from townboard.text import Text, listed

ON_TIME, LATE, NO_TIME, OVERDUE = Text("按时", "on time"), Text("迟报", "late"), Text("—", "—"), Text("逾期未报", "overdue")


def months(states: pd.DataFrame, last: Period, most: int = 12) -> list[Period]:
    """The months up to `last`, at most so many, from the first one in which anything was sent."""
    known = [Period.parse(written) for written in states["period"].unique()]
    return list(span(max(last.plus(1 - most), min([last, *known])), last))


CONTENTS = {"values": Text("有数", "figures"), "zero": Text("全为零", "all zeros"), "empty": Text("没有数", "no figures")}


def board(
    states: pd.DataFrame, marks: pd.DataFrame, drafts: Collection[tuple[str, str]], catalogue: Catalogue, units: Sequence[str],
    periods: Sequence[Period], now: datetime,
) -> pd.DataFrame:  # fmt: skip
    """One row a unit and month: where it stands (`state`), what the board shows (`kind`), whether it is late, what it lacks.

    `states`, `marks`: the answers of `report_state_by_unit_month` and `month_marks_by_unit_month`; `drafts`: (unit, month) pairs;
    `now`: naive UTC. A month without a report is late once its deadline, extensions included, has passed.
    """
    sent = {(row.unit, row.period): row for row in rows(states)}
    marked = {(row.unit, row.period): row for row in rows(marks)}
    found = [
        _row(unit, period, sent.get((unit, str(period))), marked.get((unit, str(period))), (unit, str(period)) in drafts, catalogue, now)
        for unit in units for period in periods
    ]  # fmt: skip
    return pd.DataFrame(found, columns=list(BOARD)).astype({"submission_id": "Int64", "version": "Int64"})


BOARD = ("unit", "period", "state", "kind", "late", "content", "missing", "version", "submitted_at", "submitted_by", "submission_id", "reason",
         "deadline", "asked_until", "asked_reason", "asked_by", "locked")  # fmt: skip


def _row(
    unit: str, period: Period, row: Any, mark: Any, draft: bool, catalogue: Catalogue, now: datetime
) -> tuple[Any, ...]:  # fmt: skip
    def marked(name: str) -> Any:
        value = None if mark is None else getattr(mark, name)
        return None if missing(value) else value

    opened = marked("correction_version")
    month = cycle.Month(
        "" if row is None else row.state, 0 if row is None else row.version,
        None if opened is None or (row is not None and row.approved_version > opened) else int(opened),
        bool(marked("locked")), bool(marked("exempt")), draft,
    )  # fmt: skip
    state = cycle.state(month)
    due = catalogue.due(unit, period)
    deadline = marked("granted_until") or due_at(period, catalogue.settings)
    lacking = tuple(row.missing.split()) if row is not None else ()
    content = "values" if row is None or missing(row.given) else "empty" if not row.given else "values" if row.nonzero else "zero"
    if row is None:
        late = bool(due) and state != cycle.EXEMPT and now > deadline
        version: tuple[Any, ...] = (None, None, None, None, marked("exempt_reason") or "")
    else:
        late = not missing(row.on_time) and not row.on_time
        version = (
            row.version,
            row.submitted_at,
            row.submitted_by,
            row.submission_id,
            row.reason or marked("correction_reason") or "",
        )
    shown = submissions.NOT_DUE if not due and row is None else kind(state, row is not None, content, bool(lacking))
    asked = (marked("asked_until"), marked("asked_reason") or "", marked("asked_by") or "")
    return (
        unit,
        str(period),
        state,
        shown,
        late,
        content if row is not None else "",
        lacking,
        *version,
        deadline,
        *asked,
        month.locked,
    )


def kind(state: str, was_sent: bool, content: str, is_partial: bool) -> str:
    """What the board shows of a month: exactly one of `charts.submissions.KINDS`.

    What is wanting is said before what was decided: 未报, 退回, 空报, 零报, 部分报送 come before 待审, 已通过 and 已锁定.
    """
    plain = {cycle.EXEMPT: submissions.EXEMPT, cycle.DRAFT: submissions.DRAFT, cycle.NOT_SUBMITTED: submissions.ABSENT,
             cycle.RETURNED: submissions.RETURNED, cycle.CORRECTION_RETURNED: submissions.RETURNED}  # fmt: skip
    if state in plain or not was_sent:
        return plain.get(state, submissions.ABSENT)
    if content == "empty":
        return submissions.EMPTY
    if content == "zero":
        return submissions.ZERO
    if is_partial:
        return submissions.PARTIAL
    if state in cycle.WAITING:
        return submissions.WAITING
    return submissions.LOCKED if state == cycle.LOCKED else submissions.APPROVED


def counts(month: pd.DataFrame) -> dict[str, int]:
    """How many of the units due are of each kind, and how many of them were on time and late: the kinds add up to `due`, the rest to it too."""
    due = month[~month["kind"].isin((submissions.NOT_DUE, submissions.EXEMPT))]
    came = due["version"].notna()
    found = {
        kind: int((due["kind"] == kind).sum())
        for kind in submissions.KINDS
        if kind not in (submissions.NOT_DUE, submissions.EXEMPT)
    }
    late = due["late"].astype(bool)
    return {**found, "due": len(due), "came": int(came.sum()), "on_time": int((came & ~late).sum()), "late": int((came & late).sum()),
            "overdue": int((~came & late).sum())}  # fmt: skip


def headline(month: pd.DataFrame, period: Period) -> Text:
    """`2022年10月:应报 10 个单位:未报 2、退回 1、已通过 7;按时 7、迟报 1`: the kinds that occur, and how many came in time."""
    many = counts(month)
    there = [kind for kind in submissions.KINDS if many.get(kind)]
    kinds = Text("、".join(f"{submissions.KINDS[kind].words.zh} {many[kind]}" for kind in there),
                 ", ".join(f"{many[kind]} {submissions.KINDS[kind].words.en}" for kind in there))  # fmt: skip
    if not many["due"]:
        return Text("{month}:没有应报单位", "{month}: no report is due").fill(month=period.label)
    words = Text("{month}应报 {due} 个单位:{kinds};收到的 {came} 份中按时 {on_time}、迟报 {late}",
                 "{month}, {due:unit|units} due: {kinds}; of {came} received, {on_time} on time and {late} late")  # fmt: skip
    return words.fill(month=period.label, kinds=kinds, **{key: many[key] for key in ("due", "came", "on_time", "late")})


def in_words(found: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """The board with `state_words`, `kind_words`, `time_words`, `content_words` and `missing_words` as `Text`, for tables and downloads."""
    out = found.copy()
    out["state_words"] = [
        submissions.KINDS[kind].words if kind == submissions.NOT_DUE else cycle.STATES[state]
        for state, kind in zip(found["state"], found["kind"], strict=True)
    ]
    out["kind_words"] = [submissions.KINDS[kind].words for kind in found["kind"]]
    out["time_words"] = [
        OVERDUE if late and missing(at) else NO_TIME if missing(at) else LATE if late else ON_TIME
        for at, late in zip(found["submitted_at"], found["late"], strict=True)
    ]
    out["content_words"] = [CONTENTS.get(content, Text("", "")) for content in found["content"]]
    out["missing_words"] = [listed([catalogue.data_set[form].label for form in forms]) for forms in found["missing"]]
    return out


def reminder(month: pd.DataFrame, names: Mapping[str, Text], period: Period, catalogue: Catalogue, now: datetime) -> Text:
    """The text to copy into a message: who has not reported by which deadline, whose workbook was returned and why, and which forms a
    partial report lacks; "" when nothing is wanting. `month`: the board of one month; `now` is naive UTC."""
    parts: list[Text] = []
    absent = month[month["kind"].isin((submissions.ABSENT, submissions.DRAFT)) & ~month["locked"].astype(bool)]
    for deadline in sorted(set(absent["deadline"])):
        late, moment = absent[absent["deadline"] == deadline], pd.Timestamp(deadline).to_pydatetime()
        day, passed = local_time(moment, catalogue.settings)[:10], now > moment
        words = Text("{units}应于 {day} 前报送", "{units}: due by {day}")
        if passed:
            words = Text("{units}已于 {day} 到期,目前尚未收到", "{units}: was due on {day} and has not arrived")
        parts.append(words.fill(units=listed([names[unit] for unit in late["unit"]]), day=day))
    for row in rows(month[month["kind"] == submissions.RETURNED]):
        parts.append(Text("{unit}已退回修改({why})", "{unit}: returned ({why})").fill(unit=names[row.unit], why=row.reason))
    for row in rows(month[month["missing"].map(bool) & (month["kind"] != submissions.RETURNED)]):
        forms = listed([catalogue.data_set[form].label for form in row.missing])
        parts.append(Text("{unit}缺报{forms}", "{unit}: without {forms}").fill(unit=names[row.unit], forms=forms))
    if not parts:
        return Text("", "")
    said = Text(";".join(part.zh for part in parts), "; ".join(part.en for part in parts))
    whole = Text(
        "【催报】{month}基层治理报表:{said}。请登录系统下载本月模板填报、上传;如有困难请与专办联系。",
        "Reminder, report for {month}: {said}. Please fill in this month's template and upload it; ask the office if anything is difficult.",
    )
    return whole.fill(month=period.label, said=said)


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
    """`91.2%` over all months of `cells_by_month`; a dash where nothing was reported."""
    data = trend["data"].dropna().sum()
    if not data:
        return "—"
    return f"{number((data - trend['typed'].dropna().sum()) / data * 100, 1)}%"


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole > 0) * 100
