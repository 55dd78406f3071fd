"""What an indicator is made of: the rows it is computed over, and the elements whose cells stand behind each row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb

from townboard.catalogue import Catalogue, Indicator, Settings
from townboard.formulas import parameters
from townboard.formulas.relations import relation
from townboard.periods import Period

PARTS = ("operating_income", "subsidy_income", "other_income")
"""The parts of total income."""
DECEMBER = -1
"""Instead of months back: last year's December."""


def counted(catalogue: Catalogue, indicator: Indicator) -> Indicator:
    """The indicator whose rows are looked at: for a gap, the share it is the gap of."""
    return catalogue.indicator[indicator.of] if indicator.kind == "gap" else indicator


def rows_sql(catalogue: Catalogue, indicator: Indicator) -> str:
    """The SELECT of an indicator's rows: org_unit, unit, row_reported, row_approved, numerator, denominator (NULL where it has none).

    Parameters are those of `formulas.parameters`.
    """
    indicator = counted(catalogue, indicator)
    words = frozenset(re.findall(r"\w+", f"{indicator.numerator} {indicator.denominator}"))
    return f"""{relation(catalogue, indicator.source, words)}
select
    r.org_unit,
    r.unit,
    r.row_reported,
    r.row_approved,
    {indicator.numerator} as numerator,
    {indicator.denominator or "null"} as denominator
from place_row r
order by r.org_unit
"""


def question(
    catalogue: Catalogue,
    indicator: Indicator,
    period: Period,
    *,
    county: str,
    units: Sequence[str],
    basis: str,
    as_of: datetime | None,
) -> tuple[str, dict[str, Any]]:
    """`rows_sql` and what it binds."""
    sql = rows_sql(catalogue, indicator)
    source = counted(catalogue, indicator).source
    known = parameters(catalogue, source, period, county=county, units=units, basis=basis, as_of=as_of)
    return sql, {name: known[name] for name in duckdb.extract_statements(sql)[0].named_parameters}


def used(catalogue: Catalogue, indicator: Indicator, part: str) -> tuple[tuple[str, int], ...]:
    """(element, months back) of every cell that a part (numerator, denominator) of an indicator's row is computed from, in order.

    Settings, counts of places and the reports' own figures have no cell and are left out.
    """
    indicator = counted(catalogue, indicator)
    form = catalogue.data_set.get(indicator.source)
    if form is None:
        return ()
    derived = _derived(catalogue.settings)
    found: list[tuple[str, int]] = []
    for word in re.findall(r"[a-z]\w*", re.sub(r"'[^']*'", "", getattr(indicator, part))):
        if word in derived:
            found += derived[word]
        elif word in form.by_code and form.by_code[word].is_stored:
            found.append((word, 0))
    return tuple(dict.fromkeys(found))


def starts_anew(catalogue: Catalogue, indicator: Indicator) -> bool:
    """Whether an indicator rests on an amount that is counted from January on: December and January are not alike in it."""
    form = catalogue.data_set.get(counted(catalogue, indicator).source)
    if form is None:
        return False
    codes = {code for part in ("numerator", "denominator") for code, _ in used(catalogue, indicator, part)}
    return any(form.by_code[code].accumulation == "year_to_date" for code in codes)


def _derived(settings: Settings) -> dict[str, list[tuple[str, int]]]:
    """Column of a row relation → what it is made of (see `relations`)."""
    goal = list(PARTS) if settings.goal_income_basis == "total" else ["operating_income"]
    last_year = "last_year_total_income" if settings.goal_income_basis == "total" else "last_year_operating_income"
    pace = [(part, back) for back in (12, DECEMBER) for part in goal]
    return {
        "goal_income": [(part, 0) for part in goal],
        "total_income": [(part, 0) for part in PARTS],
        "last_year_income": [(last_year, 0)],
        "operating_income__1": [("operating_income", 1)],
        "operating_income__2": [("operating_income", 2)],
        "operating_income__3": [("operating_income", 3)],
        "operating_income__year_ago": [("operating_income", 12)],
        "pace_weight": pace,
        "forecast_income": [("expected_income", 0), *((part, 0) for part in goal), *pace],
        "closed": [("closing_requested", 0)],
    }
