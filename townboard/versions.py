"""Versions of a unit's month: what each one held, and what differs between any two, value by value. Pure; the store fills them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from townboard.catalogue import Catalogue
from townboard.submission import Key, Stored
from townboard.text import Text

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
KINDS = {ADDED: Text("新增", "added"), CHANGED: Text("改动", "changed"), REMOVED: Text("减少", "removed")}
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a unit's month. Times are naive UTC. `state`: of its last event. `data_sets`: what its own workbook held,
    in the order of the forms; the others stood as the version before had left them."""

    submission_id: int
    version: int
    workbook: str
    sha256: str
    submitted_by: str
    submitted_at: datetime
    on_time: bool | None
    typed_cells: int
    data_cells: int
    state: str
    state_at: datetime
    state_by: str
    reason: str
    data_sets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A value as a version held it. `status` is reported, missing or not_applicable. `version`: the one whose workbook it came
    from, in `sheet` and `cell` (None where a closed village's value was carried over)."""

    value: Stored
    status: str
    version: int
    sheet: str
    cell: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that two versions hold differently; a side is None where the version did not hold it at all.

    `org_unit` may name an item (`140121100#3`).
    """

    data_set: str
    org_unit: str
    element: str
    before: Held | None
    after: Held | None

    @property
    def kind(self) -> str:
        """added · changed · removed."""
        if _said(self.before) is None:
            return ADDED
        return CHANGED if _said(self.after) is not None else REMOVED


def _said(held: Held | None) -> Stored:
    return None if held is None else held.value


def same(before: Held | None, after: Held | None) -> bool:
    """Whether two versions say the same: the same value (numbers within 1e-9) in the same status. A blank cell that is not there
    in the other version is the same."""
    one, other = _said(before), _said(after)
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return one is other and (one is not None or _status(before) == _status(after))
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) < _TOLERANCE
    return one == other


def _status(held: Held | None) -> str:
    return "missing" if held is None else held.status


def differences(before: Mapping[Key, Held], after: Mapping[Key, Held], catalogue: Catalogue) -> list[Difference]:
    """What differs from one version to another, in the order of the forms, of the official list of places, and of the elements."""
    forms = {data_set.code: number for number, data_set in enumerate(catalogue)}
    elements = {
        (data_set.code, element.code): number for data_set in catalogue for number, element in enumerate(data_set.elements)
    }

    def order(key: Key) -> tuple[int, int, int, int]:
        place, _, item = key[1].partition("#")
        known = catalogue.org_unit.get(place)
        return forms[key[0]], known.order if known else len(catalogue.org_units), int(item or 0), elements[key[0], key[2]]

    changed = [key for key in {**before, **after} if not same(before.get(key), after.get(key))]
    return [Difference(*key, before.get(key), after.get(key)) for key in sorted(changed, key=order)]


def counts(found: list[Difference]) -> dict[str, int]:
    """How many values were added, changed and removed."""
    return {kind: sum(difference.kind == kind for difference in found) for kind in KINDS}
