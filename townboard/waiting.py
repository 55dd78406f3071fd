"""What waits for whom: every open step of the months on the board, and in whose hands it lies. Pure functions over the board.

The steps of one month follow each other: the clerk sends, the unit's reviewer confirms, the working groups check what was explained,
the office decides. Confirming and checking are said of one version; a newer one waits for them anew. Neither holds the office up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from townboard import cycle
from townboard.access import CONFIRM, EXPLAIN, REVIEW, UPLOAD, WORKING_GROUPS
from townboard.charts.kit import rows
from townboard.charts.submissions import ABSENT, DRAFT
from townboard.text import Text


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of step: what it is called, and what its owner must be permitted (`access`)."""

    code: str
    label: Text
    action: str


STEPS: dict[str, Step] = {
    step.code: step
    for step in (
        Step("returned", Text("退回修改", "Returned, to be corrected"), UPLOAD),
        Step("correcting", Text("更正待报", "Open for correction, to be sent"), UPLOAD),
        Step("draft", Text("暂存待报", "Draft kept, to be sent"), UPLOAD),
        Step("due", Text("未报", "To be reported"), UPLOAD),
        Step("confirm", Text("待审签", "To be confirmed by the unit"), CONFIRM),
        Step("check", Text("说明待核对", "Explanations to be checked"), EXPLAIN),
        Step("extension", Text("延期待批", "Extensions to be decided"), REVIEW),
        Step("review", Text("待审核", "To be reviewed"), REVIEW),
    )
}
"""Step by code, in the order of the month."""


@dataclass(frozen=True, slots=True)
class Open:
    """One open step: of which unit and month, which version (0 without one), whether it is late, why (as it was said), and for a
    check, of which working group and how many explanations."""

    step: str
    unit: str
    period: str
    version: int = 0
    submission: int | None = None
    late: bool = False
    why: str = ""
    group: str = ""
    count: int = 0


def steps(board: pd.DataFrame, opinions: Iterable[Any], explained: Mapping[int, Mapping[str, int]]) -> list[Open]:
    """Every open step of the months of a board (`reporting.board`), the oldest month first.

    `opinions`: rows of `opinions_by_unit_month`; `explained`: submission → data set → questions kept with an explanation.
    """
    said = {(one.unit, one.period, int(one.version), one.event, one.working_group or "") for one in opinions}
    found: list[Open] = []
    for row in rows(board):
        found += _of_month(row, said, explained)
    order = list(STEPS)
    return sorted(found, key=lambda one: (one.period, order.index(one.step), one.unit, one.group))


def _of_month(
    row: Any, said: Collection[tuple[str, str, int, str, str]], explained: Mapping[int, Mapping[str, int]]
) -> list[Open]:
    version = 0 if pd.isna(row.version) else int(row.version)
    submission = None if pd.isna(row.submission_id) else int(row.submission_id)
    at = (row.unit, row.period)

    def step(code: str, **more: Any) -> Open:
        return Open(code, *at, version, submission, **{"late": bool(row.late), **more})

    found = []
    if not pd.isna(row.asked_until):
        found.append(step("extension", why=row.asked_reason))
    if row.state in cycle.SENT_BACK:
        found.append(step("returned", why=row.reason))
    elif row.state == cycle.CORRECTING:
        found.append(step("correcting", why=row.reason))
    elif row.state == cycle.DRAFT and row.kind == DRAFT:
        found.append(step("draft"))
    elif row.state == cycle.NOT_SUBMITTED and row.kind == ABSENT:
        found.append(step("due"))
    elif row.state in cycle.WAITING:
        if (*at, version, cycle.CONFIRMED, "") not in said:
            found.append(step("confirm", late=False))
        counts = explained.get(submission or 0, {})
        for group in WORKING_GROUPS.values():
            count = sum(counts.get(data_set, 0) for data_set in group.data_sets)
            if count and (*at, version, cycle.CHECKED, group.code) not in said:
                found.append(step("check", late=False, group=group.code, count=count))
        found.append(step("review", late=False))
    return found


def mine(found: Iterable[Open], actions: Collection[str], group: str = "") -> list[Open]:
    """The steps that somebody with these actions takes; of the checks those of their working group."""
    return [one for one in found if STEPS[one.step].action in actions and one.group in ("", group)]


def counted(found: Iterable[Open]) -> dict[str, int]:
    """Step → how many months stand at it; steps that nothing waits at are left out."""
    seen: dict[str, set[tuple[str, str]]] = {}
    for one in found:
        seen.setdefault(one.step, set()).add((one.unit, one.period))
    return {code: len(seen[code]) for code in STEPS if code in seen}
