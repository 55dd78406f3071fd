"""Indicator SQL, generated from the catalogue's row expressions; the only home of what an indicator computes.

Every source has a *row relation*: one row a place that should report (an unreported place is a row of NULLs), with the elements of its
data set and a few derived columns. Over it the expressions of all indicators of the source are computed row by row (`measured`), then
aggregated once at the level asked for. Everything that varies is a bound parameter; the text depends on the catalogue alone.

Parts of a reading are columns named after the indicator: `ce01_n`, `ce01_d`, and extras such as `ce07_band_1`. Rules (domain §6):

* share: rows where the numerator holds / *all* rows of the denominator, reported or not; no numerator while no row is known;
* ratio, mean: Σ/Σ over rows that have both sides; count, sum, median, bands: over rows that have a value; nothing known → NULL, never 0.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import duckdb

from townboard.catalogue import Catalogue, Indicator
from townboard.formulas.relations import relation
from townboard.loading import CatalogueError
from townboard.periods import Period
from townboard.tables import FIXED, NOW, fact_table

LEVELS = {"county": "county", "township": "unit", "village": "org_unit", "community": "org_unit"}
"""Level → the column of a row relation that names the place shown."""

BANDS = ((None, 5), (5, 10), (10, 30), (30, 50), (50, 100), (100, None))
"""Income bands of CE07, 万元: lower bound included, upper not."""

STAGES = {"signed": "签约", "building": "在建", "yielding": "见效"}

_EXTRA_COLUMNS = {
    "CE09": ("operating_income__year_ago",),
    "CE12": ("cooperation_stage",),
}
_EXTRAS = {
    "CE09": {
        "now": "sum(ce09_numerator) filter (where operating_income__year_ago is not null)",
        "then": "sum(operating_income__year_ago) filter (where ce09_numerator is not null)",
    },
    "CE12": {stage: f"count(*) filter (where row_reported and cooperation_stage = '{word}')" for stage, word in STAGES.items()},
}
"""What two indicators say besides their number: growth on the same villages, villages by stage of cooperation."""


def expressions(indicator: Indicator) -> dict[str, str]:
    """The row expressions of an indicator, by part."""
    parts = {
        "numerator": indicator.numerator, "denominator": indicator.denominator,
        "basic_numerator": indicator.basic_numerator, "basic_denominator": indicator.basic_denominator,
    }  # fmt: skip
    return {part: written for part, written in parts.items() if written}


def _of(catalogue: Catalogue, source: str, ids: Sequence[str] | None = None) -> list[Indicator]:
    """The indicators that a source's SQL computes; a gap is computed from the share it is `of`."""
    computed = [found for found in catalogue.indicators if found.source == source and found.numerator]
    if ids is None:
        return computed
    wanted = {*ids, *(catalogue.indicator[id].of for id in ids)}
    return [found for found in computed if found.id in wanted]


def measured_sql(catalogue: Catalogue, source: str, level: str, ids: Sequence[str] | None = None) -> str:
    """Every row of a source with the expressions of its indicators computed; ends in the step `measured`."""
    columns = [f"r.{LEVELS[level]} as place", "r.unit", "r.row_reported", "r.row_sent", "r.row_approved", "r.row_exempt"]
    words: set[str] = set()
    for indicator in _of(catalogue, source, ids):
        name = indicator.id.lower()
        words.update(re.findall(r"\w+", " ".join((*expressions(indicator).values(), *_EXTRA_COLUMNS.get(indicator.id, ())))))
        columns += [f"{written} as {name}_{part}" for part, written in expressions(indicator).items()]
        columns += [f"r.{column}" for column in _EXTRA_COLUMNS.get(indicator.id, ())]
    listed = ",\n        ".join(columns)
    needed = None if ids is None else frozenset(words)
    return f"{relation(catalogue, source, needed)},\nmeasured as (\n    select\n        {listed}\n    from place_row r\n)"


def _aggregates(indicator: Indicator) -> list[str]:
    name = indicator.id.lower()
    top, bottom = f"{name}_numerator", f"{name}_denominator"
    known = f"row_reported and {top} is not null"
    paired = f"{known} and {bottom} is not null"
    columns: list[str] = []
    if indicator.kind == "share":
        columns.append(
            f"case when count(*) filter (where {bottom} and {top} is not null) > 0"
            f" then count(*) filter (where {bottom} and {top}) end as {name}_n"
        )
        columns.append(f"count(*) filter (where {bottom}) as {name}_d")
    elif indicator.kind == "ratio":
        columns += [f"sum({top}) filter (where {paired}) as {name}_n", f"sum({bottom}) filter (where {paired}) as {name}_d"]
    elif indicator.kind == "mean":
        columns += [f"sum({top}) filter (where {known}) as {name}_n", f"count(*) filter (where {known}) as {name}_d"]
    elif indicator.kind == "sum":
        columns.append(f"sum({top}) filter (where {known}) as {name}_n")
    elif indicator.kind == "median":
        columns.append(f"percentile_cont(0.5) within group (order by {top}) filter (where {known}) as {name}_n")
    else:
        counted = f"{known}" if indicator.kind == "bands" else f"{known} and {top}"
        columns.append(f"case when count(*) filter (where {known}) > 0 then count(*) filter (where {counted}) end as {name}_n")
    if indicator.kind == "bands":
        for number, (low, high) in enumerate(BANDS, 1):
            bounds = [f"{top} >= {low}"] * (low is not None) + [f"{top} < {high}"] * (high is not None)
            columns.append(f"count(*) filter (where {known} and {' and '.join(bounds)}) as {name}_band_{number}")
    if indicator.basic_numerator:
        for part, end in (("basic_numerator", "bn"), ("basic_denominator", "bd")):
            columns.append(f"sum({name}_{part}) filter (where {paired}) as {name}_{end}")
    columns += [f"{aggregate} as {name}_{extra}" for extra, aggregate in _EXTRAS.get(indicator.id, {}).items()]
    return columns


_made: dict[tuple[int, str, str, tuple[str, ...]], tuple[Catalogue, str, frozenset[str]]] = {}


def prepared(catalogue: Catalogue, source: str, level: str, ids: tuple[str, ...]) -> tuple[str, frozenset[str]]:
    """`indicator_sql` of some indicators and the names of its parameters, made once for each catalogue."""
    key = (id(catalogue), source, level, ids)
    made = _made.get(key)
    if made is None or made[0] is not catalogue:
        if len(_made) >= 512:
            _made.clear()
        sql = indicator_sql(catalogue, source, level, ids)
        made = (catalogue, sql, frozenset(duckdb.extract_statements(sql)[0].named_parameters))
        _made[key] = made
    return made[1], made[2]


def indicator_sql(catalogue: Catalogue, source: str, level: str, ids: Sequence[str] | None = None) -> str:
    """The SELECT that answers the indicators of a source (all, or those in `ids`) at a level: one row a place, `org_unit` first.

    Beside the indicators: places and reported places, units expected, reported and still preliminary.
    """
    columns = [
        "place as org_unit",
        "count(*) as places",
        "count(*) filter (where row_reported) as places_reported",
        "count(distinct case when not row_exempt then unit end) as expected_units",
        "count(distinct case when row_sent then unit end) as reported_units",
        "count(distinct case when row_sent and not row_approved then unit end) as preliminary_units",
    ]
    for indicator in _of(catalogue, source, ids):
        columns += _aggregates(indicator)
    listed = ",\n    ".join(columns)
    return f"{measured_sql(catalogue, source, level, ids)}\nselect\n    {listed}\nfrom measured\ngroup by place\norder by place nulls last\n"


def parameters(
    catalogue: Catalogue, source: str, period: Period, *, county: str, units: Sequence[str], basis: str, as_of: datetime | None
) -> dict[str, Any]:
    """Everything a source's SQL may bind. `period` is the month asked for; quarterly forms look at their last quarter month."""
    form = catalogue.data_set.get(source)
    at = form.data_period(period) if form else period
    back = [at.plus(-months) for months in (1, 2, 3)]
    return {
        "period": str(at), "county": county, "units": list(units), "basis": basis, "as_of": as_of or NOW,
        "month": at.month, "year_ago": str(at.year_ago), "last_december": str(Period(at.year - 1, 12)),
        **{f"back_{months}": str(when) if when.year == at.year else "" for months, when in enumerate(back, 1)},
        "closes_quarter": at.closes_quarter,
        "goal_income_basis": catalogue.settings.goal_income_basis, "goal_threshold": catalogue.settings.goal_threshold,
    }  # fmt: skip


def fingerprint(catalogue: Catalogue) -> str:
    """A short word that changes when an expression, or an element it may name, does."""
    said = [(found.id, found.source, found.kind, *expressions(found).items()) for found in catalogue.indicators]
    known = [(element.data_set, element.code, element.type) for data_set in catalogue for element in data_set.elements]
    return hashlib.sha256(repr((said, known)).encode()).hexdigest()[:16]


_BOOLEAN_KINDS = ("share", "count")


def prove(catalogue: Catalogue, connection: duckdb.DuckDBPyConnection | None = None) -> None:
    """Let DuckDB bind every expression against the tables; raises CatalogueError naming file, indicator and candidates.

    Without a connection empty tables are made in memory. Expressions that count must be yes or no, the others numbers.
    """
    if connection is None:
        with _empty_tables(catalogue) as own:
            prove(catalogue, own)
        return
    for source in dict.fromkeys(indicator.source for indicator in catalogue.indicators):
        sql = measured_sql(catalogue, source, "county")
        try:
            types = _types(connection, catalogue, source, f"{sql}\nselect * from measured limit 0")
        except duckdb.Error:
            with _empty_tables(catalogue) as own:  # the error has ended a transaction of the caller's
                _find_culprit(own, catalogue, source)
            raise
        for indicator in _of(catalogue, source):
            for part in expressions(indicator):
                wanted_boolean = indicator.kind in _BOOLEAN_KINDS
                is_boolean = types[f"{indicator.id.lower()}_{part}"] == "BOOLEAN"
                if wanted_boolean != is_boolean:
                    wanted = "a condition (yes or no)" if wanted_boolean else "a number"
                    raise CatalogueError(f"{_where(indicator, part)}: a {indicator.kind} needs {wanted} there")


@contextmanager
def _empty_tables(catalogue: Catalogue) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as own:
        for name, columns in FIXED.items():
            own.execute(f"create table {name} ({columns})")
        for data_set in catalogue:
            own.execute(fact_table(data_set))
        yield own


def _types(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, source: str, sql: str) -> dict[str, str]:
    wanted = duckdb.extract_statements(sql)[0].named_parameters
    known = parameters(catalogue, source, Period(2022, 10), county="", units=[], basis="approved", as_of=None)
    answer = connection.execute(sql, {name: value for name, value in known.items() if name in wanted})
    return {column[0]: str(column[1]) for column in answer.description or ()}


def _where(indicator: Indicator, part: str) -> str:
    return f"indicators/{indicator.theme}.toml {indicator.id} {part}"


def _find_culprit(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, source: str) -> None:
    """Bind expression by expression, so that the message names the one that is wrong."""
    rows = relation(catalogue, source)
    for indicator in _of(catalogue, source):
        for part, written in expressions(indicator).items():
            try:
                _types(connection, catalogue, source, f"{rows}\nselect {written} as value from place_row r limit 0")
            except duckdb.Error as error:
                raise CatalogueError(f"{_where(indicator, part)}: {written!r}: {error}") from error
