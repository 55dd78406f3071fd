"""The store's tables: the fixed ones written out, the fact tables generated from the catalogue.

Fact tables are append-only, one row per org unit (and item), period and submission, without keys: keys cost more than they give.
What is current is said by `in_force` alone. Times are naive UTC; a row that still holds ends at `FOREVER`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb

from townboard.catalogue import DataSet, Element

BEGINNING = datetime(1970, 1, 1)
FOREVER = datetime(9999, 12, 31)
NOW = datetime(9999, 1, 1)
"""The `$as_of` that asks for what holds now."""

APPROVED, PRELIMINARY = "approved", "preliminary"

FIXED: dict[str, str] = {
    "migration": "name varchar, applied_at timestamp",
    "org_unit": """code varchar, parent varchar, unit varchar, county varchar, level varchar, kind varchar, name_zh varchar,
        name_en varchar, sort_order integer, in_goal_denominator boolean, from_time timestamp, to_time timestamp""",
    "place_change": """county varchar, code varchar, change varchar, name_zh varchar, name_en varchar, before_zh varchar, before_en varchar,
        after_zh varchar, after_en varchar, "at" timestamp""",
    "target": """indicator varchar, org_unit varchar, "year" integer, basic double, highest double, deadline date, set_by varchar,
        from_time timestamp, to_time timestamp""",
    "submission": """id bigint, county varchar, unit varchar, period varchar, version integer, workbook varchar, sha256 varchar,
        template varchar, submitted_by varchar, submitted_at timestamp, due_at timestamp, on_time boolean, typed_cells integer,
        data_cells integer, asked integer, noted integer, missing varchar, given integer, nonzero integer""",
    "month_event": """n bigint, unit varchar, period varchar, version integer, "at" timestamp, actor varchar, event varchar, reason varchar,
        due_at timestamp, about varchar""",
    "event": 'submission_id bigint, "at" timestamp, actor varchar, state varchar, reason varchar',
    "in_force": """unit varchar, period varchar, data_set varchar, basis varchar, submission_id bigint, approved boolean,
        from_time timestamp, to_time timestamp""",
    "source_place": "submission_id bigint, data_set varchar, sheet varchar, element varchar, place varchar",
    "value_note": """submission_id bigint, data_set varchar, org_unit varchar, item varchar, element varchar, status varchar,
        raw varchar, steps varchar""",
    "finding": """submission_id bigint, n integer, id varchar, severity varchar, data_set varchar, org_unit varchar,
        element varchar, sheet varchar, cell varchar, raw varchar, suggestion varchar, message_zh varchar, message_en varchar,
        answer varchar, answer_value varchar, reason varchar, answered_by varchar""",
    "register_value": """data_set varchar, element varchar, org_unit varchar, number double, words varchar, from_time timestamp,
        to_time timestamp, recorded_by varchar, source varchar, since date""",
    "alias": "unit varchar, name varchar, org_unit varchar, from_time timestamp, to_time timestamp, recorded_by varchar, ended_by varchar",
    "draft": """unit varchar, period varchar, sha256 varchar, workbook varchar, answers varchar, actor varchar, "at" timestamp,
        from_time timestamp, to_time timestamp""",
    "audit": """n bigint, "at" timestamp, actor varchar, action varchar, unit varchar, period varchar, detail varchar,
        figures boolean, hash varchar""",
    "backup": "made_at timestamp, file varchar, size bigint, rows bigint, kind varchar",
    "account": """name varchar, role varchar, units varchar, working_group varchar, email varchar, password varchar, must_change boolean,
        disabled boolean, failures integer, locked_until timestamp, created_at timestamp, signed_in_at timestamp""",
    "session": """token varchar, account varchar, way varchar, address varchar, started_at timestamp, seen_at timestamp,
        ended_at timestamp""",
    "original": "sha256 varchar, workbook varchar, size bigint, stored_at timestamp",
}
"""Table → its columns. `org_unit`: the list of places, dated (see `store/places.py`). `event` and `audit` are never changed, only added to; `audit.n` numbers
the store's data versions, `audit.figures` says whether a row changed any figure, `audit.hash` chains it to the row before.

`submission.missing`: forms that the month owes and that neither this version nor an earlier one that stands brought (codes, a space
between). `given`, `nonzero`: figures its workbook says, and those of them that are not 0. `month_event`: see `store/months.py`;
its `about` is the working group whose forms were checked, null for other events.
`register_value.since`: the month a closing counts from, January of the year that last year's income is the base of; null for others."""

FACT_HEAD = ("submission_id bigint", "unit varchar", "org_unit varchar", "item varchar", "period varchar", "source_sheet varchar",
             "source_row integer", "carried_from bigint")  # fmt: skip
FACT_KEYS = tuple(column.split()[0] for column in FACT_HEAD)

_TYPES = {"decimal": "double", "integer": "bigint", "boolean": "boolean", "date": "date"}


def sql_type(element: Element) -> str:
    """The column type of a stored element; words, codes and choices are varchar."""
    return _TYPES.get(element.type, "varchar")


def cell_of(place: str | None, row: int | None) -> str | None:
    """The cell a stored value came from: `place` is its column's letter, or a whole cell where the form is vertical. None without a
    column, and for a row that was typed in on the page (it has no row in the sheet)."""
    if place is None or place[-1:].isdigit():
        return place
    return None if row is None else f"{place}{row}"


def stored(data_set: DataSet) -> tuple[Element, ...]:
    """The elements with a column of their own; the cover's period is the row's period already."""
    return tuple(element for element in data_set.stored if element.code not in FACT_KEYS)


def fact_table(data_set: DataSet) -> str:
    """`create table` of one data set: where the row came from, then one column per stored element."""
    columns = [*FACT_HEAD, *(f"{element.code} {sql_type(element)}" for element in stored(data_set))]
    return f"create table {data_set.code} ({', '.join(columns)})"


def split_row(org_unit: str) -> tuple[str, str]:
    """(org unit, item) of a row's name: `140121100#7` → ("140121100", "7"); places have no item."""
    place, _, item = org_unit.partition("#")
    return place, item


def join_row(org_unit: str, item: str) -> str:
    """The row's name again: the opposite of `split_row`."""
    return f"{org_unit}#{item}" if item else org_unit


def columns_of(table: str) -> list[str]:
    """The column names of a fixed table, in order."""
    return [column.split()[0].strip('"') for column in FIXED[table].split(",")]


def insert(cursor: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Append rows inside the cursor's transaction, in milliseconds where row-by-row statements take seconds."""
    if rows:
        appender = cursor.appender(table, columns=list(columns))
        appender.append_rows(rows)
        appender.flush()
