"""Asking by name: the files of `queries/`, their parameters, and parameters as people write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from townboard.store.errors import StoreError
from townboard.text import Text

QUERIES = Path(__file__).resolve().parents[2] / "queries"

NO_QUERY = Text("没有名为 {name} 的查询;有:{near}", "no query is called {name}; there is: {near}")
NO_PARAMETER = Text("查询 {name} 的参数是 {wanted};多写或缺少:{wrong}", "{name} takes {wanted}; not known or missing: {wrong}")
BAD_PARAMETER = Text("参数写法不对:{why}", "a parameter cannot be read: {why}")

_FILLED_IN = {"units", "as_of", "basis", "goal_income_basis", "goal_threshold", "county"}
_WRITTEN: dict[str, Callable[[str], Any]] = {
    "as_of": datetime.fromisoformat, "submission_id": int, "goal_threshold": float, "submission": int, "year": int, "units": lambda value: value.split(","),
}  # fmt: skip


@lru_cache(maxsize=256)
def query(name: str) -> tuple[str, frozenset[str]]:
    """The SQL of `queries/<name>.sql` and the names of its parameters; raises FileNotFoundError for a wrong name."""
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise FileNotFoundError(f"no query is called {name!r}")
    sql = (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
    return sql, frozenset(duckdb.extract_statements(sql)[0].named_parameters)


@lru_cache(maxsize=256)
def tables_of(name: str) -> frozenset[str]:
    """The tables that `queries/<name>.sql` reads, as DuckDB's own parser sees them."""
    sql, _ = query(name)
    with duckdb.connect() as parser:
        return frozenset(parser.get_table_names(re.sub(r"\$\w+", "null", sql)))


def written(name: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Parameters as people write them, in their own types; raises StoreError naming what exists when a name or a value is wrong."""
    names = sorted(path.stem for path in QUERIES.glob("*.sql"))
    if name not in names:
        near = ", ".join(get_close_matches(name, names, n=3) or names)
        raise StoreError(NO_QUERY.fill(name=name, near=near))
    _, wanted = query(name)
    wrong, missing = sorted(given.keys() - wanted), sorted(wanted - given.keys() - _FILLED_IN)
    if wrong or missing:
        raise StoreError(NO_PARAMETER.fill(name=name, wanted=", ".join(sorted(wanted)), wrong=", ".join([*wrong, *missing])))
    try:
        return {key: _WRITTEN.get(key, str)(value) for key, value in given.items()}
    except ValueError as error:
        raise StoreError(BAD_PARAMETER.fill(why=error)) from error
