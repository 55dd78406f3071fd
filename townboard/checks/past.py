"""Checks against the past: approved history, registers and baselines, last month's file. R02–R06, R12, R27, R31."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from townboard.catalogue import Element
from townboard.checks.sheet import END_LOADING_SHARE, END_LOADING_VILLAGES, FEW_ROWS
from townboard.checks.sight import Sight, say
from townboard.findings import Finding
from townboard.periods import Period
from townboard.submission import REPORTED, Row, SheetReading, Value
from townboard.text import Text

SLIPS = (10_000.0, 100.0, 10.0)
BASELINE_TOLERANCE = 0.005
JUMP_FLOOR, JUMP_SHARE_OF_LAST_YEAR, JUMP_TIMES_MEDIAN, SMALL_FLOW = 10.0, 0.5, 3.0, 1.0
STALE_MONTHS = 3
INCOME = ("operating_income", "subsidy_income", "other_income")
Series = list[tuple[Period, float]]


def check(sight: Sight, reading: SheetReading) -> Iterator[Finding]:
    """Findings about one sheet: at most one question about the past for each value, the likeliest explanation first."""
    data_set, history = reading.data_set, sight.history
    elements = [element for element in data_set.elements if element.is_number]
    dates = [element for element in data_set.elements if element.type == "date" and element.is_cumulative]
    flows: list[tuple[float, float]] = []
    for row in reading.rows:
        if not row.org_unit:
            continue
        for element in elements:
            value = row.values.get(element.code)
            if value is None or value.status != REPORTED or not isinstance(value.value, int | float):
                continue
            key = (data_set.code, row.org_unit, element.code)
            if element.fill == "prefilled":
                if element.accumulation in ("baseline", "register"):
                    yield from _baseline(sight, reading, row, element, value)
                continue
            if element.fill == "derived" or (value.sheet, value.cell) in sight.parsed_cells:
                continue
            series = _series(sight, element, key)
            yield from _number(sight, reading, row, element, value, series, flows)
        for element in dates:
            value = row.values.get(element.code)
            last = history.last((data_set.code, row.org_unit, element.code))
            if value is not None and value.status != REPORTED and last is not None and last[1] is not None:
                yield Finding.at("missing-value", reading.place(row, element.code), raw=value.raw, suggestion=last[1])
    if data_set.code == "village_economy":
        yield from _row_shift(sight, reading)
        yield from _end_loading(reading, flows)


def _series(sight: Sight, element: Element, key: tuple[str, str, str]) -> Series:
    """Approved numbers that can be compared: of this year only, for what starts anew in January."""
    found = sight.history.series.get(key, ())
    if element.accumulation == "year_to_date":
        year = sight.submission.period.year
        return [(period, float(number)) for period, number in found if period.year == year and number is not None]
    return [(period, float(number)) for period, number in found if number is not None]


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
    sight: Sight,
    reading: SheetReading,
    row: Row,
    element: Element,
    value: Value,
    series: Series,
    flows: list[tuple[float, float]],
) -> Iterator[Finding]:
    typed = float(value.value)  # type: ignore[arg-type]
    place = reading.place(row, element.code)
    slip = _unit_slip(sight, reading, row, element, typed, series)
    if slip is not None:
        suggestion, why = slip
        yield Finding.at("unit-slip", place, raw=value.raw, suggestion=suggestion, why=why)
        return
    if not series:
        return
    (last_period, last), past = series[-1], _flows(series)
    if element.is_cumulative and typed < last - 1e-9:
        monthly = typed <= max(0.5 * last, 2 * max(past, default=0.0))
        suggestion_ = round(last + typed, 4) if monthly and typed > 0 else None
        yield Finding.at(
            "decreased-cumulative", place, raw=value.raw, suggestion=suggestion_, last=say(last), less=say(last - typed)
        )
        return
    if element.code == "progress" and typed < last - 10:
        yield Finding.at("decreased-cumulative", place, raw=value.raw, last=say(last), less=say(last - typed))
        return
    if reading.data_set.code == "village_economy" and element.code in INCOME:
        period = sight.submission.period
        months = (period.year - last_period.year) * 12 + period.month - last_period.month
        flow = (typed - last) / max(months, 1)
        if element.code == "operating_income":
            flows.append((flow, typed))
        yield from _jump(sight, reading, row, element, value, flow, past)
    if element.fill == "typed" and element.accumulation == "year_to_date" and typed and len(series) >= STALE_MONTHS:
        same = 0
        for _, number in reversed(series):
            if number != typed:
                break
            same += 1
        if same >= STALE_MONTHS:
            yield Finding.at("stale-value", place, raw=value.raw, months=same + 1)


def _unit_slip(
    sight: Sight, reading: SheetReading, row: Row, element: Element, typed: float, series: Series
) -> tuple[float, Text] | None:
    """A value that fits the row's own history once divided by 10, 100 or 10,000; or beyond all reason without a history."""
    money = element.unit in ("万元", "亩")
    if element.maximum is not None and element.unit == "万元" and typed > element.maximum and not series:
        return round(typed / 10_000, 4), Text(
            f"一个村超过 {say(element.maximum)} 万元", f"more than {say(element.maximum)} 万元 in one village"
        )
    if series:
        last, past = series[-1][1], _flows(series)
        usual = last + (median(past) if past else 0.0)
        if last < 1 or typed - last <= max(JUMP_FLOOR, 5 * (max(past, default=0.0))):
            return None
        for factor in SLIPS:
            if factor == SLIPS[0] and not money:
                continue
            if 0.8 * last <= typed / factor <= 1.5 * max(usual, last):
                why = Text(f"约为上期 {say(last)} 的 {say(factor)} 倍", f"about {say(factor)} times the last value, {say(last)}")
                return round(typed / factor, 4), why
        return None
    if reading.data_set.code == "village_economy" and element.code in INCOME:
        last_year = sight.numbers(reading.data_set, row).get("last_year_total_income")
        if last_year and typed > 1000 * last_year and 0.02 * last_year <= typed / SLIPS[0] <= 5 * last_year:
            why = Text(f"上年总收入为 {say(last_year)} 万元", f"last year’s total was {say(last_year)} 万元")
            return round(typed / SLIPS[0], 4), why
    return None


def _jump(
    sight: Sight, reading: SheetReading, row: Row, element: Element, value: Value, flow: float, past: list[float]
) -> Iterator[Finding]:
    """R05, and R27 for other income whose note speaks of land compensation."""
    place, usual = reading.place(row, element.code), median(past) if len(past) >= 3 else 0.0
    last_year = sight.numbers(reading.data_set, row).get("last_year_total_income")
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
        yield Finding.at("write-off-as-income", place, raw=value.raw, flow=say(flow))
        return
    else:
        return
    yield Finding.at("unusual-jump", place, raw=value.raw, flow=say(flow), why=why)


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
    place = reading.place(row, element.code)
    if known is None:
        yield Finding.at("baseline-recorded", place, raw=value.raw)
    elif abs(float(known) - float(value.value)) > BASELINE_TOLERANCE:  # type: ignore[arg-type]
        yield Finding.at("baseline-differs", place, raw=value.raw, suggestion=known, expected=say(float(known)))


def _row_shift(sight: Sight, reading: SheetReading) -> Iterator[Finding]:
    """Three or more rows whose operating income fits the next (or the previous) row's last value, and not their own."""
    rows = [row for row in reading.rows if row.org_unit]
    lasts, now = [], []
    for row in rows:
        value = row.values.get("operating_income")
        element = reading.data_set.by_code["operating_income"]
        series = _series(sight, element, (reading.data_set.code, row.org_unit, "operating_income"))
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


def _end_loading(reading: SheetReading, flows: list[tuple[float, float]]) -> Iterator[Finding]:
    """R31: over 40 % of the year's income arrived this month in over 30 % of the villages."""
    late = [flow for flow, total in flows if total > 0 and flow > END_LOADING_SHARE * total]
    if len(flows) >= FEW_ROWS and len(late) > END_LOADING_VILLAGES * len(flows):
        head = f"{reading.columns.get('operating_income', 'A')}{reading.header_rows[-1] if reading.header_rows else 1}"
        yield Finding.at("end-loading", reading.place(None, "operating_income", head), share=f"{len(late)}/{len(flows)}")


def whole_workbook(sight: Sight) -> Iterator[Finding]:
    """The same bytes or the same typed values as the last workbook: confirm “no change”."""
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
        if element.fill != "typed" or not element.is_number or value.status != REPORTED:
            continue
        last = history.last((value.data_set, value.org_unit, value.element))
        if last is None or last[1] is None or float(last[1]) != value.value:
            return
        compared, period = compared + 1, last[0]
    if compared >= FEW_ROWS and period is not None:
        yield Finding.at("unchanged-workbook", first.place(None, cell="A1"), last=period.label)
