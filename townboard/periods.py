"""Periods: months written `2022-10`. Quarter months, year starts and the way a month is said aloud."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from townboard.text import Text

_WRITTEN = re.compile(r"(\d{4})-(\d{2})\Z")
_MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December")  # fmt: skip


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """One reporting month."""

    year: int
    month: int

    @classmethod
    def parse(cls, written: str) -> Period:
        """Read `YYYY-MM`; raises ValueError for anything else."""
        match = _WRITTEN.match(written)
        if match is None or not 1 <= int(match[2]) <= 12:
            raise ValueError(f"a period is written YYYY-MM, not {written!r}")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        """The last day."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def plus(self, months: int) -> Period:
        """The period so many months later (earlier when negative)."""
        count = self.year * 12 + self.month - 1 + months
        return Period(count // 12, count % 12 + 1)

    @property
    def previous(self) -> Period:
        """The month before."""
        return self.plus(-1)

    @property
    def year_ago(self) -> Period:
        """The same month of last year."""
        return Period(self.year - 1, self.month)

    @property
    def closes_quarter(self) -> bool:
        """Whether quarterly forms are due (March, June, September, December)."""
        return self.month % 3 == 0

    @property
    def last_quarter_month(self) -> Period:
        """The latest quarter month at or before this one: where quarterly forms stand."""
        return self.plus(-(self.month % 3))

    @property
    def label(self) -> Text:
        """`2022年10月` / `October 2022`."""
        return Text(f"{self.year}年{self.month}月", f"{_MONTHS_EN[self.month - 1]} {self.year}")


def span(first: Period, last: Period) -> tuple[Period, ...]:
    """Every period from first to last, both included; empty when last is earlier."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return tuple(first.plus(n) for n in range(months + 1))
