"""What waits for whom: the steps of a month, who takes them, and that confirming and checking belong to one version."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pandas as pd
import pytest

from tests.stores import OCTOBER, TOWN, VILLAGE, income, submission
from townboard import cycle, journey, waiting
from townboard.access import CONFIRM, EXPLAIN, REVIEW, UPLOAD, WORKING_GROUPS, Actor
from townboard.charts.submissions import ABSENT, DRAFT
from townboard.findings import Refusal
from townboard.store import TransitionError
from townboard.waiting import STEPS

LEADER, GROUP = Actor("李四", "unit_leader", (TOWN,)), Actor("王五", "working_group", (), "economy")
CLERK, OFFICE = Actor("张三", "clerk", (TOWN,)), Actor("赵六", "special_office")


def board(state: str, kind: str = "", **more):
    row = {"unit": TOWN, "period": "2022-10", "state": state, "kind": kind, "late": False, "version": 2, "submission_id": 7, "reason": "",
           "asked_until": None, "asked_reason": "", **more}  # fmt: skip
    return pd.DataFrame([row])


def opinion(event: str, version: int = 2, group: str | None = None):
    return SimpleNamespace(unit=TOWN, period="2022-10", version=version, event=event, working_group=group)


EXPLAINED = {7: {"village_economy": 2, "burden": 1}}


@pytest.mark.parametrize(("name", "row", "said", "expected"), [
    ("nothing sent", board(cycle.NOT_SUBMITTED, ABSENT, version=None, submission_id=None), [], ["due"]),
    ("not due", board(cycle.NOT_SUBMITTED, "not_due", version=None, submission_id=None), [], []),
    ("a draft", board(cycle.DRAFT, DRAFT, version=None, submission_id=None), [], ["draft"]),
    ("sent", board(cycle.SUBMITTED), [], ["confirm", "check:economy", "check:support", "review"]),
    ("confirmed", board(cycle.SUBMITTED), [opinion("confirmed")], ["check:economy", "check:support", "review"]),
    ("checked by one group", board(cycle.SUBMITTED), [opinion("checked", group="economy")], ["confirm", "check:support", "review"]),
    ("an older version confirmed", board(cycle.SUBMITTED), [opinion("confirmed", 1)], ["confirm", "check:economy", "check:support", "review"]),
    ("returned", board(cycle.RETURNED), [], ["returned"]),
    ("a correction open", board(cycle.CORRECTING), [], ["correcting"]),
    ("a correction sent", board(cycle.CORRECTION_SUBMITTED, submission_id=8), [], ["confirm", "review"]),
    ("approved", board(cycle.APPROVED), [], []),
    ("an extension asked for", board(cycle.NOT_SUBMITTED, ABSENT, version=None, submission_id=None, asked_until=datetime(2022, 11, 9)), [],
     ["due", "extension"]),
], ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_the_steps_of_a_month(name, row, said, expected):
    found = waiting.steps(row, said, EXPLAINED)
    assert [one.step + (f":{one.group}" if one.group else "") for one in found] == expected


def test_everybody_takes_their_own_steps():
    found = waiting.steps(pd.concat([board(cycle.SUBMITTED), board(cycle.RETURNED, unit="140121101")]), [], EXPLAINED)
    assert [one.step for one in waiting.mine(found, {UPLOAD})] == ["returned"]
    assert [one.step for one in waiting.mine(found, {CONFIRM})] == ["confirm"]
    assert [one.step for one in waiting.mine(found, {REVIEW})] == ["review"]
    assert [(one.step, one.group, one.count) for one in waiting.mine(found, {EXPLAIN}, "economy")] == [("check", "economy", 2)]
    assert waiting.mine(found, {EXPLAIN}, "enforcement") == waiting.mine(found, set()) == []
    assert waiting.counted(found) == {"returned": 1, "confirm": 1, "check": 1, "review": 1}
    assert {STEPS[one.step].action for one in found} <= {UPLOAD, CONFIRM, EXPLAIN, REVIEW}
    assert {one.group for one in found if one.group} <= set(WORKING_GROUPS)


def sent(store, value: float) -> int:
    made, data = submission(TOWN, OCTOBER, {"village_economy": {VILLAGE: income(value)}}, name=str(value))
    return store.commit(made, (), actor="张三", at=datetime(2022, 11, 1), original=data).version


def test_confirming_and_checking_are_put_on_record_and_change_nothing(store):
    sent(store, 10.0)
    before = store.status(TOWN, OCTOBER)
    journey.move(store, LEADER, TOWN, OCTOBER, cycle.CONFIRMED)
    journey.move(store, GROUP, TOWN, OCTOBER, cycle.CHECKED, reason="与合同一致")
    assert store.status(TOWN, OCTOBER) == before
    said = store.ask("opinions_by_unit_month", units=[TOWN], first_period="2022-01", period="2022-10")
    assert said[["version", "event", "actor", "reason"]].values.tolist() == [
        [1, "confirmed", "李四", ""],
        [1, "checked", "王五", "与合同一致"],
    ]
    assert said["working_group"].tolist()[1] == "economy" and pd.isna(said["working_group"].tolist()[0])
    audited = store.rows("select actor, action, unit from audit where action in ('confirmed', 'checked') order by n")
    assert audited == [("李四", "confirmed", TOWN), ("王五", "checked", TOWN)]
    assert store.ask("opinions_by_unit_month", units=["140121101"], first_period="2022-01", period="2022-10").empty


def test_an_extension_that_waits_is_still_seen_after_a_confirmation(store):
    journey.move(store, CLERK, TOWN, OCTOBER, cycle.ASK_EXTENSION, reason="停电", due=datetime(2030, 1, 1))
    sent(store, 10.0)
    journey.move(store, LEADER, TOWN, OCTOBER, cycle.CONFIRMED)
    marks = store.ask("month_marks_by_unit_month", units=[TOWN], first_period="2022-01", period="2022-10")
    assert marks["asked_reason"].tolist() == ["停电"]


@pytest.mark.parametrize(("who", "event", "reason", "error"), [
    (CLERK, cycle.CONFIRMED, "", Refusal), (OFFICE, cycle.CONFIRMED, "", Refusal), (CLERK, cycle.CHECKED, "x", Refusal),
    (LEADER, cycle.CHECKED, "x", Refusal), (Actor("x", "unit_leader", ("140121101",)), cycle.CONFIRMED, "", Refusal),
    (GROUP, cycle.CHECKED, "", TransitionError),
])  # fmt: skip
def test_nobody_else_confirms_or_checks(store, who, event, reason, error):
    sent(store, 10.0)
    with pytest.raises(error):
        journey.move(store, who, TOWN, OCTOBER, event, reason=reason)
    assert store.rows("select count(*) from month_event") == [(0,)]


def test_there_is_nothing_to_confirm_before_it_is_sent_or_after_it_was_approved(store):
    with pytest.raises(TransitionError):
        journey.move(store, LEADER, TOWN, OCTOBER, cycle.CONFIRMED)
    sent(store, 10.0)
    journey.move(store, OFFICE, TOWN, OCTOBER, cycle.APPROVE)
    with pytest.raises(TransitionError):
        journey.move(store, LEADER, TOWN, OCTOBER, cycle.CONFIRMED)
