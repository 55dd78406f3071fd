"""Schema changes as named steps, each recorded in the transaction of its effect. A step runs once in the life of a store.

A table or column that `tables.FIXED` or the catalogue has gained becomes a step of its own, named after it; nothing is ever dropped.
The last step proves the indicators' formulas against the tables, once for each wording of them: a wrong one stops the opening.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import duckdb

from townboard import formulas
from townboard.catalogue import Catalogue
from townboard.store import places
from townboard.store.audit import begin_chain
from townboard.tables import BEGINNING, FIXED, FOREVER, columns_of, fact_table, insert, sql_type, stored

Step = tuple[str, Callable[[duckdb.DuckDBPyConnection, Catalogue], None]]


def utc_now() -> datetime:
    """This moment as the store writes it: naive, in UTC, whole microseconds."""
    return datetime.now(UTC).replace(tzinfo=None)


def _first_targets(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    rows = [(found.indicator, found.org_unit, found.year, found.basic, found.highest, found.deadline, "catalogue", BEGINNING, FOREVER)
            for found in catalogue.targets]  # fmt: skip
    insert(connection, "target", columns_of("target"), rows)


def _chain(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    begin_chain(connection)


def _registers_since(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    """Closings and last year's income learn from when they count: the month they were reported for, else the day they were recorded.
    Of several for one month or year the latest stands."""
    of_a_month = "(data_set = 'clean_collect' and element = 'closed')"
    of_a_year = "element in ('last_year_total_income', 'last_year_operating_income')"
    connection.execute(
        f"""update register_value set since = cast(date_trunc(
            case when {of_a_month} then 'month' else 'year' end,
            coalesce((select cast(s.period || '-01' as timestamp) from submission s where 'submission:' || cast(s.id as varchar) = source),
                from_time + interval ({catalogue.settings.clock_offset_hours}) hour)
        ) as date) where since is null and ({of_a_month} or {of_a_year})"""
    )
    connection.execute(
        f"""update register_value set to_time = ? where {of_a_year} and not exists (
            select 1 from register_value r where r.data_set = register_value.data_set and r.element = register_value.element
                and r.org_unit = register_value.org_unit and r.since = register_value.since and r.from_time > register_value.from_time)""",
        [FOREVER],
    )


def _returned_leave(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    """Figures that were returned stand no more from the moment of the return; the approved ones of the month stand again."""
    returned = "select max(e.\"at\") from event e where e.submission_id = in_force.submission_id and e.state = 'returned'"
    connection.execute(
        f"update in_force set to_time = ({returned}) where basis = 'preliminary' and not approved and to_time = ? and ({returned}) is not null",
        [FOREVER],
    )
    connection.execute(
        """insert into in_force
        select a.unit, a.period, a.data_set, 'preliminary', a.submission_id, true, max(p.to_time), a.to_time
        from in_force a
        join in_force p on p.unit = a.unit and p.period = a.period and p.data_set = a.data_set and p.basis = 'preliminary'
        where a.basis = 'approved' and a.to_time = ?
        group by a.unit, a.period, a.data_set, a.submission_id, a.to_time
        having max(p.to_time) < a.to_time""",
        [FOREVER],
    )


def _places_dated(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    """The list of an older store holds from the beginning: see `places`."""
    connection.execute("update org_unit set from_time = ?, to_time = ? where from_time is null", [BEGINNING, FOREVER])


STEPS: tuple[Step, ...] = (
    ("targets-of-the-catalogue", _first_targets),
    ("audit-chain", _chain),
    ("registers-since", _registers_since),
    ("returned-figures-leave", _returned_leave),
    ("places-dated", _places_dated),
)


def _table_steps(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> list[tuple[str, str]]:
    """(name, SQL) of what `tables.FIXED` and the catalogue have and the store has not: whole tables, or single columns."""
    found = connection.execute("select table_name, column_name from information_schema.columns").fetchall()
    columns: dict[str, set[str]] = {}
    for table, column in found:
        columns.setdefault(table, set()).add(column)
    steps = []
    for table, written in FIXED.items():
        if table not in columns:
            steps.append((f"table {table}", f"create table {table} ({written})"))
            continue
        for definition in written.split(","):
            column = definition.split()[0].strip('"')
            if column not in columns[table]:
                steps.append((f"column {table}.{column}", f"alter table {table} add column {definition.strip()}"))
    for data_set in catalogue:
        if data_set.code not in columns:
            steps.append((f"table {data_set.code}", fact_table(data_set)))
            continue
        for element in stored(data_set):
            if element.code not in columns[data_set.code]:
                name = f"column {data_set.code}.{element.code}"
                steps.append((name, f"alter table {data_set.code} add column {element.code} {sql_type(element)}"))
    return steps


def _run(sql: str, connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    connection.execute(sql)


def _prove(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    formulas.prove(catalogue, connection)


def pending(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> list[Step]:
    """The steps this store has not taken yet, in order."""
    tables = {row[0] for row in connection.execute("select table_name from information_schema.tables").fetchall()}
    taken: set[str] = set()
    if "migration" in tables:
        taken = {row[0] for row in connection.execute("select name from migration").fetchall()}
    steps: list[Step] = [(name, partial(_run, sql)) for name, sql in _table_steps(connection, catalogue)]
    steps += [step for step in STEPS if step[0] not in taken]
    proof = f"formulas {formulas.fingerprint(catalogue)}"
    if proof not in taken:
        steps.append((proof, _prove))
    return steps


def migrate(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> list[str]:
    """Take every pending step and refresh the org units, in one transaction that the caller holds; the names of what was done."""
    done = []
    for name, step in pending(connection, catalogue):
        step(connection, catalogue)
        connection.execute("insert into migration values (?, ?)", [name, utc_now()])
        done.append(name)
    if places.renew(connection, places.rows_of(catalogue), utc_now()):
        done.append("org-units")
    return done
