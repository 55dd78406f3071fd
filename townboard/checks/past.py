"""Checks against the past: approved history, registers and baselines, last month's file. R02–R06, R12, R27, R31.

At most one question for each value, the likeliest explanation first: a slip of the hand (`slips`), a fall (R02, R03), an increase out of
the ordinary (`jumps`). What is usual for a value is in `usual`; a column pasted a row off in `columns`. Most values are passed at a glance.
"""

from __future__ import annotations

from collections.abc import Iterator

from townboard.catalogue import Element
from townboard.checks import columns, jumps, slips
from townboard.checks.sheet import END_LOADING_SHARE, END_LOADING_VILLAGES, FEW_ROWS
from townboard.checks.sight import Sight, say
from townboard.checks.usual import INCOME, Known, Past, past_of, this_year
from townboard.findings import Finding
from townboard.submission import REPORTED, Row, SheetReading, Value
from townboard.text import NOTHING, Text

BASELINE_TOLERANCE = 0.005
STALE_MONTHS = 3
FIRST_MONTHS = 3
"""Until March every month is a large part of the year so far: end-loading says nothing then."""
PROGRESS_MAY_FALL = 10.0


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
                series = known.get((code_of_set, row.org_unit, code), ())
                yield from _number(sight, reading, row, element, value, float(typed), series, flows)
    if data_set.code == "village_economy":
        yield from columns.check(sight, reading)
        yield from _end_loading(sight, reading, flows)


def _has_a_past(element: Element) -> bool:
    """Whether earlier values say anything about an element: frozen ones, numbers of the unit's own, dates once set."""
    if element.fill == "prefilled":
        return element.is_number and element.accumulation in ("baseline", "register")
    return element.fill != "derived" and (element.is_number or (element.type == "date" and element.is_cumulative))


def _number(
    sight: Sight, reading: SheetReading, row: Row, element: Element, value: Value, typed: float, series: Known,
    flows: list[tuple[float, float]],
) -> Iterator[Finding]:  # fmt: skip
    """One number of the unit's own: nothing for most, which stand still or rise no faster than they did on average."""
    period, income = sight.submission.period, element.code in INCOME and reading.data_set.code == "village_economy"
    year = this_year(element, period, series)
    if not year or year[-1][1] is None:
        if element.accumulation == "year_to_date":
            past = past_of(sight, row, element) if income else Past(element, period, series, year)
            yield from _first(sight, reading, row, value, typed, past, income)
        elif element.is_cumulative and typed >= slips.FAR_BEYOND:
            slip = slips.beside_peers(Past(element, period, (), ()), typed, reading, row.org_unit)
            if slip is not None:
                yield Finding.at("unit-slip", reading.place(row, element.code), raw=value.raw, suggestion=slip[0], why=slip[1])
        return
    last = float(year[-1][1])
    if typed == last:
        yield from _stale(reading, row, element, value, typed, year)
    elif element.is_cumulative or element.code == "progress":
        if 0 <= typed < last - (1e-9 if element.is_cumulative else PROGRESS_MAY_FALL):
            past = Past(element, period, series, year)
            yield Finding.at(
                "decreased-cumulative", reading.place(row, element.code), raw=value.raw, suggestion=slips.meant(past, typed),
                last=say(last), less=say(last - typed), meant=_meant(value, typed),
            )  # fmt: skip
        elif element.is_cumulative and (typed - last > _at_a_glance(element, year) or element.code == "other_income"):
            past = past_of(sight, row, element) if income else Past(element, period, series, year)
            yield from _risen(sight, reading, row, value, typed, past, income)
    elif typed > 3 * last or typed < 0.5 * last:
        past = Past(element, period, series, year)
        yield from _another_stock(reading, row, value, typed, past)
    if element.code == "operating_income" and typed >= last:
        flows.append(((typed - last) / max(1, (period.month - year[-1][0].month)), typed))


def _meant(value: Value, typed: float) -> Text:
    """`(即 1.5 万元)` beside a plain number that means another one, as under a head of 元; nothing where both are the same."""
    plain = value.raw.replace(",", "")
    if not plain.replace(".", "", 1).isdecimal() or float(plain) == typed:
        return NOTHING
    return Text(f"(即 {say(typed)})", f" (that is {say(typed)})")


def _at_a_glance(element: Element, year: Known) -> float:
    """An increase that needs no second look: half again this year's average (then one of its months was nearly as large); for what did
    not begin at zero, a floor."""
    return 1.5 * float(year[-1][1]) / year[-1][0].month if element.accumulation == "year_to_date" else jumps.MONEY_FLOOR


def _stale(reading: SheetReading, row: Row, element: Element, value: Value, typed: float, year: Known) -> Iterator[Finding]:
    """R12: typed anew every month, and the same for three."""
    if not typed or element.fill != "typed" or element.accumulation != "year_to_date" or len(year) < STALE_MONTHS:
        return
    same = next((n for n, (_, number) in enumerate(reversed(year)) if number != typed), len(year))
    if same >= STALE_MONTHS:
        yield Finding.at("stale-value", reading.place(row, element.code), raw=value.raw, months=same + 1)


def _first(
    sight: Sight, reading: SheetReading, row: Row, value: Value, typed: float, past: Past, income: bool
) -> Iterator[Finding]:  # fmt: skip
    """A year-to-date value without a past in this year."""
    if not typed:
        return
    place = reading.place(row, past.element.code)
    carried_on = slips.begun_anew(past, typed)
    if carried_on is not None:
        yield Finding.at(
            "unusual-jump", place, raw=value.raw, suggestion=carried_on[0], change=jumps.change(past, typed), why=carried_on[1]
        )
        return
    if not income and past.had_by_now is None:
        return
    slip = slips.first_of_the_year(past, typed, reading, row.org_unit)
    if slip is not None and not (income and jumps.like_peers(sight, reading, row, past, typed)):
        yield Finding.at("unit-slip", place, raw=value.raw, suggestion=slip[0], why=slip[1])
    elif income:
        yield from jumps.income(sight, reading, row, past, value, typed, typed / past.period.month)


def _risen(
    sight: Sight, reading: SheetReading, row: Row, value: Value, typed: float, past: Past, income: bool
) -> Iterator[Finding]:
    """A cumulative value that rose faster than on average."""
    place = reading.place(row, past.element.code)
    slip = (
        slips.too_big(past, typed)
        if past.last
        else slips.first_of_the_year(past, typed, reading, row.org_unit)
        if income
        else None
    )
    flow = past.flow(typed)
    if slip is not None and not (income and jumps.like_peers(sight, reading, row, past, typed)):
        yield Finding.at("unit-slip", place, raw=value.raw, suggestion=slip[0], why=slip[1])
        return
    if income:
        yield from jumps.income(sight, reading, row, past, value, typed, flow)
    elif (why := jumps.cumulative(past, flow)) is not None:
        yield Finding.at("unusual-jump", place, raw=value.raw, change=jumps.change(past, flow), why=why)


def _another_stock(reading: SheetReading, row: Row, value: Value, typed: float, past: Past) -> Iterator[Finding]:
    """A stock that is suddenly another."""
    place = reading.place(row, past.element.code)
    slip = slips.too_big(past, typed) if typed > past.last else slips.too_small(past, typed)
    if slip is not None:
        yield Finding.at("unit-slip", place, raw=value.raw, suggestion=slip[0], why=slip[1])
    elif (why := jumps.stock(past, typed)) is not None:
        yield Finding.at("unusual-jump", place, raw=value.raw, change=jumps.change(past, typed - past.last), why=why)


def _baseline(sight: Sight, reading: SheetReading, row: Row, element: Element, value: Value) -> Iterator[Finding]:
    """Registers and baselines: the first value is recorded, a later difference is asked."""
    known = sight.history.register.get((reading.data_set.code, row.org_unit, element.code))
    if known is None:
        yield Finding.at("baseline-recorded", reading.place(row, element.code), raw=value.raw)
    elif abs(float(known) - float(value.value)) > BASELINE_TOLERANCE:  # type: ignore[arg-type]
        yield Finding.at(
            "baseline-differs", reading.place(row, element.code), raw=value.raw, suggestion=known, expected=say(float(known))
        )


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
