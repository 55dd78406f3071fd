"""Increases and falls out of the ordinary: R05 for income, with R27 and R06; a robust distance for every other number."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from townboard.checks.sight import Sight, say
from townboard.checks.usual import Past, past_of
from townboard.findings import Finding
from townboard.submission import Row, SheetReading, Value
from townboard.text import Text

JUMP_FLOOR, JUMP_SHARE_OF_LAST_YEAR, JUMP_TIMES_MEDIAN, SMALL_FLOW = 10.0, 0.5, 3.0, 1.0
SAME_SEASON, LIKE_BEFORE, LIKE_LARGEST, LIKE_PACE = 2.0, 0.7, 2.0, 1.25
"""An increase is nothing new up to twice the one in the same season of last year; when the year has hardly more than then; when two others were 0.7 times as large; up to
twice the largest of two years; or when it only brings the year to 1.25 times last year's pace, whose months are not known."""
ENOUGH_FLOWS, EVEN, LIKE_A_ROUND = 6, 1.5, 0.3
"""Below the amounts of R05 a month stands out from six others (or from fewer, all up to 1.5 times the middle one), and by more than a
payment round brings: 0.3 of last year's total."""
RENT_SHARE, LIKE_LAST_YEAR = 0.3, 1.1
FAR, AT_LEAST_SPREAD = 6.0, 0.25
COUNT_FLOOR, MONEY_FLOOR = 10.0, 5.0
STOCK_FALL, STOCK_RISE, STOCK_FLOOR = 0.4, 4.0, 10.0
FEW_PEERS, BUSY_MONTH, WHOLE_COLUMN, LIKE_PEERS = 4, 1.6, 8.0, 2.0
"""A month is busy for a unit when its middle village had 1.6 times its usual month; eight times is a whole column gone wrong."""


def income(
    sight: Sight, reading: SheetReading, row: Row, past: Past, value: Value, typed: float, flow: float
) -> Iterator[Finding]:
    """R05; for other income R27 (a note that speaks of land compensation) and R06 (a write-off booked as income)."""
    place = reading.place(row, past.element.code)
    why = _r05(sight, reading, row, past, typed, flow)
    if why is None and past.element.code == "other_income" and flow > 0:
        note = row.values.get("note")
        if note and any(word in str(note.value) for word in ("征地", "补偿", "占地")):
            why = Text("备注提到土地补偿,补偿款不是收入", "the note speaks of land compensation, which is no income")
        elif _written_off(sight, row.org_unit, flow):
            yield Finding.at("write-off-as-income", place, raw=value.raw, flow=say(flow))
    if why is not None:
        yield Finding.at("unusual-jump", place, raw=value.raw, change=_rise(flow), why=why)


def _r05(sight: Sight, reading: SheetReading, row: Row, past: Past, typed: float, flow: float) -> Text | None:
    """Why an income's increase is large, or None: the rule, unless the village's own past or its neighbours show it to be ordinary."""
    if flow <= SMALL_FLOW or flow <= SAME_SEASON * (past.season or 0.0) or past.is_like_last_year(typed):
        return None
    total, usual = past.last_year_total, past.usual
    limit = max(JUMP_FLOOR, JUMP_SHARE_OF_LAST_YEAR * total) if total is not None else None
    if limit is not None and flow > limit:
        if like_peers(sight, reading, row, past, typed):
            return None
        before = sum(other >= LIKE_BEFORE * flow for other in [*past.flows, *(other for _, other in past.flows_before)])
        return Text(f"超过 {say(limit)} 万元", f"over {say(limit)} 万元") if before < 2 else None
    if total is None and usual is None:
        return _beyond_pace(sight, reading, row, past, typed, flow)
    largest = max([*past.flows, past.largest_before])
    if not past.year or not usual or usual <= 0 or flow <= JUMP_TIMES_MEDIAN * usual or flow <= LIKE_LARGEST * largest:
        return None
    known = [*past.flows, *(other for _, other in past.flows_before)]
    if flow <= LIKE_A_ROUND * (total or 0.0) or (len(known) < ENOUGH_FLOWS and (min(known) <= 0 or largest > EVEN * usual)):
        return None
    if past.season is None and total and (typed <= LIKE_PACE * total * past.period.month / 12 or _like_rent(flow, typed, total)):
        return None
    if like_peers(sight, reading, row, past, typed):
        return None
    return Text(f"往常每月约 {say(usual)} 万元", f"usually about {say(usual)} 万元 a month")


def _beyond_pace(sight: Sight, reading: SheetReading, row: Row, past: Past, typed: float, flow: float) -> Text | None:
    """R05 where neither last year's total nor three months are known: over the floor, and over three times this year's average month.
    Subsidies and other income come in lumps; of those it says nothing."""
    if past.element.code != "operating_income" or not past.year or past.season is not None or flow <= JUMP_FLOOR:
        return None
    average = past.last / past.year[-1][0].month
    if flow <= JUMP_TIMES_MEDIAN * max([average, *past.flows]) or like_peers(sight, reading, row, past, typed):
        return None
    return Text(f"今年平均每月约 {say(average)} 万元", f"about {say(average)} 万元 a month on average this year")


def _like_rent(flow: float, typed: float, total: float) -> bool:
    """Whether it may be a yearly rent of which no earlier year tells: a good part of last year's income, and not beyond it."""
    return flow >= RENT_SHARE * total and typed <= LIKE_LAST_YEAR * total


def like_peers(sight: Sight, reading: SheetReading, row: Row, past: Past, typed: float) -> bool:
    """Whether the month was such a one in most of the unit's villages, this one left out: a payday of the township, a rent round."""
    own, times = _times_usual(past, typed), []
    if own is None or own <= 0:
        return False
    for other in reading.rows:
        value = other.values.get(past.element.code)
        if other is not row and other.org_unit and value is not None and isinstance(value.value, int | float):
            theirs = _times_usual(past_of(sight, other, past.element), float(value.value))
            if theirs is not None:
                times.append(theirs)
    return len(times) >= FEW_PEERS and BUSY_MONTH <= (middle := median(times)) <= WHOLE_COLUMN and own <= LIKE_PEERS * middle


def _times_usual(past: Past, typed: float) -> float | None:
    """How many usual months came in: of last year's total where it is known, else of this year's average."""
    months = past.months if past.year else past.period.month
    flow = (typed - past.last if past.year else typed) / months
    if past.last_year_total:
        return flow * 12 / past.last_year_total
    return flow * past.year[-1][0].month / past.last if past.year and past.last > 0 else None


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


def cumulative(past: Past, flow: float) -> Text | None:
    """Why the increase of a count or of other money is far from its usual ones, or None.

    The distance is taken from the median of the other months in spreads (1.4826 × the median distance, at least a quarter of the median).
    """
    money = past.element.unit in ("万元", "亩")
    if flow <= (MONEY_FLOOR if money else COUNT_FLOOR) or flow <= SAME_SEASON * (past.season or 0.0):
        return None
    pool = sorted(other for other in [*past.flows, *(other for _, other in past.flows_before)] if other > 0)
    if len(pool) < (6 if money else 4):
        return None
    middle = median(pool)
    spread = max(1.4826 * median(abs(other - middle) for other in pool), (4 if money else 1) * AT_LEAST_SPREAD * middle)
    if flow <= middle + FAR * spread or flow <= (3 if money else 2) * pool[-1]:
        return None
    return Text(f"往常每月约 {say(middle)}", f"usually about {say(middle)} a month")


def stock(past: Past, typed: float) -> Text | None:
    """Why a number that stands still is suddenly another, or None: two known values at least, both far from it."""
    known = [float(number) for _, number in past.year[-6:] if number is not None]
    if len(known) < 2 or abs(typed - past.last) < STOCK_FLOOR:
        return None
    if typed > STOCK_RISE * max(known) or typed < STOCK_FALL * min(known):
        return Text(f"近几期为 {say(min(known))}–{say(max(known))}", f"lately {say(min(known))}–{say(max(known))}")
    return None


def change(past: Past, flow: float) -> Text:
    """The increase or the fall in words."""
    if flow >= 0:
        return _rise(flow) if past.element.is_cumulative else Text(f"比上期增加 {say(flow)}", f"A rise of {say(flow)}")
    return Text(f"比上期减少 {say(-flow)}", f"A fall of {say(-flow)}")


def _rise(flow: float) -> Text:
    return Text(f"本月新增 {say(flow)}", f"An increase of {say(flow)} this month")
