"""Every file of `queries/`: its head says what DuckDB reports, it runs on a store with data and on an empty one, it knows scope and order."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from tests.stores import TOWN
from townboard.loading import catalogue
from townboard.store import Store

ROOT = Path(__file__).resolve().parent.parent
QUERIES = sorted((ROOT / "queries").glob("*.sql"))
NAMES = [path.stem for path in QUERIES]
HEADS = ["Answers", "Grain", "Params", "Columns", "Used by"]
UNITS = [unit.code for unit in catalogue().units("140121")]
KNOWN = {
    "period": "2022-10", "first_period": "2022-01", "basis": "preliminary", "as_of": datetime(9999, 1, 1), "county": "140121",
    "year": 2022, "submission": 3, "data_set": "village_economy", "goal_income_basis": "total", "goal_threshold": 30.0, "unit": TOWN,
}  # fmt: skip
"""A value for every parameter that queries may have beside `$units`."""

NOT_PORTABLE = {
    "exclude": r"\bexclude\b", "group by all": r"\bgroup\s+by\s+all\b", "order by all": r"\border\s+by\s+all\b",
    "qualify": r"\bqualify\b", "pivot": r"\bpivot\b", "integer division": r"//", "match": r"(?<!\S)~(?!\S)", "from first": r"\A\s*from\b",
    "lambda": r"->",
}  # fmt: skip


def head(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.removeprefix("-- ").split(": ", 1) for line in lines if line.startswith("-- "))


def listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]


def body(path: Path) -> str:
    """The SQL without comments and without what stands in quotes."""
    words = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
    return re.sub(r"'[^']*'", "''", words)


def answer(store: Store, path: Path, units: list[str]):
    wanted = set(duckdb.extract_statements(path.read_text(encoding="utf-8"))[0].named_parameters) - {"units"}
    return store.ask(path.stem, units=units, **{name: KNOWN[name] for name in wanted})


def test_nowhere_is_a_sorted_answer_cut_off_in_the_database():
    """DuckDB 2.0.0 may give another row than the first one once rows were deleted: `max_by`, or the whole list and its first row."""
    written = [*QUERIES, *(ROOT / "townboard").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    cut = re.compile(r"\blimit\s+([1-9]|\?|\$)", re.IGNORECASE)
    assert not [path.name for path in written if cut.search(path.read_text(encoding="utf-8"))]


def test_there_are_queries():
    assert len(QUERIES) >= 15


@pytest.mark.parametrize("path", QUERIES, ids=NAMES)
def test_the_head_has_its_five_lines(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line.removeprefix("-- ").split(":")[0] for line in lines[:5]] == HEADS
    assert re.fullmatch(r"[a-z0-9_]+_by_[a-z0-9_]+", path.stem)
    assert head(path)["Answers"].rstrip().endswith(("?", ")"))


@pytest.mark.parametrize("path", QUERIES, ids=NAMES)
def test_the_head_names_the_parameters_that_duckdb_sees(path):
    statements = duckdb.extract_statements(path.read_text(encoding="utf-8"))
    assert len(statements) == 1
    written = [name.removeprefix("$") for name in listed(head(path)["Params"])]
    assert sorted(written) == sorted(statements[0].named_parameters)
    assert written[0] == "units", "the caller's scope is always bound"


@pytest.mark.parametrize("path", QUERIES, ids=NAMES)
def test_the_head_names_the_columns_that_come_back(filled, path):
    assert listed(head(path)["Columns"]) == list(answer(filled, path, UNITS).columns)


@pytest.mark.parametrize("path", QUERIES, ids=NAMES)
def test_whoever_uses_it_asks_for_it(path):
    for user in listed(head(path)["Used by"]):
        if user != "the command line":
            assert f'"{path.stem}"' in (ROOT / user).read_text(encoding="utf-8"), f"{user} does not ask {path.stem}"


@pytest.mark.parametrize("path", QUERIES, ids=NAMES)
def test_it_keeps_to_the_portable_words_and_says_its_order(path):
    words = body(path).lower()
    for name, pattern in NOT_PORTABLE.items():
        assert not re.search(pattern, words), name
    last = words.rsplit("order by", 1)
    assert len(last) == 2 and "nulls" in last[1], "the last ORDER BY says where nulls go"
    for division in re.findall(r"/\s*(\w+)", words):
        assert division == "nullif", f"a division by {division}"


@pytest.mark.parametrize("path", QUERIES, ids=NAMES)
def test_it_runs_on_an_empty_store(empty_store, path):
    found = answer(empty_store, path, UNITS)
    assert list(found.columns) == listed(head(path)["Columns"])


@pytest.mark.parametrize("path", QUERIES, ids=NAMES)
def test_no_scope_no_rows_of_any_unit(filled, path):
    found = answer(filled, path, [])
    if path.stem == "targets_by_indicator":
        assert set(found.org_unit) <= {"140121"}
    else:
        assert len(found) == 0


@pytest.mark.parametrize("path", QUERIES, ids=NAMES)
def test_scope_narrows(filled, path):
    narrow = answer(filled, path, [TOWN])
    if "unit" in narrow.columns:
        assert set(narrow.unit) <= {TOWN}
    assert len(narrow) <= len(answer(filled, path, UNITS))


def test_villages_without_a_report_have_a_row_and_no_numbers(filled):
    found = filled.ask("income_by_village", units=UNITS, period="2022-10", basis="preliminary")
    assert len(found) == 128 and found.reported.sum() == 30
    silent = found[~found.reported]
    assert silent[["operating_income", "total_income", "goal_income", "at_goal"]].isna().all(axis=None)


def test_the_trend_adds_what_the_villages_reported(filled):
    trend = filled.ask("income_trend_by_unit", units=[TOWN], first_period="2022-01", period="2022-10")
    assert trend.period.tolist() == ["2022-08", "2022-09", "2022-10"]
    assert (trend.operating_income.diff().dropna() == 18).all()
    assert trend.villages_in_unit.tolist() == trend.villages_reported.tolist() == [18] * 3


def test_the_share_by_month_has_every_village_below_the_line(filled):
    found = filled.ask("goal_share_by_period", units=UNITS, first_period="2022-01", period="2022-10", basis="preliminary")
    october = found[found.period == "2022-10"].iloc[0]
    assert (october.numerator, october.denominator, october.villages_reported, october.units_preliminary) == (12, 128, 30, 1)
    assert october.value == 100 * 12 / 128


def test_bands_and_not_reported_are_all_villages(filled):
    found = filled.ask("income_bands_by_unit", units=UNITS, period="2022-10", basis="preliminary")
    bands = [name for name in found.columns if name.startswith("band_")]
    assert (found[bands].sum(axis=1) + found.not_reported == found.villages).all()


def test_clean_and_collect_counts_closed_villages(filled):
    found = filled.ask("clean_collect_by_unit", units=[TOWN], period="2022-10").iloc[0]
    assert (found.villages, found.villages_reported, found.villages_closed, found.contracts_checked) == (18, 18, 1, 720)
    assert found.cash_recovered == pytest.approx(18 * (2.5 + 1.2))
