"""What a backup says of itself: when and how it was made, and the rows and checksum of every table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Table:
    """What a table holds: how many rows, and the sum of their fingerprints (the order of rows does not matter)."""

    rows: int
    checksum: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. Times are naive UTC as ISO texts; `originals`: sha256 → bytes; `missing`: originals the disk had lost."""

    format: int
    made_at: str
    kind: str
    engine: str
    tables: Mapping[str, Table]
    originals: Mapping[str, int]
    missing: list[str]
    database: str
    last_audit: str
    last_n: int
    path: Path = field(default=Path(), compare=False)
    size: int = field(default=0, compare=False)

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(table.rows for table in self.tables.values())

    def to_json(self) -> dict[str, Any]:
        """As it is written into the backup: without where the file lies, and how big it is."""
        return {name: value for name, value in asdict(self).items() if name not in ("path", "size")}


def survey(cursor: duckdb.DuckDBPyConnection, database: str) -> dict[str, Table]:
    """Rows and checksum of every table of an attached database, as the cursor's transaction sees them."""
    found: dict[str, list[str]] = {}
    for table, column in cursor.execute(
        "select table_name, column_name from information_schema.columns where table_catalog = ? and table_schema = 'main' "
        "order by table_name, ordinal_position", [database],
    ).fetchall():  # fmt: skip
        found.setdefault(table, []).append(column)
    tables = {}
    for table, columns in found.items():
        written = ", ".join(f'coalesce("{column}"::varchar, chr(30))' for column in columns)
        sql = f'select count(*), coalesce(sum(md5_number_lower(concat_ws(chr(31), {written}))), 0)::varchar from "{database}"."{table}"'
        rows, checksum = cursor.execute(sql).fetchall()[0]
        tables[table] = Table(rows, f"{len(columns)}:{checksum}")
    return tables


def last_audit(cursor: duckdb.DuckDBPyConnection) -> tuple[int, str]:
    """Number and time of the newest audit row: (0, "") where there is none."""
    n, at = cursor.execute('select max(n), max("at") from audit').fetchall()[0]
    return (n, at.isoformat()) if n else (0, "")
