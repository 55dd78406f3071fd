"""The places that report or are reported on, and the names they had."""

from __future__ import annotations

from dataclasses import dataclass

from townboard.periods import Period
from townboard.text import Text


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name by which a place is still known since it was renamed, or since a place so called was `merged` into it."""

    name: str
    since: Period
    merged: bool


@dataclass(frozen=True, slots=True)
class OrgUnit:
    """A place that reports or is reported on. `order` is the county's official order."""

    code: str
    parent: str
    level: str  # county | township | village | community
    kind: str
    label: Text
    official: str
    order: int
    in_goal_denominator: bool = True
    former: tuple[FormerName, ...] = ()
