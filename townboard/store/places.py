"""The list of places, dated: what counted at any moment, and every place added, taken out, renamed or moved since the store was made.

A row of `org_unit` holds from a moment to another; the store's first list holds from the beginning. Whatever is asked as of an earlier
moment goes by the list of that moment: which villages count, whose they are, and what they are called.

A store made before the list was dated has its list of that day from the beginning on: what `place_change` had told in words until
then cannot be undone exactly (what a place was before is not all said there), so figures from before it go by the later list (`since`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import duckdb

from townboard.catalogue import Catalogue, OrgUnit
from townboard.store.file import Rows
from townboard.tables import BEGINNING, FOREVER, columns_of, insert
from townboard.text import Text

CODE, PARENT, COUNTY, ZH, EN, COUNTED = 0, 1, 3, 6, 7, 9
"""Places in a row of a list."""
LISTED = columns_of("org_unit")[:-2]
"""What a list says of a place: the columns of `org_unit` without from when and until when."""
Row = tuple[object, ...]
_WORDS = {
    "added": Text("新增{name}", "{name} added"),
    "removed": Text("撤销{name}", "{name} taken out"),
    "renamed": Text("{before}更名为{name}", "{before} renamed {name}"),
    "moved": Text("{name}由{before}划归{after}", "{name} moved from {before} to {after}"),
    "counted": Text("{name}纳入考核", "{name} counted towards the goal"),
    "not counted": Text("{name}不再纳入考核", "{name} no longer counted towards the goal"),
}


class Change(NamedTuple):
    """A change of the list in words. `dated`: whether figures of an earlier moment still go by the list from before it."""

    words: Text
    dated: bool


def rows_of(catalogue: Catalogue) -> list[Row]:
    """The catalogue's list, in its order, as rows of `LISTED`."""
    known = catalogue.org_unit

    def up_to(place: OrgUnit, level: str) -> str:
        while place.level != level and place.parent:
            place = known[place.parent]
        return place.code if place.level == level else ""

    return [
        (place.code, place.parent, up_to(place, "township"), up_to(place, "county"), place.level, place.kind, place.label.zh,
         place.label.en, place.order, place.in_goal_denominator)
        for place in catalogue.org_units
    ]  # fmt: skip


def listed(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """The list that holds now, as rows of `LISTED`."""
    return connection.execute(f"select {', '.join(LISTED)} from org_unit where to_time = ?", [FOREVER]).fetchall()


def renew(connection: duckdb.DuckDBPyConnection, wanted: Sequence[Row], at: datetime) -> bool:
    """Let another list hold from a moment on, in the caller's transaction; whether it was another one. A store's first list holds from
    the beginning."""
    before = listed(connection)
    ended, begun = set(before) - set(wanted), set(wanted) - set(before)
    if not ended and not begun:
        return False
    if before:
        record(connection, before, wanted, at)
    connection.execute(
        "update org_unit set to_time = ? where to_time = ? and code = any(?)",
        [at, FOREVER, [row[CODE] for row in ended]],
    )
    since = at if before else BEGINNING
    insert(connection, "org_unit", columns_of("org_unit"), [(*row, since, FOREVER) for row in wanted if row in begun])
    return True


def moments(rows: Rows) -> list[datetime]:
    """The moments at which a list began to hold, oldest first."""
    found = rows("select from_time from org_unit union select to_time from org_unit where to_time < $ever", {"ever": FOREVER})
    return sorted(moment for (moment,) in found)


def at_moment(rows: Rows, catalogue: Catalogue, at: datetime) -> Catalogue:
    """The catalogue with the list of places that held at a moment. Counties are also those of now: a page always has one."""
    found = rows(
        """select code, parent, level, kind, name_zh, name_en, sort_order, in_goal_denominator from org_unit
        where from_time <= $at and to_time > $at order by sort_order, code""",
        {"at": at},
    )
    known = catalogue.org_unit
    places = []
    for code, parent, level, kind, zh, en, order, counted in found:
        told = {
            "parent": parent,
            "level": level,
            "kind": kind,
            "label": Text(zh, en),
            "order": order,
            "in_goal_denominator": counted,
        }
        places.append(replace(known[code], **told) if code in known else OrgUnit(code, official="", **told))
    there = {place.code for place in places}
    places += [place for place in catalogue.org_units if place.level == "county" and place.code not in there]
    return replace(catalogue, org_units=tuple(places))


def record(connection: duckdb.DuckDBPyConnection, before: Iterable[Row], after: Iterable[Row], at: datetime) -> None:
    """Keep in words what a new list changes."""
    was, now = ({row[CODE]: row for row in rows} for rows in (before, after))
    insert(connection, "place_change", columns_of("place_change"), [(*change, at) for change in _changes(was, now)])


def _changes(was: dict[object, Row], now: dict[object, Row]) -> Iterator[Row]:
    """County, code, what, and the names of the place, of what was before, of what came after, in both languages."""

    def names(row: Row | None) -> Row:
        return (None, None) if row is None else (row[ZH], row[EN])

    for code in (*was, *(code for code in now if code not in was)):
        old, new = was.get(code), now.get(code)
        row = new or old
        assert row is not None
        head = (row[COUNTY] or code, code)
        if old is None or new is None:
            yield (*head, "added" if old is None else "removed", *names(row), None, None, None, None)
            continue
        if old[ZH] != new[ZH]:
            yield (*head, "renamed", *names(new), *names(old), None, None)
        if old[PARENT] != new[PARENT]:
            yield (*head, "moved", *names(new), *names(was.get(old[PARENT])), *names(now.get(new[PARENT])))
        if old[COUNTED] != new[COUNTED]:
            yield (*head, "counted" if new[COUNTED] else "not counted", *names(new), None, None, None, None)


def since(rows: Rows, county: str, at: datetime) -> list[Change]:
    """What changed in a county's list after a moment, in words, oldest first."""
    found = rows(
        """select change, name_zh, name_en, before_zh, before_en, after_zh, after_en,
            exists (select 1 from org_unit p where p.code = c.code and (p.from_time = c."at" or p.to_time = c."at")) as dated
        from place_change c where county = ? and "at" > ? order by "at", code, change""",
        [county, at],
    )
    return [
        Change(_WORDS[change].fill(name=Text(*name), before=Text(before[0] or "", before[1] or ""),
                                   after=Text(after[0] or "", after[1] or "")), dated)
        for change, name, before, after, dated in ((row[0], row[1:3], row[3:5], row[5:7], row[7]) for row in found)
    ]  # fmt: skip
