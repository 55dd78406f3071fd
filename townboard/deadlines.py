"""When a month's workbook is due: the n-th working day of the next month, Asia/Shanghai, by the calendar of public holidays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from townboard.catalogue import Settings
from townboard.periods import Period


def is_working_day(day: date, settings: Settings) -> bool:
    """Whether offices work: not on public holidays, but on their make-up days; Monday to Friday where the calendar says nothing."""
    known = settings.calendar.get(day)
    return day.weekday() < 5 if known is None else known


def is_known(year: int, settings: Settings) -> bool:
    """Whether the calendar holds the year's public holidays; without them only weekends are known."""
    return any(day.year == year for day in settings.calendar)


def working_day(period: Period, number: int, settings: Settings) -> date:
    """The n-th working day of a month (and on into the next ones)."""
    day, left = period.start, number
    while left := left - is_working_day(day, settings):
        day += timedelta(days=1)
    return day


def due_at(period: Period, settings: Settings) -> datetime:
    """The last moment on time, in UTC without a zone (as everything is stored)."""
    return end_of(working_day(period.plus(1), settings.report_working_day, settings), settings)


def end_of(day: date, settings: Settings) -> datetime:
    """The last second of a day in the county, in UTC without a zone."""
    return datetime.combine(day, time(23, 59, 59)) - timedelta(hours=settings.clock_offset_hours)


def local_date(moment: datetime, settings: Settings) -> date:
    """The calendar day in the county of a stored moment."""
    return (moment + timedelta(hours=settings.clock_offset_hours)).date()


def local_time(moment: datetime, settings: Settings) -> str:
    """A stored moment as people in the county say it: `2022-11-03 17:20`."""
    return (moment + timedelta(hours=settings.clock_offset_hours)).strftime("%Y-%m-%d %H:%M")
