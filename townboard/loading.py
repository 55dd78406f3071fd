"""Reading `data/catalogue` into the records of `catalogue`.

An unknown key, code, element or unit stops the start with a `CatalogueError` that names file, key and what was expected.
"""

from __future__ import annotations

import csv
import dataclasses
import os
import re
import tomllib
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from townboard.catalogue import (
    UNITS,
    Catalogue,
    Constraint,
    DataSet,
    Element,
    Expression,
    FormerName,
    Indicator,
    OrgUnit,
    Percentage,
    Settings,
    Target,
    Term,
)
from townboard.findings import KINDS
from townboard.periods import Period
from townboard.text import Text

FOLDER = Path(__file__).resolve().parent.parent / "data" / "catalogue"
TYPES = ("code", "text", "month", "decimal", "integer", "boolean", "enum", "date")
FILLS = ("typed", "carried", "prefilled", "derived", "optional")
ACCUMULATIONS = ("register", "baseline", "stock", "year_to_date", "since_start", "none")
KINDS_OF_INDICATOR = ("share", "ratio", "count", "sum", "mean", "median", "bands", "gap")
ORDER = ("cover", "village_economy", "clean_collect", "assets_platform", "law_enforcement", "community_coverage",
         "enterprise_party", "burden", "task_progress", "problems_models")  # fmt: skip
THEMES = ("economy", "clean_collect", "enforcement", "coverage", "enterprises", "burden", "tasks", "reports")
VIRTUAL_SYMBOLS = ("villages", "cases_carried_over")
"""Symbols of constraints that are no elements: villages of the unit; cases still open at the end of last year."""

_TERM = re.compile(r"\s*([+-]?)\s*(?:(\d+(?:\.\d+)?)\s*\*\s*)?([a-z_][a-z_0-9]*)")


class CatalogueError(Exception):
    """A definition that cannot be used; the message names the file, the key and what was expected."""


def one_of(value: str, allowed: Iterable[str], where: str, what: str) -> str:
    """`value` if allowed; raises CatalogueError with the nearest spelling otherwise."""
    allowed = list(allowed)
    if value not in allowed:
        near = get_close_matches(value, allowed, n=3)
        hint = f"did you mean {', '.join(near)}?" if near else f"expected one of {', '.join(map(repr, allowed))}"
        raise CatalogueError(f"{where}: unknown {what} {value!r}; {hint}")
    return value


def parse_expression(written: str, symbols: Iterable[str], where: str) -> Expression:
    """A linear expression over `symbols`; raises CatalogueError for anything else."""
    terms: list[Term] = []
    at = 0
    while at < len(written.rstrip()):
        match = _TERM.match(written, at)
        if match is None or (terms and not match[1]):
            raise CatalogueError(f"{where}: cannot read {written!r} at {written[at:]!r}; expected a + b, a - b or 2 * a")
        one_of(match[3], symbols, where, "element")
        terms.append(Term((-1.0 if match[1] == "-" else 1.0) * float(match[2] or 1), match[3]))
        at = match.end()
    return Expression(written, tuple(terms))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name}: {error}") from error


def _keys(table: dict[str, Any], required: Iterable[str], optional: Iterable[str], where: str) -> dict[str, Any]:
    required = list(required)
    for key in table:
        one_of(key, [*required, *optional], where, "key")
    for key in required:
        if key not in table:
            raise CatalogueError(f"{where}: the key {key!r} is missing")
    return table


def _text(table: dict[str, Any], key: str, where: str) -> Text:
    value = table[key]
    if not isinstance(value, dict) or sorted(value) != ["en", "zh"] or not all(value.values()):
        raise CatalogueError(f"{where}: {key} needs both languages, {{ zh = …, en = … }}")
    return Text(value["zh"], value["en"])


def _element(table: dict[str, Any], data_set: str, where: str) -> Element:
    where = f"{where} [[element]] {table.get('code', '?')}"
    _keys(table, ("code", "label", "aliases", "unit", "type", "accumulation", "fill", "required"),
          ("maximum", "values", "months", "rule"), where)  # fmt: skip
    for key, allowed in (("type", TYPES), ("fill", FILLS), ("accumulation", ACCUMULATIONS), ("unit", UNITS)):
        one_of(table[key], allowed, where, key)
    values = tuple(_text({"values": value}, "values", where) for value in table.get("values", ()))
    if (table["type"] == "enum") != bool(values):
        raise CatalogueError(f"{where}: 'values' belongs to an enum, and an enum needs it")
    return Element(
        data_set=data_set, code=table["code"], label=_text(table, "label", where), aliases=tuple(table["aliases"]),
        unit=table["unit"], type=table["type"], accumulation=table["accumulation"], fill=table["fill"],
        required=table["required"], maximum=table.get("maximum"), values=values,
        months=tuple(table.get("months", ())), rule=table.get("rule", ""),
    )  # fmt: skip


def _data_set(path: Path) -> DataSet:
    table = _keys(_toml(path), ("code", "form", "sheet", "label", "aliases", "rows", "cycle", "element"),
                  ("row_names", "constraint", "percentage"), path.name)  # fmt: skip
    code = one_of(table["code"], [path.stem], path.name, "code")
    one_of(table["rows"], ("unit", "village", "community", "task", "free"), path.name, "rows")
    one_of(table["cycle"], ("monthly", "quarterly"), path.name, "cycle")
    elements = tuple(_element(entry, code, path.name) for entry in table["element"])
    codes = [element.code for element in elements]
    for code_ in codes:
        if codes.count(code_) > 1:
            raise CatalogueError(f"{path.name}: the element {code_!r} stands twice")
    symbols = [*codes, *VIRTUAL_SYMBOLS]

    def constraint(entry: dict[str, Any], number: int) -> Constraint:
        where = f"{path.name} [[constraint]] {number}"
        _keys(entry, ("left", "operator", "right", "finding", "rule", "sentence"), (), where)
        return Constraint(
            parse_expression(entry["left"], symbols, where),
            one_of(entry["operator"], ("<=", ">=", "=", "needs"), where, "operator"),
            parse_expression(entry["right"], symbols, where),
            one_of(entry["finding"], KINDS, where, "finding"),
            entry["rule"],
            _text(entry, "sentence", where),
        )

    def percentage(entry: dict[str, Any], number: int) -> Percentage:
        where = f"{path.name} [[percentage]] {number}"
        _keys(entry, ("label", "aliases", "numerator", "denominator"), (), where)
        return Percentage(
            _text(entry, "label", where),
            tuple(entry["aliases"]),
            parse_expression(entry["numerator"], symbols, where),
            parse_expression(entry["denominator"], symbols, where),
        )

    return DataSet(
        code=code, form=table["form"], sheet=table["sheet"], label=_text(table, "label", path.name),
        aliases=tuple(table["aliases"]), rows=table["rows"], cycle=table["cycle"], elements=elements,
        constraints=tuple(constraint(entry, n) for n, entry in enumerate(table.get("constraint", ()), 1)),
        percentages=tuple(percentage(entry, n) for n, entry in enumerate(table.get("percentage", ()), 1)),
        row_names=tuple(table.get("row_names", ())),
    )  # fmt: skip


def _indicator(table: dict[str, Any], theme: str, sources: Iterable[str], name: str) -> Indicator:
    where = f"{name} [[indicator]] {table.get('id', '?')}"
    fields = {field.name for field in dataclasses.fields(Indicator)} - {"theme"}
    required = ("id", "code", "label", "source", "kind", "factor", "unit", "decimals", "direction", "formula",
                "numerator_words", "pages")  # fmt: skip
    _keys(table, required, sorted(fields - set(required)), where)
    one_of(table["source"], sources, where, "source")
    one_of(table["kind"], KINDS_OF_INDICATOR, where, "kind")
    one_of(table["unit"], UNITS, where, "unit")
    one_of(table["direction"], ("higher", "lower", "context"), where, "direction")
    if table["kind"] in ("share", "ratio") and ("denominator" not in table or "denominator_words" not in table):
        raise CatalogueError(f"{where}: a {table['kind']} needs denominator and denominator_words")
    words: dict[str, Any] = {
        key: _text(table, key, where) for key in ("label", "numerator_words", "denominator_words", "caveat") if key in table
    }
    record: dict[str, Any] = {**table, **words, "theme": theme, "pages": tuple(table["pages"]), "factor": float(table["factor"])}
    return Indicator(**record)


def _former(written: str, where: str) -> tuple[FormerName, ...]:
    """Former names as the office writes them: `旧名村@2022-06` renamed, `+并入村@2022-06` merged in that month; several with `;`."""
    found = []
    for entry in filter(None, written.split(";")):
        name, _, month = entry.strip().removeprefix("+").partition("@")
        try:
            found.append(FormerName(name, Period.parse(month), entry.strip().startswith("+")))
        except ValueError as error:
            raise CatalogueError(
                f"{where} former_names: {entry!r}; expected a name and a month such as 旧名村@2022-06"
            ) from error
    return tuple(found)


def _org_units(path: Path) -> tuple[OrgUnit, ...]:
    with path.open(encoding="utf-8", newline="") as lines:
        found = [
            OrgUnit(row["code"], row["parent"], row["level"], row["kind"], Text(row["name_zh"], row["name_en"]),
                    row["note_or_official_name"] if row["level"] in ("village", "community") else row["name_zh"], order,
                    former=_former(row["former_names"] or "", f"{path.name} line {order + 2}"))
            for order, row in enumerate(csv.DictReader(lines))
        ]  # fmt: skip
    codes = {unit.code for unit in found}
    for line, unit in enumerate(found, 2):
        one_of(unit.level, ("county", "township", "village", "community"), f"{path.name} line {line}", "level")
        if unit.parent and unit.parent not in codes:
            raise CatalogueError(f"{path.name} line {line}: the parent {unit.parent!r} of {unit.code} is not in the list")
    return tuple(found)


def _targets(path: Path, indicators: Iterable[str], org_units: Iterable[str]) -> tuple[Target, ...]:
    found, indicators, org_units = [], list(indicators), list(org_units)
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            where = f"{path.name} line {number}"
            one_of(row["indicator"], indicators, where, "indicator")
            one_of(row["org_unit"], org_units, where, "org unit")
            try:
                basic, highest = (float(row[key]) if row[key] else None for key in ("basic", "highest"))
                target = Target(row["indicator"], row["org_unit"], int(row["year"]), basic, highest,
                                date.fromisoformat(row["deadline"]))  # fmt: skip
            except ValueError as error:
                raise CatalogueError(f"{where}: {error}; expected numbers and a date YYYY-MM-DD") from error
            found.append(target)
    return tuple(found)


def _settings(path: Path, counties: Iterable[str]) -> Settings:
    names = [field.name for field in dataclasses.fields(Settings) if field.name != "calendar"]
    table = dict(_keys(_toml(path), names, (), path.name))
    table["county"] = os.environ.get("TOWNBOARD_COUNTY", table["county"])
    table["goal_income_basis"] = os.environ.get("TOWNBOARD_GOAL_INCOME_BASIS", table["goal_income_basis"])
    one_of(table["county"], counties, f"{path.name} county", "county")
    one_of(table["goal_income_basis"], ("total", "operating"), f"{path.name} goal_income_basis", "basis")
    return Settings(**table, calendar=_calendar(path.with_name("holidays.csv")))


def _calendar(path: Path) -> dict[date, bool]:
    """Day → whether offices work, for the days on which they do otherwise than the day of the week says."""
    found: dict[date, bool] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            where = f"{path.name} line {number}"
            one_of(row["kind"], ("holiday", "workday"), where, "kind")
            try:
                day = date.fromisoformat(row["date"])
            except ValueError as error:
                raise CatalogueError(f"{where}: {error}; expected a date YYYY-MM-DD") from error
            if day in found:
                raise CatalogueError(f"{where}: {day} stands twice")
            found[day] = row["kind"] == "workday"
    return found


SOURCES_BESIDE_DATA_SETS = ("report", "task", "problem")
"""What an indicator may count besides a data set: the reports themselves, tasks and problems on the ledger."""


def load(folder: Path = FOLDER) -> Catalogue:
    """Read the whole catalogue; raises CatalogueError at the first definition that cannot be used."""
    data_sets = tuple(_data_set(folder / "data_sets" / f"{code}.toml") for code in ORDER)
    for path in sorted((folder / "data_sets").glob("*.toml")):
        one_of(path.stem, ORDER, f"data_sets/{path.name}", "data set")
    sources = [*ORDER, *SOURCES_BESIDE_DATA_SETS]
    themes: dict[str, Text] = {}
    indicators: list[Indicator] = []
    for path in (folder / "indicators").glob("*.toml"):
        one_of(path.stem, THEMES, f"indicators/{path.name}", "theme")
    for path in (folder / "indicators" / f"{theme}.toml" for theme in THEMES):
        table = _keys(_toml(path), ("theme", "label", "indicator"), (), path.name)
        themes[one_of(table["theme"], [path.stem], path.name, "theme")] = _text(table, "label", path.name)
        indicators += [_indicator(entry, table["theme"], sources, path.name) for entry in table["indicator"]]
    ids = [indicator.id for indicator in indicators]
    for indicator in indicators:
        if ids.count(indicator.id) > 1:
            raise CatalogueError(f"indicators/{indicator.theme}.toml: {indicator.id} stands twice")
        if indicator.kind == "gap":
            one_of(indicator.of, ids, f"indicators/{indicator.theme}.toml {indicator.id} of", "indicator")
    org_units = _org_units(folder / "org_units.csv")
    return Catalogue(
        data_sets=data_sets, indicators=tuple(indicators), themes=themes, org_units=org_units,
        targets=_targets(folder / "targets.csv", ids, [unit.code for unit in org_units]),
        settings=_settings(folder / "settings.toml", [unit.code for unit in org_units if unit.level == "county"]),
    )  # fmt: skip


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The project's own catalogue, read once."""
    return load()
