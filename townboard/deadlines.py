"""When a month's workbook is due: the n-th working day of the next month, Asia/Shanghai. Holidays are not known here yet."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from townboard.catalogue import Settings
from townboard.periods import Period


def due_at(period: Period, settings: Settings) -> datetime:
    """The last moment on time, in UTC without a zone (as everything is stored); working days are Monday to Friday."""
    day, left = period.plus(1).start, settings.report_working_day
    while True:
        left -= day.weekday() < 5
        if not left:
            break
        day += timedelta(days=1)
    return datetime.combine(day, time(23, 59, 59)) - timedelta(hours=settings.clock_offset_hours)


def local_date(moment: datetime, settings: Settings) -> date:
    """The calendar day in the county of a stored moment."""
    return (moment + timedelta(hours=settings.clock_offset_hours)).date()


def local_time(moment: datetime, settings: Settings) -> str:
    """A stored moment as people in the county say it: `2022-11-03 17:20`."""
    return (moment + timedelta(hours=settings.clock_offset_hours)).strftime("%Y-%m-%d %H:%M")
