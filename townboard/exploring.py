"""Any form or indicator as a table over months: the rows of the store with names, and every gap said in words. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from townboard.access import SOURCES
from townboard.catalogue import Catalogue, DataSet, Indicator, unit_words
from townboard.charts.kit import missing
from townboard.downloads import Column
from townboard.periods import Period, span
from townboard.text import Language, Text, listed
from townboard.theme_tables import element_column

QUERIES: dict[str, str] = {
    "village_economy": "income_by_village",
    "clean_collect": "clean_collect_by_village",
    "assets_platform": "assets_platform_by_unit",
    "law_enforcement": "law_enforcement_by_unit",
    "community_coverage": "community_coverage_by_community",
    "enterprise_party": "enterprise_party_by_unit",
    "burden": "burden_by_unit",
    "problems_models": "problems_models_by_item",
}
"""Form → the query that answers it for one month. The cover holds names and phone numbers and is not offered."""

MISSING, NOT_APPLICABLE, NOT_REPORTED = Text("缺", "missing"), Text("不涉及", "does not apply"), Text("未报", "not reported")
FRONT = (
    Column("period", Text("月份", "Month")),
    Column("unit_name", Text("单位", "Unit")),
    Column("name", Text("名称", "Place")),
)
REMARKS = Column("remarks", Text("说明", "Remarks"))


def periods(last: Period, reach: str, data_set: DataSet | None) -> list[Period]:
    """The months of a reach ("1", "3", "12" or "year") up to `last`; for a quarterly form the quarter months among them."""
    first = Period(last.year, 1) if reach == "year" else last.plus(1 - int(reach))
    months = span(first, last)
    if data_set is None or data_set.cycle == "monthly":
        return list(months)
    return sorted({data_set.data_period(month) for month in months})


def rows(
    data_set: DataSet, answers: Mapping[str, pd.DataFrame], notes: Mapping[str, pd.DataFrame], catalogue: Catalogue, language: Language
) -> pd.DataFrame:  # fmt: skip
    """All months together, newest first: period, unit_name, name, remarks, and the form's elements. Keys of both mappings are months."""
    parts = []
    for period in sorted(answers, reverse=True):
        found = answers[period].copy()
        owing = {unit for unit in found["unit"] if data_set in catalogue.due(unit, Period.parse(period))}
        found = found[found["unit"].isin(owing)]
        code = "org_unit" if "org_unit" in found else "unit"
        said = _said(notes[period], data_set, language)
        sent = found["reported"].fillna(False) if "reported" in found else pd.Series(True, index=found.index)
        item = found["item"] if "item" in found else pd.Series("", index=found.index)
        found.insert(0, "period", period)
        found["unit_name"] = [catalogue.org_unit[unit].label.say(language) for unit in found["unit"]]
        found["name"] = [catalogue.org_unit[place].label.say(language) for place in found[code]]
        found["remarks"] = [
            said.get((place, number), "") if there else NOT_REPORTED.say(language)
            for place, number, there in zip(found[code], item, sent, strict=True)
        ]
        parts.append(found)
    kept = ["period", "unit_name", "name", "remarks", *codes(data_set)]
    if not parts:
        return pd.DataFrame(columns=kept)
    whole = pd.concat(parts, ignore_index=True)
    return whole[[code for code in kept if code in whole]]


def _said(notes: pd.DataFrame, data_set: DataSet, language: Language) -> dict[tuple[str, str], str]:
    """`缺:主要收入来源;不涉及:其他收入` for each row that has something missing; what may be left blank is not missing."""
    words: dict[tuple[str, str], dict[Text, list[Text]]] = {}
    for note in notes.to_dict("records"):
        label = {"missing": MISSING, "not_applicable": NOT_APPLICABLE}.get(str(note["status"]))
        element = data_set.by_code.get(str(note["element"]))
        if label is not None and element is not None and (element.fill != "optional" or label is NOT_APPLICABLE):
            row = words.setdefault((str(note["org_unit"]), str(note["item"] or "")), {})
            row.setdefault(label, []).append(element.label)
    return {place: _remark(found).say(language) for place, found in words.items()}


def _remark(found: Mapping[Text, Sequence[Text]]) -> Text:
    parts = [Text("{state}:{names}", "{state}: {names}").fill(state=state, names=listed(names)) for state, names in found.items()]
    return Text(";".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def codes(data_set: DataSet) -> list[str]:
    """The elements shown: what is stored, without names, codes and the rows' own place."""
    hidden = {"village_code", "village_name", "community_code", "community_name"}
    found = [element.code for element in data_set.stored if element.code not in hidden and not element.code.startswith("annual_")]
    if data_set.code == "village_economy":
        found.insert(found.index("other_income") + 1, "total_income")
        found.insert(0, "annual_target")
        found = list(dict.fromkeys(found))
    return found


CHANGES = ("form", "place", "element", "before", "now", "difference", "unit")


def changes(
    data_set: DataSet, before: pd.DataFrame, now: pd.DataFrame, unit: str, catalogue: Catalogue, language: Language
) -> pd.DataFrame:  # fmt: skip
    """The numbers of one unit's form that differ between two months, both known; the largest relative change first.

    Columns as `CHANGES`; `difference` in the element's unit.
    """
    code = "org_unit" if "org_unit" in now else "unit"
    earlier = {row[code]: row for row in before.to_dict("records")}
    found = []
    for row in now[now["unit"] == unit].to_dict("records"):
        last = earlier.get(row[code], {})
        for element in data_set.elements:
            a, b = last.get(element.code), row.get(element.code)
            if not element.is_number or not element.is_asked or missing(a) or missing(b) or a == b:
                continue
            place = catalogue.org_unit[row[code]].label.say(language)
            found.append((data_set.label.say(language), place, element.label.say(language), float(a or 0), float(b or 0),
                          round(float(b or 0) - float(a or 0), 4), unit_words(element.unit).say(language)))  # fmt: skip
    out = pd.DataFrame(found, columns=list(CHANGES))
    order = (out["difference"].abs() / (out["before"].abs() + 1)).sort_values(ascending=False, kind="stable").index
    return out.loc[order].reset_index(drop=True)


def columns(data_set: DataSet, frame: pd.DataFrame) -> list[Column]:
    """The columns of `rows`, those the frame has."""
    return [*FRONT, REMARKS, *(element_column(data_set, code) for code in codes(data_set) if code in frame)]


def themes(catalogue: Catalogue, seen: Collection[str]) -> Sequence[str]:
    """The themes that have indicators resting on data sets that are `seen`, in order."""

    def rests(indicator: Indicator) -> bool:
        return SOURCES.get(indicator.source, indicator.source) in {*seen, ""}

    return [theme for theme in catalogue.themes if any(found.theme == theme and rests(found) for found in catalogue.indicators)]
