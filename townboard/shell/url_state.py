"""The link: `?county=140121&period=2022-10&unit=140121100&basis=preliminary&as_of=2022-11-05T18:00&lang=zh`, codes only.

Streamlit would write labels; a renamed township would then break saved links. What a link says is checked against what
exists and what the visitor may see; anything else is not followed: the default stands, and the page says so (`strange`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from townboard.periods import Period
from townboard.tables import BEGINNING, NOW
from townboard.text import LANGUAGES, Language, Text

BASES = ("preliminary", "approved")
KEYS = ("county", "period", "unit", "village", "band", "basis", "as_of", "lang")
WORDS = {
    "county": Text("县(区)", "county"), "period": Text("报告期", "month"), "unit": Text("单位", "unit"), "village": Text("村", "village"),
    "band": Text("收入档次", "income band"), "basis": Text("数据口径", "figures"), "as_of": Text("时点", "moment"), "lang": Text("语言", "language"),
}  # fmt: skip
"""What each code of a link is about."""
BANDS = ("1", "2", "3", "4", "5", "6", "none")
"""Codes of the six income bands, and of the villages without a figure."""
_MOMENT = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a visitor picked, as codes; None where nothing was picked. `as_of` is a minute on the county's clock."""

    county: str | None = None
    period: str | None = None
    unit: str | None = None
    basis: str | None = None
    lang: Language | None = None
    village: str | None = None
    band: str | None = None
    as_of: str | None = None

    def over(self, other: Choice) -> Choice:
        """This choice, with the gaps filled from another one."""
        gaps = {one.name: getattr(other, one.name) for one in fields(self) if getattr(self, one.name) is None}
        return replace(self, **gaps)

    def items(self) -> tuple[str | None, ...]:
        """The codes in the order of `KEYS`."""
        return tuple(getattr(self, key) for key in KEYS)

    def written(self) -> dict[str, str]:
        """The query parameters that say the same; what was not picked is left out."""
        return {key: value for key, value in zip(KEYS, self.items(), strict=True) if value}


def read(
    parameters: Mapping[str, str], counties: Sequence[str], units: Sequence[str], villages: Mapping[str, str] | None = None
) -> Choice:
    """What a link asks for. `counties` and `units` are the codes this visitor may see, `villages` those below, each with its unit;
    unknown codes are dropped, and so is a village of another unit than the link's. A village alone names its unit."""

    def among(key: str, allowed: Sequence[str]) -> str | None:
        value = parameters.get(key)
        return value if value in allowed else None

    unit, village = among("unit", units), parameters.get("village", "")
    above = (villages or {}).get(village)
    if above is None or (unit or above) != above or ("unit" in parameters and unit is None):
        village = ""
    elif unit is None:
        unit = above
    return Choice(
        among("county", counties), _month(parameters), unit, among("basis", BASES), read_language(parameters), village or None,
        among("band", BANDS), _moment(parameters),
    )  # fmt: skip


def strange(parameters: Mapping[str, str], followed: Choice) -> list[tuple[str, str]]:
    """(key, value) of what a link asks for and is not followed: unknown, or outside what the visitor may see."""
    return [(key, value) for key in KEYS if (value := parameters.get(key)) and getattr(followed, key) is None]


def is_whole(parameters: Mapping[str, str]) -> bool:
    """Whether a link says everything, as those that we write do: what it leaves out was not chosen. Others are filled from the visit."""
    return "county" in parameters and "basis" in parameters


def _month(parameters: Mapping[str, str]) -> str | None:
    try:
        return str(Period.parse(parameters.get("period", "")))
    except ValueError:
        return None


def _moment(parameters: Mapping[str, str]) -> str | None:
    """A moment of a store's time: neither before it began nor where times are kept for what never ends."""
    written = parameters.get("as_of", "")
    try:
        moment = datetime.strptime(written, _MOMENT)
    except ValueError:
        return None
    return written if moment.strftime(_MOMENT) == written and BEGINNING <= moment < NOW else None


def moment_of(written: str, clock_offset_hours: float) -> datetime:
    """A link's moment as everything is stored: UTC without a zone. The minute itself is included."""
    return datetime.strptime(written, _MOMENT).replace(second=59) - timedelta(hours=clock_offset_hours)


def moment_code(moment: datetime, clock_offset_hours: float) -> str:
    """A stored moment as a link writes it: `2022-11-05T18:00` on the county's clock."""
    return (moment + timedelta(hours=clock_offset_hours)).strftime(_MOMENT)


def read_language(parameters: Mapping[str, str]) -> Language | None:
    """The language a link asks for, if it names one of ours."""
    for language in LANGUAGES:
        if parameters.get("lang") == language:
            return language
    return None
