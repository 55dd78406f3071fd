"""Checks against the past: approved history, registers and baselines, last month's file. R02–R06, R12, R27, R31."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any

from townboard.catalogue import Element
from townboard.checks.sheet import END_LOADING_SHARE, END_LOADING_VILLAGES, FEW_ROWS
from townboard.checks.sight import Sight, say
from townboard.findings import Finding
from townboard.periods import Period
from townboard.submission import REPORTED, Row, SheetReading, Value
from townboard.text import Text

SLIPS = ((10_000.0, 0.2, 5.0), (100.0, 0.5, 3.0), (10.0, 0.8, 1.5))
"""A factor, and between which shares of the usual value the divided one must lie: the bigger the slip, the surer it is one."""
YUAN = 10_000.0
BASELINE_TOLERANCE = 0.005
JUMP_FLOOR, JUMP_SHARE_OF_LAST_YEAR, JUMP_TIMES_MEDIAN, SMALL_FLOW = 10.0, 0.5, 3.0, 1.0
STALE_MONTHS = 3
FIRST_MONTHS = 3
"""Until March every month is a large part of the year so far: end-loading says nothing then."""
INCOME = ("operating_income", "subsidy_income", "other_income")
Series = list[tuple[Period, float]]


def check(sight: Sight, reading: SheetReading) -> Iterator[Finding]:
    """Findings about one sheet: at most one question about the past for each value, the likeliest explanation first."""
    data_set, history = reading.data_set, sight.history
    known, asked, code_of_set = history.series, sight.parsed_cells, data_set.code
    elements = {element.code: element for element in data_set.elements if _has_a_past(element)}
    flows: list[tuple[float, float]] = []
    for row in reading.rows:
        if not row.org_unit:
            continue
        for code, value in row.values.items():
            element = elements.get(code)
            if element is None:
                continue
            typed = value.value
            if element.type == "date":
                if (value.sheet, value.cell) in asked:
                    continue
                last = history.last((code_of_set, row.org_unit, code)) if value.status != REPORTED else None
                if last is not None and last[1] is not None:
                    yield Finding.at("missing-value", reading.place(row, code), raw=value.raw, suggestion=last[1])
            elif value.status != REPORTED or not isinstance(typed, int | float):
                continue
            elif element.fill == "prefilled":
                yield from _baseline(sight, reading, row, element, value)
            elif not asked or (value.sheet, value.cell) not in asked:
                past = _past(sight, element, known.get((code_of_set, row.org_unit, code)))
                yield from _number(sight, reading, row, element, value, float(typed), past, flows)
    if data_set.code == "village_economy":
        yield from _row_shift(sight, reading)
        yield from _end_loading(sight, reading, flows)


def _has_a_past(element: Element) -> bool:
    """Whether earlier values say anything about an element: frozen ones, numbers of the unit's own, dates once set."""
    if element.fill == "prefilled":
        return element.is_number and element.accumulation in ("baseline", "register")
    return element.fill != "derived" and (element.is_number or (element.type == "date" and element.is_cumulative))


def _past(sight: Sight, element: Element, series: Sequence[tuple[Period, Any]] | None) -> Sequence[tuple[Period, Any]]:
    """The part of a series that can be compared: this year's only, for what starts anew in January."""
    if not series or element.accumulation != "year_to_date":
        return series or ()
    year = sight.submission.period.year
    return series if series[0][0].year == year else [entry for entry in series if entry[0].year == year]


def _numbers(series: Sequence[tuple[Period, Any]]) -> Series:
    return [(period, float(number)) for period, number in series if number is not None]


def _flows(series: Series) -> list[float]:
    """Monthly increases of a cumulative series; an increase over a gap of months is spread evenly."""
    found = []
    for (before, low), (after, high) in pairwise(series):
        months = (after.year - before.year) * 12 + after.month - before.month
        found += [(high - low) / months] * months
    if series and series[0][0].month == 1:
        found.insert(0, series[0][1])
    return found


def _number(
    sight: Sight, reading: SheetReading, row: Row, element: Element, value: Value, typed: float,
    past: Sequence[tuple[Period, Any]], flows: list[tuple[float, float]],
) -> Iterator[Finding]:  # fmt: skip
    income = element.code in INCOME and reading.data_set.code == "village_economy"
    if not past or past[-1][1] is None:
        if income:
            yield from _slip_without_past(sight, reading, row, element, value, typed)
        return
    last_period, last = past[-1][0], float(past[-1][1])
    if typed - last > JUMP_FLOOR and last >= 1:
        slip = _unit_slip(element, typed, _numbers(past))
        if slip is not None:
            yield Finding.at("unit-slip", reading.place(row, element.code), raw=value.raw, suggestion=slip[0], why=slip[1])
            return
    if 0 <= typed < last - (1e-9 if element.is_cumulative else 10) and (element.is_cumulative or element.code == "progress"):
        suggestion = None
        if element.is_cumulative and 0 < typed <= max(0.5 * last, 2 * max(_flows(_numbers(past)), default=0.0)):
            suggestion = round(last + typed, 4)
        place = reading.place(row, element.code)
        yield Finding.at(
            "decreased-cumulative", place, raw=value.raw, suggestion=suggestion, last=say(last), less=say(last - typed)
        )
        return
    if income:
        period = sight.submission.period
        months = (period.year - last_period.year) * 12 + period.month - last_period.month
        flow = (typed - last) / max(months, 1)
        if element.code == "operating_income":
            flows.append((flow, typed))
        if flow > 0:
            yield from _jump(sight, reading, row, element, value, flow, _flows(_numbers(past)))
    if (
        typed
        and typed == last
        and element.fill == "typed"
        and element.accumulation == "year_to_date"
        and len(past) >= STALE_MONTHS
    ):
        same = next((n for n, (_, number) in enumerate(reversed(past)) if number != typed), len(past))
        if same >= STALE_MONTHS:
            yield Finding.at("stale-value", reading.place(row, element.code), raw=value.raw, months=same + 1)


def _unit_slip(element: Element, typed: float, past: Series) -> tuple[float, Text] | None:
    """A value that fits the row's own history once divided by 10, 100 or (money and areas) 10,000."""
    last, flows = past[-1][1], _flows(past)
    if typed - last <= 5 * max(flows, default=0.0):
        return None
    usual = max(last, last + (median(flows) if flows else 0.0))
    for factor, low, high in SLIPS if element.unit in ("万元", "亩") else SLIPS[1:]:
        if low * last <= typed / factor <= high * usual:
            why = Text(f"约为上期 {say(last)} 的 {say(factor)} 倍", f"about {say(factor)} times the last value, {say(last)}")
            return round(typed / factor, 4), why
    return None


def _slip_without_past(
    sight: Sight, reading: SheetReading, row: Row, element: Element, value: Value, typed: float
) -> Iterator[Finding]:
    """R01: without a history, beyond the cap of one village, or ten thousand times last year's total."""
    if element.maximum is not None and typed > element.maximum:
        why = Text(f"一个村超过 {say(element.maximum)} 万元", f"more than {say(element.maximum)} 万元 in one village")
    else:
        last_year = _last_year(sight, reading, row) if typed > 1000 else None
        if not last_year or typed <= 1000 * last_year or not 0.02 * last_year <= typed / YUAN <= 5 * last_year:
            return
        why = Text(f"上年总收入为 {say(last_year)} 万元", f"last year’s total was {say(last_year)} 万元")
    suggestion = round(typed / YUAN, 4)
    yield Finding.at("unit-slip", reading.place(row, element.code), raw=value.raw, suggestion=suggestion, why=why)


def _jump(
    sight: Sight, reading: SheetReading, row: Row, element: Element, value: Value, flow: float, past: list[float]
) -> Iterator[Finding]:
    """R05, and R27 for other income whose note speaks of land compensation."""
    usual = median(past) if len(past) >= 3 else 0.0
    last_year = _last_year(sight, reading, row)
    limit = max(JUMP_FLOOR, JUMP_SHARE_OF_LAST_YEAR * last_year) if last_year is not None else None
    note = row.values.get("note")
    if limit is not None and flow > limit:
        why = Text(f"超过 {say(limit)} 万元", f"over {say(limit)} 万元")
    elif usual > 0 and flow > JUMP_TIMES_MEDIAN * usual and flow > SMALL_FLOW:
        why = Text(f"往常每月约 {say(usual)} 万元", f"usually about {say(usual)} 万元 a month")
    elif (
        element.code == "other_income" and flow > 0 and note and any(word in str(note.value) for word in ("征地", "补偿", "占地"))
    ):
        why = Text("备注提到土地补偿,补偿款不是收入", "the note speaks of land compensation, which is no income")
    elif element.code == "other_income" and flow > 0 and _written_off(sight, row.org_unit, flow):
        yield Finding.at("write-off-as-income", reading.place(row, element.code), raw=value.raw, flow=say(flow))
        return
    else:
        return
    yield Finding.at("unusual-jump", reading.place(row, element.code), raw=value.raw, flow=say(flow), why=why)


def _last_year(sight: Sight, reading: SheetReading, row: Row) -> float | None:
    """Last year's total income of a village: as the sheet has it, else as the register has it."""
    value = row.values.get("last_year_total_income")
    known = (
        value.value
        if value is not None
        else sight.history.register.get((reading.data_set.code, row.org_unit, "last_year_total_income"))
    )
    return float(known) if isinstance(known, int | float) else None


def _written_off(sight: Sight, village: str, flow: float) -> bool:
    """R06: other income rose by just what was written off this month (±1 %), in the same workbook."""
    key = ("clean_collect", village, "debt_written_off")
    now = next(
        (
            float(value.value)
            for reading in sight.submission.sheets if reading.data_set.code == "clean_collect"
            for row in reading.rows if row.org_unit == village
            if (value := row.values.get("debt_written_off")) is not None and isinstance(value.value, int | float)
        ),
        None,
    )  # fmt: skip
    last = sight.history.last(key)
    written = (now or 0.0) - (float(last[1]) if last and last[1] is not None else 0.0)
    return written > 0 and abs(flow - written) <= 0.01 * written


def _baseline(sight: Sight, reading: SheetReading, row: Row, element: Element, value: Value) -> Iterator[Finding]:
    """Registers and baselines: the first value is recorded, a later difference is asked."""
    known = sight.history.register.get((reading.data_set.code, row.org_unit, element.code))
    if known is None:
        yield Finding.at("baseline-recorded", reading.place(row, element.code), raw=value.raw)
    elif abs(float(known) - float(value.value)) > BASELINE_TOLERANCE:  # type: ignore[arg-type]
        yield Finding.at(
            "baseline-differs", reading.place(row, element.code), raw=value.raw, suggestion=known, expected=say(float(known))
        )


def _row_shift(sight: Sight, reading: SheetReading) -> Iterator[Finding]:
    """Three or more rows whose operating income fits the next (or the previous) row's last value, and not their own."""
    rows = [row for row in reading.rows if row.org_unit]
    element = reading.data_set.by_code["operating_income"]
    lasts, now = [], []
    for row in rows:
        value = row.values.get("operating_income")
        series = _past(sight, element, sight.history.series.get((reading.data_set.code, row.org_unit, "operating_income")))
        lasts.append(series[-1][1] if series else None)
        now.append(float(value.value) if value is not None and isinstance(value.value, int | float) else None)

    def fits(value: float | None, last: float | None) -> bool:
        return value is not None and last is not None and last <= value + 1e-9 <= last * 1.25 + 2

    for step in (1, -1):
        shifted = [
            n for n in range(len(rows))
            if 0 <= n + step < len(rows) and now[n] is not None and lasts[n] is not None and not fits(now[n], lasts[n])
            and fits(now[n], lasts[n + step])
        ]  # fmt: skip
        if len(shifted) >= 3:
            first = rows[shifted[0]]
            other = rows[shifted[0] + step].name
            raw = first.values["operating_income"].raw
            yield Finding.at("row-shift", reading.place(first, "operating_income"), raw=raw, other=other)
            return


def _end_loading(sight: Sight, reading: SheetReading, flows: list[tuple[float, float]]) -> Iterator[Finding]:
    """R31: over 40 % of the year's income arrived this month in over 30 % of the villages."""
    late = [flow for flow, total in flows if total > 0 and flow > END_LOADING_SHARE * total]
    early = sight.submission.period.month <= FIRST_MONTHS
    if not early and len(flows) >= FEW_ROWS and len(late) > END_LOADING_VILLAGES * len(flows):
        head = f"{reading.columns.get('operating_income', 'A')}{reading.header_rows[-1] if reading.header_rows else 1}"
        yield Finding.at("end-loading", reading.place(None, "operating_income", head), share=f"{len(late)}/{len(flows)}")


def whole_workbook(sight: Sight) -> Iterator[Finding]:
    """The same bytes as a workbook sent before, or every value the unit answers for the same as the last: confirm “no change”."""
    submission, history = sight.submission, sight.history
    if not submission.sheets:
        return
    first = submission.sheets[0]
    known = history.seen.get(submission.sha256)
    if known is not None:
        yield Finding.at("unchanged-workbook", first.place(None, cell="A1"), last=known.label)
        return
    compared, period = 0, None
    for value in submission.values():
        element = sight.catalogue.data_set[value.data_set].by_code[value.element]
        if not element.is_asked or element.type == "text" or value.data_set == "cover":
            continue
        last = history.last((value.data_set, value.org_unit, value.element))
        if (last[1] if last is not None else None) != value.value:
            return
        if last is not None and value.value is not None:
            compared, period = compared + 1, last[0]
    if compared >= FEW_ROWS and period is not None:
        yield Finding.at("unchanged-workbook", first.place(None, cell="A1"), last=period.label)
