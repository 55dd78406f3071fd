"""Whose figures a document shows: county, month, units in scope, preliminary or approved, as of when; and how it asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from townboard import indicators
from townboard.catalogue import Catalogue
from townboard.charts.board import figure_words, sides
from townboard.charts.kit import STATUS, standing
from townboard.downloads import INVENTED
from townboard.indicators import Reading
from townboard.periods import Period
from townboard.store import query
from townboard.tables import NOW
from townboard.text import NOTHING, Language, Text, bracketed

if TYPE_CHECKING:
    from townboard.store import Store


@dataclass(frozen=True)
class Look:
    """One look at the store. `coverage` says who has reported, `moment` as of when; `missing`: units due whose figures do not stand, `held_back`
    those of them whose workbook is there, and why it counts not; `made`: the day on which the document is issued."""

    store: Store
    catalogue: Catalogue
    county: str
    period: Period
    units: tuple[str, ...]
    language: Language
    basis: str = "preliminary"
    as_of: datetime | None = None
    missing: tuple[str, ...] = ()
    held_back: Mapping[str, Text] = field(default_factory=dict)
    coverage: Text = NOTHING
    moment: Text = NOTHING
    invented: bool = False
    made: date | None = None

    def say(self, words: Text) -> str:
        """Words in the document's language."""
        return words.say(self.language)

    def name(self, code: str) -> str:
        """A place's name."""
        return self.say(self.catalogue.org_unit[code].label)

    def readings(
        self, level: str, only: Sequence[str] | None = None, *, units: Sequence[str] | None = None, period: Period | None = None
    ) -> list[Reading]:
        """Indicator readings, as the pages have them."""
        return indicators.readings(
            self.store, self.catalogue, period or self.period, level=level, county=self.county,
            units=self.units if units is None else units, basis=self.basis, as_of=self.as_of, only=only,
        )  # fmt: skip

    def ask(self, name: str, **more: Any) -> pd.DataFrame:
        """The answer of `queries/<name>.sql` for these units."""
        settings = self.catalogue.settings
        known: dict[str, Any] = {
            "period": str(self.period), "basis": self.basis, "as_of": self.as_of or NOW, "county": self.county,
            "goal_income_basis": settings.goal_income_basis, "goal_threshold": settings.goal_threshold, **more,
        }  # fmt: skip
        wanted = query(name)[1]
        return self.store.ask(name, units=self.units, **{key: value for key, value in known.items() if key in wanted})

    def same_units(self, then: Period) -> tuple[str, ...]:
        """The units that reported both this month and another one: what two months may be compared on."""
        found = self.ask("reported_units_by_month")
        both = [
            set(found[(found["period"] == str(month)) & (found["basis"] == self.basis)]["unit"]) for month in (self.period, then)
        ]
        return tuple(unit for unit in self.units if all(unit in there for there in both))

    @property
    def mark(self) -> str:
        """What stands on every page: the moment, the basis, and that figures are invented where they are."""
        parts = [
            self.moment,
            Text("仅已审核", "approved only") if self.basis == "approved" else Text("含未审核数据", "unapproved included"),
        ]
        if self.invented:
            parts.insert(0, INVENTED)
        return self.say(Text(" · ".join(part.zh for part in parts if part.zh), " · ".join(part.en for part in parts if part.en)))


def figure(look: Look, reading: Reading) -> str:
    """`45.3%` with `58/128` in brackets; a dash where nothing is known, n/N where there is one."""
    indicator = look.catalogue.indicator[reading.id]
    both = sides(reading) if indicator.unit == "%" else ""
    words = look.say(figure_words(reading, indicator))
    if not both or reading.value is None:
        return words
    return bracketed(words, both, look.language)


def status(look: Look, reading: Reading) -> str:
    """`✓ 已达基本目标`: sign and words."""
    words, sign, _, _ = STATUS[standing(reading)]
    return f"{sign} {look.say(words)}"
