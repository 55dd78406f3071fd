"""What became of the list of places: every place added, taken out, renamed or moved since the store was made, with the moment.

Figures of an earlier moment go by the list of today; what this changes is told in words, since the list decides what is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import duckdb

from townboard.store.file import Rows
from townboard.tables import columns_of, insert
from townboard.text import Text

CODE, PARENT, COUNTY, ZH, EN, COUNTED = 0, 1, 3, 6, 7, 9
"""Places in a row of `org_unit`."""
Row = tuple[object, ...]
_WORDS = {
    "added": Text("新增{name}", "{name} added"),
    "removed": Text("撤销{name}", "{name} taken out"),
    "renamed": Text("{before}更名为{name}", "{before} renamed {name}"),
    "moved": Text("{name}由{before}划归{after}", "{name} moved from {before} to {after}"),
    "counted": Text("{name}纳入考核", "{name} counted towards the goal"),
    "not counted": Text("{name}不再纳入考核", "{name} no longer counted towards the goal"),
}


def record(connection: duckdb.DuckDBPyConnection, before: Iterable[Row], after: Iterable[Row], at: datetime) -> None:
    """Keep what a new list changes; the first list of a store changes nothing."""
    was, now = ({row[CODE]: row for row in rows} for rows in (before, after))
    if was:
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


def since(rows: Rows, county: str, at: datetime) -> list[Text]:
    """What changed in a county's list after a moment, in words, oldest first."""
    found = rows(
        """select change, name_zh, name_en, before_zh, before_en, after_zh, after_en from place_change
        where county = ? and "at" > ? order by "at", code, change""",
        [county, at],
    )
    return [
        _WORDS[change].fill(name=Text(*name), before=Text(before[0] or "", before[1] or ""), after=Text(after[0] or "", after[1] or ""))
        for change, name, before, after in ((row[0], row[1:3], row[3:5], row[5:7]) for row in found)
    ]  # fmt: skip
