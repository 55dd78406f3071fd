"""The month of one reporting unit: the states it can be in, what may happen in each, who may do it, and what it becomes (domain §7.1).

`MOVES` is the whole machine, as data; `state` derives where a month stands from what has happened to it. Nothing here reads or writes.
Approved and locked figures change in one way only: a correction is opened with a reason, takes one workbook, and is reviewed again.
What was returned or withdrawn counts nowhere: the approved figures stand again, or none do.
"""

from __future__ import annotations

from dataclasses import dataclass

from townboard.access import CONFIRM, EXPLAIN, REVIEW, UPLOAD
from townboard.text import Text

NOT_SUBMITTED, DRAFT, SUBMITTED, RETURNED, APPROVED = "not_submitted", "draft", "submitted", "returned", "approved"
CORRECTING, CORRECTION_SUBMITTED, CORRECTION_RETURNED = "correcting", "correction_submitted", "correction_returned"
LOCKED, EXEMPT = "locked", "exempt"

STATES: dict[str, Text] = {
    NOT_SUBMITTED: Text("未报", "Not submitted"),
    DRAFT: Text("暂存", "Draft kept"),
    SUBMITTED: Text("已报待审", "Waiting for review"),
    RETURNED: Text("退回修改", "Returned"),
    APPROVED: Text("已通过", "Approved"),
    CORRECTING: Text("开放更正", "Open for correction"),
    CORRECTION_SUBMITTED: Text("更正待审", "Correction waiting"),
    CORRECTION_RETURNED: Text("更正退回", "Correction returned"),
    LOCKED: Text("已锁定", "Locked"),
    EXEMPT: Text("免报", "Exempt"),
}
"""State → its name. The only home of these words."""

WAITING = (SUBMITTED, CORRECTION_SUBMITTED)
"""States in which the office is to decide."""
SENT_BACK = (RETURNED, CORRECTION_RETURNED)
"""States in which the clerk is to send again."""

SENT, WITHDRAWN, SEND_BACK, APPROVE = "submitted", "withdrawn", "returned", "approved"
OPEN_CORRECTION, CLOSE_CORRECTION = "correction_opened", "correction_closed"
LOCK, UNLOCK, EXEMPTED, REVOKED = "locked", "unlocked", "exempted", "exemption_revoked"
ASK_EXTENSION, GRANT, DECLINE = "extension_requested", "extension_granted", "extension_declined"
CONFIRMED, CHECKED = "confirmed", "checked"

EVENTS: dict[str, Text] = {
    SENT: Text("报送", "sent"),
    WITHDRAWN: Text("撤回", "withdrawn"),
    SEND_BACK: Text("退回", "returned"),
    APPROVE: Text("审核通过", "approved"),
    OPEN_CORRECTION: Text("开放更正", "correction opened"),
    CLOSE_CORRECTION: Text("取消更正", "correction closed"),
    LOCK: Text("锁定", "locked"),
    UNLOCK: Text("解锁", "unlocked"),
    EXEMPTED: Text("准予免报", "exempted"),
    REVOKED: Text("取消免报", "exemption revoked"),
    ASK_EXTENSION: Text("申请延期", "extension asked for"),
    GRANT: Text("准予延期", "extension granted"),
    DECLINE: Text("不予延期", "extension declined"),
    CONFIRMED: Text("单位审签", "confirmed by the unit"),
    CHECKED: Text("专项组核对", "checked by the working group"),
}
"""Event, named after what has happened → its words."""


@dataclass(frozen=True, slots=True)
class Move:
    """In one of `states` an `event` may happen to a month. `becomes`: the states it can lead to; empty where the state stays.
    `action`: what the actor must be permitted (`access`)."""

    states: tuple[str, ...]
    event: str
    becomes: tuple[str, ...]
    action: str
    needs_reason: bool = False


_BEFORE = (NOT_SUBMITTED, DRAFT)
_OPEN = (*_BEFORE, RETURNED)
MOVES: tuple[Move, ...] = (
    Move((*_OPEN, SUBMITTED), SENT, (SUBMITTED,), UPLOAD),
    Move((CORRECTING, CORRECTION_RETURNED), SENT, (CORRECTION_SUBMITTED,), UPLOAD),
    Move((SUBMITTED,), WITHDRAWN, _OPEN, UPLOAD),
    Move((CORRECTION_SUBMITTED,), WITHDRAWN, (CORRECTING, CORRECTION_RETURNED), UPLOAD),
    Move((SUBMITTED,), SEND_BACK, (RETURNED,), REVIEW, needs_reason=True),
    Move((CORRECTION_SUBMITTED,), SEND_BACK, (CORRECTION_RETURNED,), REVIEW, needs_reason=True),
    Move((SUBMITTED,), APPROVE, (APPROVED,), REVIEW),
    Move((CORRECTION_SUBMITTED,), APPROVE, (APPROVED, LOCKED), REVIEW),
    Move((APPROVED,), OPEN_CORRECTION, (CORRECTING,), UPLOAD, needs_reason=True),
    Move((LOCKED,), OPEN_CORRECTION, (CORRECTING,), REVIEW, needs_reason=True),
    Move((CORRECTING, CORRECTION_RETURNED), CLOSE_CORRECTION, (APPROVED, LOCKED), UPLOAD),
    Move((*_OPEN, APPROVED), LOCK, (LOCKED,), REVIEW),
    Move((LOCKED,), UNLOCK, (*_OPEN, APPROVED), REVIEW, needs_reason=True),
    Move(_OPEN, EXEMPTED, (EXEMPT,), REVIEW, needs_reason=True),
    Move((EXEMPT,), REVOKED, _OPEN, REVIEW, needs_reason=True),
    Move(_OPEN, ASK_EXTENSION, (), UPLOAD, needs_reason=True),
    Move((*_OPEN, SUBMITTED, APPROVED), GRANT, (), REVIEW),
    Move((*_OPEN, SUBMITTED, APPROVED), DECLINE, (), REVIEW, needs_reason=True),
    Move(WAITING, CONFIRMED, (), CONFIRM),
    Move(WAITING, CHECKED, (), EXPLAIN, needs_reason=True),
)

NEXT_STEP: dict[str, Text] = {
    APPROVED: Text(
        "如需修改,请先在“报送与审核”页说明原因、开放更正,再报送",
        "To change it, open a correction with a reason on “Submissions”, then send again",
    ),
    LOCKED: Text("确需修改或补报,请联系专办开放更正", "Ask the office to open a correction"),
    CORRECTION_SUBMITTED: Text(
        "更正正在审核;如需再改,请先撤回", "The correction is being reviewed; withdraw it first to change it again"
    ),
    EXEMPT: Text("确需报送,请联系专办取消免报", "Ask the office to revoke the exemption"),
}
"""What somebody does who wants to send a workbook in a state that takes none."""


def move(state: str, event: str) -> Move | None:
    """The move that an event is in a state; None where it may not happen."""
    return next((found for found in MOVES if found.event == event and state in found.states), None)


@dataclass(frozen=True, slots=True)
class Month:
    """What has happened to a unit's month, as far as its state depends on it.

    `latest`: the last event of the latest version that was not withdrawn (submitted, returned or approved; "" without one), and its
    number `version`. `correction`: that number when the open correction was opened; None without one.
    """

    latest: str = ""
    version: int = 0
    correction: int | None = None
    locked: bool = False
    exempt: bool = False
    draft: bool = False


def state(month: Month) -> str:
    """Where a month stands."""
    if month.correction is not None:
        if month.version <= month.correction:
            return CORRECTING
        return CORRECTION_SUBMITTED if month.latest == SUBMITTED else CORRECTION_RETURNED
    if month.exempt:
        return EXEMPT
    if month.locked:
        return LOCKED
    return month.latest or (DRAFT if month.draft else NOT_SUBMITTED)
