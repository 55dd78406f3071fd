"""What a commit would change: compared with this month's last version and with the last approved month. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from townboard.catalogue import Catalogue
from townboard.submission import REPORTED, History, Key, Stored, Submission
from townboard.text import Text


@dataclass(frozen=True, slots=True)
class Change:
    """One number before and after. `before` is None where it was not known."""

    key: Key
    name: Text
    label: Text
    unit: str
    before: float | None
    after: float


@dataclass(frozen=True, slots=True)
class Total:
    """Σ of one element over the rows that both sides have, and over all rows now."""

    data_set: str
    element: str
    label: Text
    unit: str
    before: float
    after: float
    now: float


@dataclass(frozen=True)
class Changes:
    """Of the values the unit answers for. added: no value before, one now · changed · removed: a value before, none now · same; against this month's last version.

    `largest` and `totals` compare with the last approved month, when somebody looks.
    """

    added: int
    changed: int
    removed: int
    same: int
    version: int
    _now: dict[Key, Stored] = field(repr=False)
    _catalogue: Catalogue = field(repr=False)
    _history: History = field(repr=False)

    @cached_property
    def largest(self) -> tuple[Change, ...]:
        """The ten largest changes since the last approved month."""
        return self._since_last_month[0]

    @cached_property
    def totals(self) -> tuple[Total, ...]:
        """Each number's total, like for like with the last approved month."""
        return self._since_last_month[1]

    @cached_property
    def _since_last_month(self) -> tuple[tuple[Change, ...], tuple[Total, ...]]:
        return _against_last_month(self._now, self._catalogue, self._history)

    def to_json(self) -> dict[str, int]:
        """The four counts of the contract."""
        return {"added": self.added, "changed": self.changed, "removed": self.removed, "same": self.same}


def compare(submission: Submission, catalogue: Catalogue, history: History) -> Changes:
    """Count and rank what the submission changes; rows whose place is unknown are left out."""
    now: dict[Key, Stored] = {}
    for reading in submission.sheets:
        code, asked = reading.data_set.code, {element.code for element in reading.data_set.elements if element.is_asked}
        for row in reading.rows:
            for element, value in row.values.items():
                if element in asked and row.org_unit:
                    now[code, row.org_unit, element] = value.value if value.status == REPORTED else None
    sent = {reading.data_set.code for reading in submission.sheets}
    added = changed = same = 0
    for key, after in now.items():
        before = history.current.get(key)
        if before == after:
            same += after is not None
        elif before is None:
            added += 1
        elif after is not None:
            changed += 1
    removed = sum(
        1 for key, before in history.current.items()
        if before is not None and key[0] in sent and now.get(key) is None and catalogue.data_set[key[0]].by_code[key[2]].is_asked
    )  # fmt: skip
    return Changes(added, changed, removed, same, history.current_version, now, catalogue, history)


def _against_last_month(
    now: dict[Key, Stored], catalogue: Catalogue, history: History
) -> tuple[tuple[Change, ...], tuple[Total, ...]]:
    changes: list[Change] = []
    sums: dict[tuple[str, str], tuple[float, float, float]] = {}
    for key, after in now.items():
        element = catalogue.data_set[key[0]].by_code[key[2]]
        if not element.is_number or not element.is_asked or not isinstance(after, int | float):
            continue
        last = history.last(key)
        before = float(last[1]) if last is not None and last[1] is not None else None
        known, both, total = sums.get((key[0], key[2]), (0.0, 0.0, 0.0))
        sums[key[0], key[2]] = (known + (before or 0.0), both + (after if before is not None else 0.0), total + after)
        if before is not None and before != after:
            place = catalogue.org_unit.get(key[1])
            changes.append(
                Change(key, place.label if place else Text(key[1], key[1]), element.label, element.unit, before, float(after))
            )
    changes.sort(key=lambda change: -abs(change.after - (change.before or 0.0)))
    totals = tuple(
        Total(
            data_set,
            code,
            catalogue.data_set[data_set].by_code[code].label,
            catalogue.data_set[data_set].by_code[code].unit,
            *found,
        )
        for (data_set, code), found in sums.items()
    )
    return tuple(changes[:10]), totals
