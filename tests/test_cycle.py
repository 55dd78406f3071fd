"""The monthly cycle: the table of moves, and random walks through it that prove what no path may do."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest

from tests.stores import OCTOBER, TOWN, VILLAGE, income, submission
from townboard import cycle, journey
from townboard.access import ACTIONS, Actor
from townboard.deadlines import due_at
from townboard.findings import Refusal
from townboard.periods import Period
from townboard.store import Store, TransitionError
from townboard.text import Text

AT = datetime(2022, 11, 1, 1)
OFFICE, CLERK = Actor("office", "special_office"), Actor("clerk", "clerk", (TOWN,))


def send(store: Store, value: float, *, at: datetime = AT, reason: str = "") -> int:
    found, data = submission(TOWN, OCTOBER, {"village_economy": {VILLAGE: income(value)}}, name=str(value))
    return store.commit(found, (), actor="clerk", at=at, original=data, reason=reason).version


def figure(store: Store, basis: str, as_of: datetime | None = None) -> float | None:
    frame = store.ask("income_by_village", units=[TOWN], period=str(OCTOBER), basis=basis, as_of=as_of)
    known = frame.loc[frame.org_unit == VILLAGE, "operating_income"].dropna()
    return None if known.empty else float(known.iloc[0])


def recorded(store: Store) -> int:
    return store.rows("select count(*) from audit")[0][0]


# ---- the table


def test_every_state_and_event_has_words_and_a_way_out():
    assert all(isinstance(words, Text) and words.zh and words.en for table in (cycle.STATES, cycle.EVENTS, cycle.NEXT_STEP)
               for words in table.values())  # fmt: skip
    for state in cycle.STATES:
        moves = [found for found in cycle.MOVES if state in found.states]
        assert moves, state
        assert cycle.move(state, cycle.SENT) is not None or state in cycle.NEXT_STEP, f"{state}: what does a clerk do next?"
    assert {found.event for found in cycle.MOVES} == set(cycle.EVENTS)
    for found in cycle.MOVES:
        assert {*found.states, *found.becomes} <= set(cycle.STATES) and found.action in ACTIONS
    pairs = Counter((state, found.event) for found in cycle.MOVES for state in found.states)
    assert max(pairs.values()) == 1, "one state and event, one move"


def test_approved_and_locked_months_are_left_only_by_a_correction_or_by_unlocking():
    ways = {(state, found.event) for found in cycle.MOVES for state in found.states
            if state in (cycle.APPROVED, cycle.LOCKED) and found.becomes}  # fmt: skip
    assert ways == {(cycle.APPROVED, cycle.OPEN_CORRECTION), (cycle.APPROVED, cycle.LOCK), (cycle.LOCKED, cycle.OPEN_CORRECTION),
                    (cycle.LOCKED, cycle.UNLOCK)}  # fmt: skip
    assert {found.action for found in cycle.MOVES if cycle.LOCKED in found.states} == {"review"}, (
        "only the office touches a locked month"
    )


# ---- random walks


def attempt(store: Store, event: str, rng: random.Random, at: datetime) -> None:
    if event == cycle.SENT:
        send(store, float(rng.randint(1, 999)), at=at)
        return
    due = due_at(OCTOBER, store.catalogue.settings) + timedelta(days=rng.randint(1, 40))
    store.transition(TOWN, OCTOBER, event, actor="office", at=at, reason=rng.choice(("核对", "核对", "")),
                     due=due if event in (cycle.ASK_EXTENSION, cycle.GRANT) else None)  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_no_path_edits_what_is_approved_except_a_correction(store, seed):
    rng, at = random.Random(seed), AT
    seen: set[tuple[str, str]] = set()
    before, version, approved, audits = store.status(TOWN, OCTOBER), 0, None, recorded(store)
    for _ in range(120):
        at += timedelta(hours=1)
        possible = [event for event in cycle.EVENTS if cycle.move(before.state, event)]
        event = rng.choice(possible) if rng.random() < 0.75 else rng.choice(list(cycle.EVENTS))
        found = cycle.move(before.state, event)
        try:
            attempt(store, event, rng, at)
        except TransitionError:
            assert recorded(store) == audits, "what did not happen leaves no trace"
            assert store.status(TOWN, OCTOBER) == before
            continue
        assert found is not None, f"{event} happened in {before.state}"
        after = store.status(TOWN, OCTOBER)
        seen.add((before.state, event))
        assert after.state in (found.becomes or (before.state,)), (before.state, event, after.state)
        audits += 1
        assert recorded(store) == audits
        version += event == cycle.SENT
        assert store.history(TOWN, OCTOBER).current_version == version, "versions never decrease, and only a workbook makes one"
        stands = figure(store, "approved")
        assert stands == approved or event == cycle.APPROVE, f"{event} in {before.state} changed what was approved"
        if after.state not in (cycle.SUBMITTED, cycle.CORRECTION_SUBMITTED):
            assert figure(store, "preliminary") == stands, "only what waits for review differs from what is approved"
        before, approved = after, stands
    assert len(seen) > 12, seen


# ---- what single moves mean


def test_returned_figures_stand_nowhere_but_are_seen_as_of_before(store):
    send(store, 10.0, at=AT)
    store.transition(TOWN, OCTOBER, "returned", actor="office", at=AT + timedelta(days=1), reason="与台账不符")
    assert (figure(store, "preliminary"), figure(store, "approved")) == (None, None)
    assert figure(store, "preliminary", AT + timedelta(hours=1)) == 10.0
    assert store.history(TOWN, OCTOBER).current["village_economy", VILLAGE, "operating_income"] == 10.0, (
        "the next preview compares with it"
    )
    status = store.status(TOWN, OCTOBER)
    assert (status.state, status.reason, status.version) == ("returned", "与台账不符", 1)


def test_a_returned_correction_leaves_the_approved_figure(store):
    send(store, 10.0)
    store.transition(TOWN, OCTOBER, "approved", actor="office", at=AT)
    store.transition(TOWN, OCTOBER, "correction_opened", actor="clerk", at=AT + timedelta(hours=1), reason="漏记")
    send(store, 12.0, at=AT + timedelta(hours=2))
    assert (figure(store, "preliminary"), figure(store, "approved")) == (12.0, 10.0)
    store.transition(TOWN, OCTOBER, "returned", actor="office", at=AT + timedelta(hours=3), reason="无凭证")
    assert (figure(store, "preliminary"), figure(store, "approved")) == (10.0, 10.0)
    assert store.status(TOWN, OCTOBER).state == "correction_returned"
    store.transition(TOWN, OCTOBER, "correction_closed", actor="clerk", at=AT + timedelta(hours=4))
    assert store.status(TOWN, OCTOBER).state == "approved"


def test_a_withdrawn_workbook_was_never_sent(store):
    send(store, 10.0)
    store.transition(TOWN, OCTOBER, "withdrawn", actor="clerk", at=AT + timedelta(hours=1))
    assert figure(store, "preliminary") is None and store.status(TOWN, OCTOBER).state == "not_submitted"
    with pytest.raises(TransitionError):
        store.transition(TOWN, OCTOBER, "approved", actor="office")
    assert send(store, 11.0, at=AT + timedelta(hours=2)) == 2 and figure(store, "preliminary") == 11.0


def test_one_correction_takes_one_workbook(store):
    send(store, 10.0)
    store.transition(TOWN, OCTOBER, "approved", actor="office", at=AT)
    with pytest.raises(TransitionError) as told:
        send(store, 11.0)
    assert "开放更正" in told.value.message.zh and "correction" in told.value.message.en
    store.transition(TOWN, OCTOBER, "correction_opened", actor="clerk", at=AT, reason="漏记")
    assert send(store, 11.0, at=AT) == 2
    with pytest.raises(TransitionError, match="withdraw it first"):
        send(store, 12.0)
    store.transition(TOWN, OCTOBER, "approved", actor="office", at=AT)
    with pytest.raises(TransitionError):
        send(store, 13.0)
    assert [row[0] for row in store.rows("select operating_income from village_economy order by submission_id")] == [10.0, 11.0]


def test_a_locked_month_is_locked_again_after_its_correction(store):
    send(store, 10.0)
    store.transition(TOWN, OCTOBER, "approved", actor="office", at=AT)
    store.transition(TOWN, OCTOBER, "locked", actor="office", at=AT)
    store.transition(TOWN, OCTOBER, "correction_opened", actor="office", at=AT, reason="审计发现")
    send(store, 11.0, at=AT)
    assert store.transition(TOWN, OCTOBER, "approved", actor="office", at=AT).state == "locked"
    assert figure(store, "approved") == 11.0


def test_a_county_is_locked_as_a_whole_or_not_at_all(store):
    send(store, 10.0)
    with pytest.raises(TransitionError, match="Qingyuan"):
        store.lock("140121", OCTOBER, actor="office")
    assert store.rows("select count(*) from month_event") == [(0,)]
    store.transition(TOWN, OCTOBER, "approved", actor="office", at=AT)
    expected = [unit.code for unit in store.catalogue.expected_units("140121", OCTOBER)]
    assert store.lock("140121", OCTOBER, actor="office") == expected
    assert store.lock("140121", OCTOBER, actor="office") == []
    assert {store.status(unit, OCTOBER).state for unit in expected} == {"locked"}
    assert store.rows("select count(*) from audit where action = 'locked'") == [(len(expected),)]
    with pytest.raises(TransitionError, match="Ask the office"):
        send(store, 11.0)


def test_extensions_move_the_deadline_that_a_submission_keeps(store):
    first = store.status(TOWN, OCTOBER).deadline
    later = first + timedelta(days=5)
    with pytest.raises(TransitionError):
        store.transition(TOWN, OCTOBER, "extension_requested", actor="clerk", reason="停电", due=first)
    asked = store.transition(TOWN, OCTOBER, "extension_requested", actor="clerk", reason="停电", due=later)
    assert (asked.deadline, asked.asked_until, asked.state) == (first, later, "not_submitted")
    granted = store.transition(TOWN, OCTOBER, "extension_granted", actor="office")
    assert (granted.deadline, granted.asked_until) == (later, None)
    send(store, 10.0, at=first + timedelta(days=2))
    status = store.status(TOWN, OCTOBER)
    assert (status.due_at, status.on_time) == (later, True)
    with pytest.raises(TransitionError, match="No extension"):
        store.transition(TOWN, OCTOBER, "extension_declined", actor="office", reason="无必要")


def test_a_partial_report_names_the_forms_it_lacks(store):
    send(store, 10.0)
    assert store.status(TOWN, OCTOBER).missing == ("clean_collect", "assets_platform", "law_enforcement", "community_coverage")
    found, data = submission(TOWN, OCTOBER, {"assets_platform": {TOWN: {"trades": 0}}})
    store.commit(found, (), actor="clerk", at=AT, original=data)
    assert store.status(TOWN, OCTOBER).missing == ("clean_collect", "law_enforcement", "community_coverage")
    assert store.rows("select given, nonzero from submission order by id") == [(3, 1), (1, 0)]


def test_the_doors_ask_who_may(store):
    send(store, 10.0)
    with pytest.raises(Refusal, match="not-permitted"):
        journey.move(store, CLERK, TOWN, OCTOBER, "approved")
    journey.move(store, OFFICE, TOWN, OCTOBER, "approved")
    with pytest.raises(Refusal, match="not-permitted"):
        journey.move(store, Actor("other", "clerk", ("140121101",)), TOWN, OCTOBER, "correction_opened", reason="漏记")
    assert journey.move(store, CLERK, TOWN, OCTOBER, "correction_opened", reason="漏记").state == "correcting"
    with pytest.raises(TransitionError, match="reason"):
        journey.move(store, OFFICE, "140121101", OCTOBER, "exempted")


def test_returned_figures_of_an_older_store_leave_on_opening(tmp_path):
    with Store.create(tmp_path) as store:
        send(store, 10.0)
        moment = datetime(9999, 12, 31)
        store._connection.execute("insert into event values (1, ?, 'office', 'returned', '核对')", [AT + timedelta(hours=5)])
        assert figure(store, "preliminary") == 10.0
        store._connection.execute("delete from migration where name = 'returned-figures-leave'")
        assert store.rows("select to_time from in_force") == [(moment,)]
    with Store.open(tmp_path) as store:
        assert figure(store, "preliminary") is None and figure(store, "preliminary", AT + timedelta(hours=1)) == 10.0


def test_periods_do_not_touch_one_another(store):
    store.transition(TOWN, Period(2022, 9), "exempted", actor="office", reason="撤并")
    assert (store.status(TOWN, Period(2022, 9)).state, store.status(TOWN, OCTOBER).state) == ("exempt", "not_submitted")
    assert store.status(TOWN, Period(2022, 9)).reason == "撤并"
