"""The link: `?county=140121&period=2022-10&unit=140121100&basis=preliminary&lang=zh`, codes only.

Streamlit would write labels; a renamed township would then break saved links. What a link says is checked against what
exists and what the visitor may see; anything else is left out in silence, and the default stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from townboard.periods import Period
from townboard.text import LANGUAGES, Language

BASES = ("preliminary", "approved")
KEYS = ("county", "period", "unit", "basis", "lang")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a visitor picked, as codes; None where nothing was picked."""

    county: str | None = None
    period: str | None = None
    unit: str | None = None
    basis: str | None = None
    lang: Language | None = None

    def over(self, other: Choice) -> Choice:
        """This choice, with the gaps filled from another one."""
        return Choice(
            self.county or other.county, self.period or other.period, self.unit or other.unit, self.basis or other.basis,
            self.lang or other.lang,
        )  # fmt: skip

    def items(self) -> tuple[str | None, str | None, str | None, str | None, Language | None]:
        """The five codes in the order of `KEYS`."""
        return self.county, self.period, self.unit, self.basis, self.lang

    def written(self) -> dict[str, str]:
        """The query parameters that say the same; what was not picked is left out."""
        return {key: value for key, value in zip(KEYS, self.items(), strict=True) if value}


def read(parameters: Mapping[str, str], counties: Sequence[str], units: Sequence[str]) -> Choice:
    """What a link asks for. `counties` and `units` are the codes this visitor may see; unknown codes are dropped."""

    def among(key: str, allowed: Sequence[str]) -> str | None:
        value = parameters.get(key)
        return value if value in allowed else None

    try:
        period = str(Period.parse(parameters.get("period", "")))
    except ValueError:
        period = None
    return Choice(among("county", counties), period, among("unit", units), among("basis", BASES), read_language(parameters))


def read_language(parameters: Mapping[str, str]) -> Language | None:
    """The language a link asks for, if it names one of ours."""
    for language in LANGUAGES:
        if parameters.get("lang") == language:
            return language
    return None
