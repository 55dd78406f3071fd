"""Names that a unit had remembered for its own places: dated, one unit each, ended rather than erased."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import duckdb

from townboard.answers import Answered
from townboard.catalogue import Catalogue
from townboard.recognise.headers import plain
from townboard.store.errors import StoreError
from townboard.tables import FOREVER, columns_of, insert
from townboard.text import Text

NOT_OWN = Text("{place}不是本单位的村(社区)", "{place} is none of this unit's places")


def record(
    cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, unit: str, name: str, org_unit: str, *, actor: str, at: datetime
) -> bool:
    """Remember a name for a place of the unit; what the name meant before at the same level ends. Whether anything changed.

    Raises StoreError when the place is not the unit's own.
    """
    place = catalogue.org_unit.get(org_unit)
    if place is None or place.parent != unit:
        raise StoreError(NOT_OWN.fill(place=org_unit))
    standing = _standing(cursor, catalogue, unit, name, place.level)
    if org_unit in standing:
        return False
    _end(cursor, unit, name, standing, actor, at)
    insert(cursor, "alias", columns_of("alias"), [(unit, name.strip(), org_unit, at, FOREVER, actor, None)])
    return True


def end(cursor: duckdb.DuckDBPyConnection, unit: str, name: str, org_unit: str, *, actor: str, at: datetime) -> bool:
    """Forget a name for a place from now on. Whether it was known."""
    return _end(cursor, unit, name, [org_unit], actor, at)


def remembered(answers: Iterable[Answered]) -> list[tuple[str, str]]:
    """(name, org unit) of the names that a workbook's answers want to be known from now on."""
    return [(one.finding.raw, str(one.value)) for one in answers
            if one.given is not None and one.given.remember and one.finding.id == "unknown-org-unit" and one.value]  # fmt: skip


def _standing(cursor: duckdb.DuckDBPyConnection, catalogue: Catalogue, unit: str, name: str, level: str) -> list[str]:
    found = cursor.execute("select name, org_unit from alias where unit = ? and to_time = ?", [unit, FOREVER]).fetchall()
    return [place for known, place in found if plain(known) == plain(name) and catalogue.org_unit[place].level == level]


def _end(cursor: duckdb.DuckDBPyConnection, unit: str, name: str, places: list[str], actor: str, at: datetime) -> bool:
    found = cursor.execute(
        "select name from alias where unit = ? and org_unit = any(?) and to_time = ?", [unit, places, FOREVER]
    ).fetchall()
    names = [known for (known,) in found if plain(known) == plain(name)]
    cursor.execute(
        "update alias set to_time = ?, ended_by = ? where unit = ? and org_unit = any(?) and name = any(?) and to_time = ?",
        [at, actor, unit, places, names, FOREVER],
    )
    return bool(names)
