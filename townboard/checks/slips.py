"""Slips of the hand: 元 in a 万元 column, a zero too many or too few, January not begun anew. Every slip comes with what was probably meant."""

from __future__ import annotations

from statistics import median

from townboard.checks.sight import say
from townboard.checks.usual import Past, peers
from townboard.submission import SheetReading
from townboard.text import Text

SLIPS = ((10_000.0, 0.2, 5.0), (100.0, 0.5, 3.0), (10.0, 0.97, 1.5))
"""A factor, and between which shares of the usual value the divided one must lie: the bigger the slip, the surer it is one."""
YUAN = 10_000.0
MONEY_FLOOR, COUNT_FLOOR, FALL_FLOOR = 3.0, 12.0, 8.0
"""A smaller increase, or fall of a stock, does no harm worth a question."""
TIMES_LARGEST, TIMES_SEASON, LIKE_A_YEAR = 5.0, 3.0, 1.3
FIRST_FITS = (0.3, 3.0)
BEGINNING = {1: 0.6, 2: 1.0}
"""Month → the share of last year's total that a year may well have begun with; later it may be twice the total."""
PEERS, FAR_BEYOND, BEYOND_PEERS, BEYOND_LARGEST = 4, 100.0, 50.0, 10.0
"""Other rows needed, and how far a value of which nothing is known must lie beyond them: rows differ much, and only 元 shows through."""
BARELY_KNOWN = 10.0
"""万元 from which a value is judged by last year's total alone."""
NEXT_TO_NOTHING, OF_A_YEAR, LIKE_THEN = 0.03, 0.004, 0.3
"""Next to nothing beside what is usual by now, or beside last year's whole income, unless it was nearly as little at this time last year."""
STEADY, STEADY_MONTHS, OF_THE_LEAST = 0.4, 5, 0.4
"""A year ran evenly when its least month (of five known) had 0.4 of its middle one; a first month with less than 0.4 of the least is odd."""
Slip = tuple[float, Text]
"""What was probably meant, and why."""


def is_money(past: Past) -> bool:
    """Whether 10,000 is a factor to be reckoned with: 元 for 万元, square metres for 亩."""
    return past.element.unit in ("万元", "亩")


def too_big(past: Past, typed: float) -> Slip | None:
    """A value that fits the row's own history once divided by 10, 100 or (money and areas) 10,000."""
    last, increase = past.last, typed - past.last
    if last <= 0 or increase <= (MONEY_FLOOR if is_money(past) else COUNT_FLOOR):
        return None
    if increase <= TIMES_LARGEST * max(past.flows, default=0.0) or increase <= TIMES_SEASON * (past.season or 0.0):
        return None
    if past.is_like_last_year(typed):
        return None
    total = past.last_year_total if past.element.code == "operating_income" else None
    if total and past.season is None and typed <= LIKE_A_YEAR * total:
        return None  # a yearly rent looks the same
    usual = max(last, last + (past.usual or 0.0) * past.months)
    for factor, low, high in SLIPS if is_money(past) else SLIPS[1:]:
        if low * last <= typed / factor <= high * usual:
            why = Text(f"约为上期 {say(last)} 的 {say(factor)} 倍", f"about {say(factor)} times the last value, {say(last)}")
            return round(typed / factor, 4), why
    return None


def too_small(past: Past, typed: float) -> Slip | None:
    """A stock that was steady and fits its last value once multiplied by 10 or 100."""
    last = past.last
    if typed <= 0 or last - typed <= FALL_FLOOR:
        return None
    for factor in (10.0, 100.0):
        if 0.75 * last <= typed * factor <= 1.25 * last or (past.element.type == "integer" and typed == last // factor):
            why = Text(f"约为上期 {say(last)} 的 1/{say(factor)}", f"about 1/{say(factor)} of the last value, {say(last)}")
            return typed * factor, why
    return None


def begun_anew(past: Past, typed: float) -> Slip | None:
    """January: the value goes on from last December's instead of beginning anew."""
    if past.period.month != 1 or not past.known or past.known[-1][0] != past.period.previous or past.known[-1][1] is None:
        return None
    december, january = float(past.known[-1][1]), past.had_by_now
    floor = MONEY_FLOOR if is_money(past) else COUNT_FLOOR
    if december <= floor or not 0.98 * december <= typed <= 1.25 * december:
        return None
    if typed < 2 * (january or 0.0) or typed < 1.3 * past.largest_before:
        return None
    why = Text(f"上年累计为 {say(december)},1月应重新累计", f"last year's total is {say(december)}; January begins anew")
    return round(max(0.0, typed - december), 4), why


def first_of_the_year(past: Past, typed: float, reading: SheetReading, org_unit: str) -> Slip | None:
    """A value without a past in this year, against last year's, last year's total income, or the unit's other villages (R01)."""
    maximum, total, month = past.element.maximum, past.last_year_total, past.period.month
    if maximum is not None and typed > maximum:
        return round(typed / YUAN, 4), Text(f"一个村超过 {say(maximum)} 万元", f"more than {say(maximum)} 万元 in one village")
    if typed <= (MONEY_FLOOR if is_money(past) else COUNT_FLOOR):
        return _too_little(past, typed)
    usual = past.had_by_now or (total * month / 12 if total else None)
    if usual:
        only_total = past.had_by_now is None and past.season is None
        if typed <= max(3 * usual, _ordinary_beginning(past)) or (only_total and typed <= BARELY_KNOWN):
            return None
        return _divided(past, typed, usual, _last_year(past))
    return beside_peers(past, typed, reading, org_unit)


def beside_peers(past: Past, typed: float, reading: SheetReading, org_unit: str) -> Slip | None:
    """Money of which nothing is known before, far beyond what the unit's other rows have."""
    if not is_money(past) or past.element.code in ("subsidy_income", "other_income") or typed < FAR_BEYOND:
        return None
    others = peers(reading, past.element.code, org_unit)
    if len(others) < PEERS or typed <= BEYOND_PEERS * (middle := median(others)) or typed <= BEYOND_LARGEST * max(others):
        return None
    why = Text(f"本单位其他村一般为 {say(middle)}", f"the unit's other villages have about {say(middle)}")
    return _divided(past, typed, middle, why)


def _ordinary_beginning(past: Past) -> float:
    """How much may well have come in by this month, as far as last year tells: by its season, its largest month, or its total alone."""
    if past.season is not None:
        return TIMES_SEASON * past.season if past.is_regular else 2 * past.largest_before
    return (past.last_year_total or 0.0) * BEGINNING.get(past.period.month, 2.0)


def _divided(past: Past, typed: float, usual: float, why: Text) -> Slip | None:
    """The factor after which a value comes nearest to the usual one, if it comes near; far beyond everything 元 is the likeliest."""
    low, high = FIRST_FITS
    for factor, _, _ in reversed(SLIPS if is_money(past) else SLIPS[1:]):
        if low * usual <= typed / factor <= high * usual:
            return round(typed / factor, 4), why
    return (round(typed / YUAN, 4), why) if is_money(past) and typed > 100 * usual else None


def _too_little(past: Past, typed: float) -> Slip | None:
    """Zeros too few: next to nothing beside last year, or a tenth of every month where last year ran evenly (else that says little)."""
    if not is_money(past) or typed <= 0:
        return None
    total, had = past.last_year_total or 0.0, past.had_by_now or 0.0
    usual = had or (total * past.period.month / 12 if past.element.code == "operating_income" else 0.0)
    if typed < max(NEXT_TO_NOTHING * usual, OF_A_YEAR * total) and typed < LIKE_THEN * (had or total):
        return round(typed * 100, 4), _last_year(past)
    last_year = [flow for _, flow in past.flows_before]
    if len(last_year) < STEADY_MONTHS or past.element.code != "operating_income":
        return None
    least = min(last_year)
    if least < STEADY * median(last_year) or typed >= OF_THE_LEAST * least * past.period.month:
        return None
    return round(typed * 10, 4), _last_year(past)


def _last_year(past: Past) -> Text:
    had, total = past.had_by_now, past.last_year_total
    if had:
        return Text(f"上年同期为 {say(had)}", f"it was {say(had)} at this time last year")
    return Text(f"上年总收入为 {say(total)} 万元", f"last year's total was {say(total)} 万元")


def meant(past: Past, typed: float) -> float | None:
    """What a fallen cumulative should probably be: last + typed where it looks like one month's amount, else 10 or 100 times the typed."""
    last, usual = past.last, past.usual
    if not past.element.is_cumulative:
        return None
    if usual and not 0.4 * usual <= typed <= 2.5 * usual:
        for factor in (10.0, 100.0):
            if last <= typed * factor <= last + 3 * usual * past.months:
                return round(typed * factor, 4)
    if typed <= max(0.5 * last, 2 * max(past.flows, default=0.0)):
        return round(last + typed, 4)
    return None
