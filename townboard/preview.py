"""What a commit would change: against this month's last version, and against the last approved month. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from townboard.catalogue import Catalogue, DataSet
from townboard.submission import REPORTED, History, Key, Stored, Submission
from townboard.text import Text


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after; None where there was none, or is none any more."""

    key: Key
    name: Text
    label: Text
    unit: str
    before: Stored
    after: Stored


@dataclass(frozen=True, slots=True)
class Total:
    """Σ of one element: `now` over all rows, `before` over what these rows had then, `after` over those of them that had something."""

    data_set: str
    element: str
    label: Text
    unit: str
    before: float
    after: float
    now: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Against one earlier state: each number's total, and the ten largest changes of numbers."""

    totals: tuple[Total, ...]
    largest: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class SheetChanges:
    """What happens to one form: values added, changed, removed, same."""

    data_set: DataSet
    added: int
    changed: int
    removed: int
    same: int


@dataclass(frozen=True)
class Changes:
    """Of the values the unit answers for. added: no value before, one now · changed · removed: a value before, none now · same; against this month's last version.

    What takes longer is computed when somebody looks.
    """

    sheets: tuple[SheetChanges, ...]
    version: int
    _now: dict[Key, Stored] = field(repr=False)
    _catalogue: Catalogue = field(repr=False)
    _history: History = field(repr=False)

    def _sum(self, count: str) -> int:
        return sum(getattr(sheet, count) for sheet in self.sheets)

    @property
    def added(self) -> int:
        """Values where there was none."""
        return self._sum("added")

    @property
    def changed(self) -> int:
        """Values that are others now."""
        return self._sum("changed")

    @property
    def removed(self) -> int:
        """Values that are none any more."""
        return self._sum("removed")

    @property
    def same(self) -> int:
        """Values as they were."""
        return self._sum("same")

    @cached_property
    def since_last_month(self) -> Comparison:
        """Against the last approved value of each number."""

        def last(key: Key) -> Stored:
            known = self._history.last(key)
            value: Stored = None if known is None else known[1]
            return value

        return _compared(self._now, last, self._catalogue)

    @cached_property
    def since_last_version(self) -> Comparison:
        """Against this month's last version."""
        return _compared(self._now, self._history.current.get, self._catalogue)

    def to_json(self) -> dict[str, int]:
        """The four counts of the contract."""
        return {"added": self.added, "changed": self.changed, "removed": self.removed, "same": self.same}


def compare(submission: Submission, catalogue: Catalogue, history: History) -> Changes:
    """Count what the submission changes, form by form; rows whose place is unknown are left out."""
    now: dict[Key, Stored] = {}
    for reading in submission.sheets:
        code, asked = reading.data_set.code, {element.code for element in reading.data_set.elements if element.is_asked}
        for row in reading.rows:
            for element, value in row.values.items():
                if element in asked and row.org_unit:
                    now[code, row.org_unit, element] = value.value if value.status == REPORTED else None
    counts = {reading.data_set.code: [0, 0, 0, 0] for reading in submission.sheets}
    for key, after in now.items():
        before = history.current.get(key)
        if before == after:
            counts[key[0]][3] += after is not None
        elif before is None:
            counts[key[0]][0] += 1
        elif after is not None:
            counts[key[0]][1] += 1
    for key, before in history.current.items():
        if (
            before is not None
            and key[0] in counts
            and now.get(key) is None
            and catalogue.data_set[key[0]].by_code[key[2]].is_asked
        ):
            counts[key[0]][2] += 1
    sheets = tuple(SheetChanges(catalogue.data_set[code], *found) for code, found in counts.items())
    return Changes(sheets, history.current_version, now, catalogue, history)


def between(before: Mapping[Key, Stored], after: Mapping[Key, Stored], catalogue: Catalogue) -> tuple[Change, ...]:
    """What one version of a month changed in another: every value that differs, in the order of the forms."""
    found = []
    for key in dict.fromkeys((*before, *after)):
        element = catalogue.data_set[key[0]].by_code[key[2]]
        if element.is_asked and before.get(key) != after.get(key):
            found.append(_change(key, before.get(key), after.get(key), catalogue))
    return tuple(found)


def _change(key: Key, before: Stored, after: Stored, catalogue: Catalogue) -> Change:
    element, place = catalogue.data_set[key[0]].by_code[key[2]], catalogue.org_unit.get(key[1])
    return Change(key, place.label if place else Text(key[1], key[1]), element.label, element.unit, before, after)


def _compared(now: Mapping[Key, Stored], known: Callable[[Key], Stored], catalogue: Catalogue) -> Comparison:
    changes: list[tuple[float, Change]] = []
    sums: dict[tuple[str, str], tuple[float, float, float]] = {}
    for key, after in now.items():
        element = catalogue.data_set[key[0]].by_code[key[2]]
        if not element.is_number or not isinstance(after, int | float):
            continue
        value = known(key)
        before = float(value) if isinstance(value, int | float) else None
        then, both, total = sums.get((key[0], key[2]), (0.0, 0.0, 0.0))
        sums[key[0], key[2]] = (then + (before or 0.0), both + (after if before is not None else 0.0), total + after)
        if before is not None and before != after:
            changes.append((abs(after - before), _change(key, before, float(after), catalogue)))
    changes.sort(key=lambda change: -change[0])
    totals = []
    for (data_set, code), (then, both, total) in sums.items():
        element = catalogue.data_set[data_set].by_code[code]
        totals.append(Total(data_set, code, element.label, element.unit, then, both, total))
    return Comparison(tuple(totals), tuple(change for _, change in changes[:10]))
