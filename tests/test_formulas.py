"""The generated SQL: exactly what stands in `golden/`, parameters only, portable words, and every expression proved by DuckDB.

After a wanted change: `python -m tests.test_formulas` writes the golden files anew; read the difference.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import duckdb
import pytest

from townboard import formulas
from townboard.formulas.relations import relation
from townboard.loading import CatalogueError, catalogue
from townboard.periods import Period

GOLDEN = Path(__file__).resolve().parent / "golden"
SOURCES = list(dict.fromkeys(indicator.source for indicator in catalogue().indicators))
NOT_PORTABLE = re.compile(r"\b(exclude|qualify|pivot|group by all|//|~)\b", re.IGNORECASE)


def golden(source: str) -> Path:
    return GOLDEN / f"indicator_{source}.sql"


@pytest.mark.parametrize("source", SOURCES)
def test_the_sql_is_the_golden_one(source):
    assert formulas.indicator_sql(catalogue(), source, "township") == golden(source).read_text(encoding="utf-8"), (
        "the generated SQL changed; if that is wanted: python -m tests.test_formulas"
    )


def test_no_golden_file_is_left_over():
    assert sorted(path.stem for path in GOLDEN.glob("indicator_*.sql")) == sorted(f"indicator_{source}" for source in SOURCES)


@pytest.mark.parametrize("source", SOURCES)
def test_everything_that_varies_is_bound(source):
    """Neither a period, a unit, a goal nor a moment is written into the text; every parameter it wants is known."""
    sql = formulas.indicator_sql(catalogue(), source, "county")
    assert not re.search(r"'\d{4}-\d\d|1401\d\d", sql)
    assert not NOT_PORTABLE.search(sql)
    wanted = duckdb.extract_statements(sql)[0].named_parameters
    known = formulas.parameters(
        catalogue(), source, Period(2022, 10), county="140121", units=["140121100"], basis="approved", as_of=None
    )
    assert set(wanted) <= set(known) and {"units", "county"} <= set(wanted)


@pytest.mark.parametrize("level", ["county", "village", "community"])
def test_levels_differ_in_the_place_alone(level):
    lines = [formulas.indicator_sql(catalogue(), "village_economy", shown).splitlines() for shown in ("township", level)]
    changed = [pair for pair in zip(*lines, strict=True) if pair[0] != pair[1]]
    assert [pair[0].strip() for pair in changed] == ["r.unit as place,"]


def test_every_indicator_is_computed_or_derived():
    for indicator in catalogue().indicators:
        if indicator.kind == "gap":
            assert catalogue().indicator[indicator.of].kind == "share"
            continue
        sql = formulas.indicator_sql(catalogue(), indicator.source, "county")
        assert f"as {indicator.id.lower()}_n" in sql, indicator.id
        assert (f"as {indicator.id.lower()}_d" in sql) == indicator.is_ratio, indicator.id


def test_some_indicators_alone_need_less():
    whole, alone = (formulas.indicator_sql(catalogue(), "law_enforcement", "county", ids) for ids in (None, ["LE03"]))
    assert "staff_certified" in alone and "patrols" not in alone and len(alone) < len(whole) / 2
    assert "ce01_n" in formulas.indicator_sql(catalogue(), "village_economy", "county", ["CE02"])


def test_the_catalogue_is_proved():
    formulas.prove(catalogue())


def changed(id: str, **parts: str):
    known = catalogue()
    indicators = tuple(dataclasses.replace(found, **parts) if found.id == id else found for found in known.indicators)
    return dataclasses.replace(known, indicators=indicators)


WRONG = [
    (
        "a misspelt element",
        "QH02",
        {"numerator": "contracts_rectifed"},
        ["clean_collect.toml QH02 numerator", "contracts_rectified"],
    ),
    ("a misspelt denominator", "LE03", {"denominator": "staff_on_pst"}, ["enforcement.toml LE03 denominator", "staff_on_post"]),
    (
        "a misspelt basic goal",
        "LE01",
        {"basic_numerator": "team_established_un"},
        ["LE01 basic_numerator", "team_established_on"],
    ),
    ("an element of another form", "BR01", {"numerator": "fees_due"}, ["burden.toml BR01 numerator", "fees_due"]),
    ("no SQL at all", "CE05", {"numerator": "operating_income >="}, ["economy.toml CE05 numerator"]),
    ("a number where rows are counted", "CE08", {"numerator": "goal_income"}, ["economy.toml CE08 numerator", "a condition"]),
    ("a condition where numbers are added", "QH06", {"numerator": "resource_fees > 1"}, ["QH06 numerator", "a number"]),
]


@pytest.mark.parametrize(("name", "id", "parts", "said"), WRONG, ids=[case[0] for case in WRONG])
def test_a_wrong_expression_is_refused_by_name(name, id, parts, said):
    with pytest.raises(CatalogueError) as error:
        formulas.prove(changed(id, **parts))
    assert all(word in str(error.value) for word in said), str(error.value)


PERIODS = [
    (
        "october",
        "village_economy",
        Period(2022, 10),
        {"period": "2022-10", "back_1": "2022-09", "back_3": "2022-07", "month": 10},
    ),
    ("the year starts anew", "village_economy", Period(2022, 2), {"back_1": "2022-01", "back_2": "", "back_3": ""}),
    ("last year", "village_economy", Period(2022, 10), {"year_ago": "2021-10", "last_december": "2021-12"}),
    ("a quarterly form", "burden", Period(2022, 11), {"period": "2022-09"}),
    ("reports of a quarter month", "report", Period(2022, 9), {"period": "2022-09", "closes_quarter": True}),
]


@pytest.mark.parametrize(("name", "source", "period", "expected"), PERIODS, ids=[case[0] for case in PERIODS])
def test_which_months_are_bound(name, source, period, expected):
    known = formulas.parameters(catalogue(), source, period, county="140121", units=[], basis="approved", as_of=None)
    assert {key: known[key] for key in expected} == expected


def test_a_relation_with_fewer_elements_keeps_what_derived_columns_need():
    sql = relation(catalogue(), "village_economy", frozenset())
    assert "subsidy_income" in sql and "main_source" not in sql


if __name__ == "__main__":
    for source in SOURCES:
        golden(source).write_text(formulas.indicator_sql(catalogue(), source, "township"), encoding="utf-8")
