"""One number that leaders read, and the goals set for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from townboard.text import Text


@dataclass(frozen=True, slots=True)
class Indicator:
    """One number leaders read. `kind` says how `numerator` and `denominator` (row expressions) become a value:

    share N(rows)/N(rows) · ratio Σ/Σ · count N(rows) · sum Σ · mean Σ/rows · median · bands · gap (rows short of `of`'s goal).
    """

    id: str
    code: str
    theme: str
    label: Text
    source: str
    kind: str
    factor: float
    unit: str
    decimals: int
    direction: str  # higher | lower | context
    formula: str
    numerator_words: Text
    pages: tuple[str, ...]
    numerator: str = ""
    denominator: str = ""
    denominator_words: Text | None = None
    of: str = ""
    basic_numerator: str = ""
    basic_denominator: str = ""
    caveat: Text | None = None

    @property
    def is_ratio(self) -> bool:
        """Whether it has a denominator that readers see."""
        return self.kind in ("share", "ratio", "mean")


@dataclass(frozen=True, slots=True)
class Target:
    """The basic and highest goal of one indicator for one org unit and year, in the indicator's unit."""

    indicator: str
    org_unit: str
    year: int
    basic: float | None
    highest: float | None
    deadline: date
