"""A column of income as a whole: pasted a row off, sorted alone, or a row that holds its neighbour's figures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from townboard.checks.sight import Sight, say
from townboard.checks.usual import INCOME, flows, last_year_total, numbers
from townboard.findings import Finding
from townboard.submission import Row, SheetReading
from townboard.text import Text, number_of

SMALL = 0.5
"""万元 added before amounts are compared as ratios, so that small ones count for little."""
FEW, FEW_SORTED, EARLY = 3, 6, 2
"""Rows that make a run (one more until February, when last year's pace is all that is known) or a sorted column."""
OFF, FITS, FITS_FEW = 0.25, 0.35, 0.2
"""Mean distance (natural logarithm of the ratio) from the own row's past that is off, and the part of it that the other row's must stay
under."""
NEARER = 0.2


def check(sight: Sight, reading: SheetReading) -> Iterator[Finding]:
    """At most one question for each column, at the first row concerned, and one for each copied row."""
    rows = [row for row in reading.rows if row.org_unit]
    expected = [_expected(sight, row) for row in rows]
    typed = [_typed(row) for row in rows]
    few = FEW + (sight.submission.period.month <= EARLY)
    found = _sorted_alone(typed, expected) or _shifted(typed, expected, few)
    if found is not None:
        first, step, count = found
        how = (Text(f"共 {count} 行连续错位", f"{number_of(count, 'row')} in a run are off") if step
               else Text("整列按大小排列,与各村上期不对应", "the whole column stands in order of size, and the villages' last values do not"))  # fmt: skip
        other = rows[first + step].name if step else rows[first + 1].name
        yield _finding(reading, rows[first], other, how)
    else:
        yield from _copied(reading, rows, typed, expected)


def _finding(reading: SheetReading, row: Row, other: str, how: Text) -> Finding:
    raw = row.values["operating_income"].raw
    return Finding.at("row-shift", reading.place(row, "operating_income"), raw=raw, other=other, how=how)


def _typed(row: Row) -> float | None:
    value = row.values.get("operating_income")
    return float(value.value) if value is not None and isinstance(value.value, int | float) else None


def _expected(sight: Sight, row: Row) -> float | None:
    """What a village's operating income would be at last month's pace; without a past in this year, at last year's."""
    period, series = sight.submission.period, sight.history.series.get(("village_economy", row.org_unit, "operating_income"), ())
    if series and series[-1][0].year == period.year:
        month, last = series[-1]
        return float(last) * period.month / month.month if period.month - month.month < month.month else float(last)
    had = next((float(number) for month, number in series if month == period.year_ago), None)
    if had is not None:
        return had
    if period.month == 1 and len(increases := [flow for _, flow in flows(numbers(series)) if flow > 0]) > FEW:
        return median(increases)
    total = last_year_total(sight, row)
    return total * period.month / 12 if total is not None else None


def _distance(number: float, expected: float) -> float:
    return abs(math.log((number + SMALL) / (expected + SMALL))) if number >= 0 and expected >= 0 else 0.0


Numbers = list[float | None]
Columns = tuple[int, int, int]
"""The first row concerned, how many rows off (0: sorted), and how many rows."""


def _sorted_alone(typed: Numbers, expected: Numbers) -> Columns | None:
    """Every row in order of size, where the same villages' past is not."""
    both = [
        (n, now, then) for n, (now, then) in enumerate(zip(typed, expected, strict=True)) if now is not None and then is not None
    ]
    if len(both) < FEW_SORTED or len({now for _, now, _ in both}) < FEW_SORTED - 1:
        return None
    ups = [after[1] - before[1] for before, after in pairwise(both)]
    if not (all(up >= 0 for up in ups) or all(up <= 0 for up in ups)):
        return None
    sign = 1 if sum(ups) > 0 else -1
    if sum(sign * (after[2] - before[2]) < 0 for before, after in pairwise(both)) < 2:
        return None
    first = next((n for n, now, then in both if _distance(now, then) > OFF), None)
    return (min(first, len(typed) - 2), 0, len(both)) if first is not None else None


def _shifted(typed: Numbers, expected: Numbers, few: int) -> Columns | None:
    """The run of rows that fits the next (or the previous) row's past far better than its own."""
    best: tuple[float, Columns] | None = None
    for step in (1, -1):
        start, gain, own, other = 0, 0.0, 0.0, 0.0
        for n in range(len(typed) + 1):
            now = typed[n] if n < len(typed) else None
            mine = expected[n] if n < len(typed) else None
            theirs = expected[n + step] if 0 <= n + step < len(typed) else None
            if now is None or mine is None or theirs is None:
                start, gain, own, other = n + 1, 0.0, 0.0, 0.0
                continue
            own, other = own + _distance(now, mine), other + _distance(now, theirs)
            if own - other <= 0:
                start, gain, own, other = n + 1, 0.0, 0.0, 0.0
                continue
            count, gain = n + 1 - start, own - other
            close = other < (FITS if count >= FEW_SORTED else FITS_FEW) * own  # few rows may seem so by chance
            close = close and own / count > (OFF if count > few else 2 * OFF)
            if count >= few and close and (best is None or gain > best[0]):
                best = gain, (start, step, count)
    return best[1] if best else None


def _copied(reading: SheetReading, rows: list[Row], typed: Numbers, expected: Numbers) -> Iterator[Finding]:
    """Of two rows one below the other that are equal in all their incomes the one that fits the other's past better than its own; where
    several incomes are equal to the cent, either is asked about."""
    for (n, upper), (m, lower) in pairwise(enumerate(rows)):
        now, first, second = typed[n], expected[n], expected[m]
        if not now or now < 1 or typed[m] != now or first is None or second is None or not _equal(upper, lower):
            continue
        nearer = _distance(now, first) - _distance(now, second)
        if _several(upper) or abs(nearer) > NEARER:
            row, other = (upper, lower) if nearer > 0 else (lower, upper)
            how = Text(f"各项收入与{other.name}完全相同", f"all incomes equal those of {other.name}, {say(now)}")
            yield _finding(reading, row, other.name, how)


def _several(row: Row) -> bool:
    """Whether more than one income stands in the row: two equal by chance are rarer than one."""
    return sum(bool(row.values[code].value) for code in INCOME if code in row.values) > 1


def _equal(row: Row, other: Row) -> bool:
    mine, theirs = row.values, other.values
    return all(mine[code].value == theirs[code].value for code in INCOME if code in mine and code in theirs)
