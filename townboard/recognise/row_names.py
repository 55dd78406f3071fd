"""From a name in a row to an org unit of this unit: exact names and their official and short forms, or a code; never by likeness.

160 pairs of villages in one county differ by a single character, so likeness only orders the candidates that a person is shown.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

from townboard.catalogue import Catalogue, FormerName, OrgUnit
from townboard.periods import Period
from townboard.recognise.headers import plain
from townboard.workbook.sheets import Cell, shown

_BODIES = re.compile(
    r"(?:村民委员会|居民委员会|村委会|居委会|村委|居委|股份经济合作社|股份经济合作联合社|经济合作社|经济联合社|集体经济组织|党支部|党总支|党委|村级)\Z"
)
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^】]*)】")
_SUFFIXES = ("社区", "村")
_WEAK = frozenset("东西南北中前后上下大小新老村庄家社区营堡寨街路一二三四")
_NUMBERED = re.compile(r"^\d{1,2}[.、)]")


class Identified(NamedTuple):
    """Who a row is about: `code` of an org unit of this unit, or `elsewhere`, the unit that the name exactly belongs to."""

    code: str = ""
    elsewhere: str = ""
    conflict: tuple[str, ...] = ()
    former: FormerName | None = None


UNKNOWN = Identified()


@dataclass
class Names:
    """The names that mean something in the rows of one unit's form."""

    own: dict[str, str] = field(default_factory=dict)
    former: dict[str, Identified] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    others: dict[str, str] = field(default_factory=dict)
    prefixes: tuple[str, ...] = ()
    units: tuple[OrgUnit, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    found: dict[str, Identified] = field(default_factory=dict)

    def identify(self, name: str, code: str = "") -> Identified:
        """Who a row with this name, and code if it has one, is about. Name and code that differ identify nobody."""
        by_name = self.found.get(name)
        if by_name is None:
            by_name = self.found[name] = self._by_name(name)
        if not code:
            return by_name
        by_code = self.by_code(code)
        if by_code.code and by_name.code and by_code.code != by_name.code:
            return Identified(conflict=(self.labels[by_name.code], self.labels[by_code.code]))
        if by_name.code or (by_name.elsewhere and not by_code.code):
            return by_name
        return by_code if not plain(name) or by_code.code == "" else self._named_otherwise(name, by_code)

    def _named_otherwise(self, name: str, by_code: Identified) -> Identified:
        """The code is ours but the name is not known: taken where the name has nothing to say, else asked."""
        return by_code if plain(name) in ("", "-", "—", "/") else Identified(conflict=(self.labels[by_code.code],))

    def by_code(self, code: str) -> Identified:
        """The org unit with a 12-digit code."""
        if code in self.codes:
            return Identified(code)
        parent = self.others.get(code, "")
        return Identified(elsewhere=parent) if parent else UNKNOWN

    def _by_name(self, name: str) -> Identified:
        text = _NUMBERED.sub("", plain(name)).strip("*※★·•.、,;:。#\"'“”‘’`")
        if not text:
            return UNKNOWN
        inner = [part for groups in _BRACKETS.findall(text) for part in groups if part]
        for tried in (text, _BRACKETS.sub("", text)):
            for form in self._forms(tried):
                if form in self.own:
                    return Identified(self.own[form])
        for form in self._forms(text):
            if form in self.former:
                return self.former[form]
        for tried in inner:
            if tried.endswith(_SUFFIXES) and tried in self.own:
                return Identified(self.own[tried])
        for tried in (text, _BRACKETS.sub("", text)):
            if tried in self.others:
                return Identified(elsewhere=self.others[tried])
        if text.isdigit():
            return self.by_code(text)
        return UNKNOWN

    def _forms(self, text: str) -> list[str]:
        """The text as it stands, without county and unit before it, without the body's name behind it."""
        forms = [text]
        bare = text
        while prefix := next((prefix for prefix in self.prefixes if bare.startswith(prefix) and len(bare) > len(prefix)), ""):
            bare = bare[len(prefix) :]
            forms.append(bare)
        while _BODIES.search(bare):
            bare = _BODIES.sub("", bare)
            forms.append(bare)
        return forms

    def candidates(self, name: str) -> tuple[str, ...]:
        """Up to three names of this unit to choose from, the likeliest first."""
        text = _base(self._forms(_BRACKETS.sub("", plain(name)))[-1])
        if not text:
            return ()
        scored = []
        for unit in self.units:
            base = _base(unit.label.zh)
            shared = sum((Counter(text) & Counter(base)).values())
            strong = sum(1 for letter in set(text) & set(base) if letter not in _WEAK)
            likeness = SequenceMatcher(None, text, base).ratio()
            if strong or (shared and likeness >= 0.5):
                scored.append((-(strong + likeness), unit.order, unit.label.zh))
        return tuple(label for _, _, label in sorted(scored)[:3])


def _base(label: str) -> str:
    for suffix in _SUFFIXES:
        if label.endswith(suffix) and len(label) > len(suffix) + 1:
            return label.removesuffix(suffix)
    return label.removesuffix("村") if len(label) > 1 else label


def code_text(cell: Cell | None) -> str:
    """A code as text: twelve digits, typed as text or as a number that Excel still keeps exactly; "" for anything else."""
    if cell is None or cell.value is None or isinstance(cell.value, bool):
        return ""
    if isinstance(cell.value, float):
        return shown(cell.value) if cell.value.is_integer() and 0 < cell.value < 1e15 else ""
    bare = plain(cell.value).lstrip("'")
    return bare if bare.isdigit() else ""


_NAMES: dict[tuple[int, str, str, Period], tuple[Catalogue, Names]] = {}


def names_of(catalogue: Catalogue, unit: str, level: str, period: Period) -> Names:
    """The names of a unit's villages or communities in a month, made once for each catalogue, unit, level and month."""
    at = (id(catalogue), unit, level, period)
    kept = _NAMES.get(at)
    if kept is None or kept[0] is not catalogue or len(kept[1].found) > 20_000:
        if len(_NAMES) > 256:
            _NAMES.clear()
        kept = _NAMES[at] = (catalogue, _make(catalogue, unit, level, period))
    return kept[1]


def _make(catalogue: Catalogue, unit: str, level: str, period: Period) -> Names:
    owner = catalogue.org_unit[unit]
    units = catalogue.children(unit, level)
    names = Names(units=units, codes=frozenset(place.code for place in units))
    names.labels = {place.code: place.label.zh for place in units}
    for place in units:
        names.own[plain(place.label.zh)] = names.own[plain(place.official)] = place.code
        names.former |= {
            plain(former.name): Identified(place.code, former=former) for former in place.former if former.since <= period
        }
    short = Counter(place.label.zh.removesuffix("社区").removesuffix("村") for place in units)
    for place in units:
        base = place.label.zh.removesuffix("社区").removesuffix("村")
        if base and short[base] == 1:
            names.own.setdefault(base, place.code)
    county = catalogue.org_unit[owner.parent].label.zh if owner.parent else ""
    names.prefixes = tuple(filter(None, ("山西省", "太原市", county, owner.label.zh, owner.label.zh + "人民政府")))
    for other in catalogue.units(owner.parent):
        if other.code == unit:
            continue
        for place in catalogue.children(other.code, level):
            for name in (place.label.zh, place.official, other.label.zh + place.label.zh):
                names.others.setdefault(plain(name), other.code)
            names.others[place.code] = other.code
    return names
