"""The store: one transaction or nothing, versions, what is in force, and how it is asked."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from tests.stores import AT, OCTOBER, TOWN, VILLAGE, VILLAGE_2, commit, economy, in_force, income, question, submission
from townboard.answers import Answered
from townboard.store import StaleError as Stale
from townboard.store import Store, StoreError, TransitionError
from townboard.store.commit import OpenFindingsError
from townboard.store.registers import RegisterRow

# ---- committing


def test_a_commit_writes_everything_and_the_receipt_says_where(store):
    receipt = commit(store, TOWN, OCTOBER, economy(26.0, None), approve=False, typed_cells=4, data_cells=9)
    assert (receipt.submission_id, receipt.version) == (1, 1)
    assert store.rows("select unit, period, version, on_time, typed_cells, data_cells from submission") == [
        (TOWN, "2022-10", 1, True, 4, 9)
    ]
    assert store.rows("select org_unit, item, operating_income, source_row from village_economy order by org_unit") == [
        (VILLAGE, "", 26.0, 5), (VILLAGE_2, "", None, 6)
    ]  # fmt: skip
    assert store.rows("select org_unit, element, status from value_note") == [(VILLAGE_2, "operating_income", "missing")]
    assert store.rows("select state from event") == [("submitted",)]
    assert hashlib.sha256(store.original(receipt.sha256)).hexdigest() == receipt.sha256
    assert in_force(store, "preliminary") == {"village_economy": 1} and in_force(store, "approved") == {}


def test_every_write_raises_the_data_version(store):
    seen = [store.data_version()]
    commit(store, TOWN, OCTOBER, economy(26.0))
    seen.append(store.data_version())
    store.register([RegisterRow("burden", "certificates_catalogue", "140121", 5)], actor="office", at=AT)
    seen.append(store.data_version())
    assert seen == sorted(set(seen))


def test_a_failure_inside_leaves_nothing(store):
    before = store.data_version()
    rows = {"law_enforcement": {TOWN: {"staff_quota": 10.5}}}
    with pytest.raises(ValueError, match="whole numbers"):
        commit(store, TOWN, OCTOBER, rows)
    for table in ("submission", "event", "in_force", "source_place", "law_enforcement"):
        assert store.rows(f"select count(*) from {table}") == [(0,)], table
    assert store.data_version() == before
    assert commit(store, TOWN, OCTOBER, economy(1.0)).version == 1


def test_a_statement_that_fails_is_rolled_back_and_raised(store):
    with pytest.raises(duckdb.CatalogException), store.write() as cursor:
        cursor.execute("insert into audit values (99, ?, 'x', 'x', '', '', '', true, '')", [AT])
        cursor.execute("select * from no_such_table")
    assert store.data_version() < 99


def test_a_commit_that_did_not_stick_is_told(store, monkeypatch):
    real = store.rows
    monkeypatch.setattr(
        store,
        "rows",
        lambda sql, parameters=(): [(0,)] if sql.startswith("select count(*) from submission") else real(sql, parameters),
    )
    with pytest.raises(StoreError, match="not in the store"):
        commit(store, TOWN, OCTOBER, economy(1.0), approve=False)


def test_bytes_that_are_not_the_workbook_are_refused(store):
    found, _ = submission(TOWN, OCTOBER, economy(1.0))
    with pytest.raises(ValueError, match="sha256"):
        store.commit(found, (), actor="clerk", at=AT, original=b"something else")
    assert store.rows("select count(*) from submission") == [(0,)]


def test_a_preview_that_is_no_longer_the_latest_is_stale(store):
    first, data = submission(TOWN, OCTOBER, economy(1.0))
    store.commit(first, (), actor="a", at=AT, original=data, expected_version=0)
    second, other = submission(TOWN, OCTOBER, economy(2.0))
    with pytest.raises(Stale) as error:
        store.commit(second, (), actor="b", at=AT, original=other, expected_version=0)
    assert error.value.version == 1 and "1" in error.value.message.zh
    assert store.commit(second, (), actor="b", at=AT, original=other, expected_version=1).version == 2


def test_open_questions_cannot_be_committed_and_answers_are_kept(store):
    with pytest.raises(OpenFindingsError):
        commit(store, TOWN, OCTOBER, economy(286.0), findings=(question(),))
    commit(store, TOWN, OCTOBER, economy(286.0), answers=(Answered(question(), "keep", None, "一次性收入"),), approve=False)
    assert store.rows("select id, answer, reason, answered_by, suggestion from finding") == [
        ("unusual-jump", "keep", "一次性收入", "clerk", "28.6")
    ]
    assert store.rows("select asked, noted from submission") == [(1, 0)]
    assert store.rows("select actor, unit, detail from audit where action = 'answer'") == [
        ("clerk", TOWN, "submission 1: 1 keep")
    ]


def test_commits_from_many_threads_take_their_turn(store):
    receipts, trouble = [], []

    def send(number: int) -> None:
        try:
            receipts.append(commit(store, TOWN, OCTOBER, economy(float(number)), approve=False, name=f"{number}.xlsx"))
        except duckdb.Error as error:
            trouble.append(error)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not trouble
    assert sorted(receipt.version for receipt in receipts) == [1, 2, 3, 4, 5, 6]
    assert list(in_force(store, "preliminary").values()) == [max(receipt.submission_id for receipt in receipts)]


def test_readers_ask_while_a_writer_writes(store):
    units = [TOWN]
    answers = []
    thread = threading.Thread(target=lambda: answers.extend(len(store.ask("income_by_village", units=units, period="2022-10"))
                                                             for _ in range(5)))  # fmt: skip
    thread.start()
    for number in range(3):
        commit(store, TOWN, OCTOBER, economy(float(number)), approve=False, name=f"{number}.xlsx")
    thread.join()
    assert answers == [18] * 5


def test_a_workbook_with_some_forms_leaves_the_others_as_they_were(store):
    commit(store, TOWN, OCTOBER, {**economy(10.0), "assets_platform": {TOWN: {"villages_online": 17}}}, approve=False)
    commit(store, TOWN, OCTOBER, economy(11.0), approve=False)
    assert in_force(store, "preliminary") == {"village_economy": 2, "assets_platform": 1}


def test_rows_of_other_units_and_unnamed_rows_are_not_stored(store):
    rows = {"village_economy": {VILLAGE: income(1.0), "": income(2.0), "140121102200": income(3.0)}}
    commit(store, TOWN, OCTOBER, rows)
    assert store.rows("select org_unit from village_economy") == [(VILLAGE,)]


def test_free_rows_keep_their_number(store):
    rows = {"problems_models": {f"{TOWN}#1": {"kind": "问题", "title": "一"}, f"{TOWN}#12": {"kind": "典型", "title": "二"}}}
    commit(store, TOWN, OCTOBER, rows)
    assert store.rows("select org_unit, item, title from problems_models order by item") == [
        (TOWN, "1", "一"),
        (TOWN, "12", "二"),
    ]
    assert store.history(TOWN, OCTOBER.plus(1)).last(("problems_models", f"{TOWN}#12", "title")) == (OCTOBER, "二")


# ---- states


def test_approval_moves_preliminary_figures_to_approved(store):
    commit(store, TOWN, OCTOBER, economy(10.0), at=AT, approve=False)
    assert store.status(TOWN, OCTOBER).state == "submitted"
    status = store.transition(TOWN, OCTOBER, "approved", actor="office", at=datetime(2022, 11, 4))
    assert (status.state, status.version, status.state_by) == ("approved", 1, "office")
    assert in_force(store, "approved") == in_force(store, "preliminary") == {"village_economy": 1}
    frame = store.ask("income_by_village", units=[TOWN], period="2022-10", basis="preliminary")
    assert frame.loc[frame.reported, ["approved", "state"]].drop_duplicates().values.tolist() == [[True, "approved"]]


MOVES = [
    ("nothing was sent", [], "approved", TransitionError),
    ("approved twice", ["approved"], "approved", TransitionError),
    ("returned after approval", ["approved"], "returned", TransitionError),
    ("approved after a return", ["returned"], "approved", TransitionError),
    ("a state nobody knows", ["submitted"], "burned", ValueError),
]


@pytest.mark.parametrize(("name", "before", "state", "error"), MOVES, ids=[move[0] for move in MOVES])
def test_states_that_do_not_follow(store, name, before, state, error):
    if before:
        commit(store, TOWN, OCTOBER, economy(10.0), approve=False)
    for step in before:
        if step != "submitted":
            store.transition(TOWN, OCTOBER, step, actor="office", at=AT, reason="核对")
    with pytest.raises(error):
        store.transition(TOWN, OCTOBER, state, actor="office", at=AT, reason="核对")


def test_a_return_needs_a_reason(store):
    commit(store, TOWN, OCTOBER, economy(10.0), approve=False)
    with pytest.raises(TransitionError):
        store.transition(TOWN, OCTOBER, "returned", actor="office", at=AT)
    assert store.transition(TOWN, OCTOBER, "returned", actor="office", at=AT, reason="与台账不符").reason == "与台账不符"


def test_a_correction_waits_beside_the_approved_figure(store):
    commit(store, TOWN, OCTOBER, economy(10.0), at=datetime(2022, 11, 2))
    commit(store, TOWN, OCTOBER, economy(12.0), at=datetime(2022, 11, 20), approve=False)
    income_of = {
        basis: store.ask("income_by_village", units=[TOWN], period="2022-10", basis=basis).operating_income.dropna().tolist()
        for basis in ("approved", "preliminary")
    }
    assert income_of == {"approved": [10.0], "preliminary": [12.0]}


MOMENTS = [
    ("before anything", datetime(2022, 11, 1), []),
    ("first version", datetime(2022, 11, 3), [10.0]),
    ("second version", datetime(2022, 11, 21), [12.0]),
]


@pytest.mark.parametrize(("name", "moment", "expected"), MOMENTS, ids=[moment[0] for moment in MOMENTS])
def test_as_of_an_earlier_moment(store, name, moment, expected):
    commit(store, TOWN, OCTOBER, economy(10.0), at=datetime(2022, 11, 2, 1))
    commit(store, TOWN, OCTOBER, economy(12.0), at=datetime(2022, 11, 20, 1))
    found = store.ask("income_by_village", units=[TOWN], period="2022-10", as_of=moment)
    assert found.operating_income.dropna().tolist() == expected


# ---- asking


def test_no_units_no_rows(filled):
    assert len(filled.ask("income_by_village", units=[], period="2022-10")) == 0


def test_a_wrong_name_or_parameter_is_a_bug(filled):
    with pytest.raises(FileNotFoundError):
        filled.ask("income_by_vilage", units=[TOWN])
    with pytest.raises(FileNotFoundError):
        filled.ask("../data/catalogue/settings", units=[TOWN])
    with pytest.raises(duckdb.InvalidInputException):
        filled.ask("income_by_village", units=[TOWN], period="2022-10", perido="2022-10")


WRITTEN = [
    ("a query's name", "income_by_vilage", {}, "income_by_village"),
    ("a parameter's name", "income_by_village", {"perid": "2022-10"}, "perid"),
    ("a parameter is missing", "income_by_village", {}, "period"),
    ("a moment", "income_by_village", {"period": "2022-10", "as_of": "yesterday"}, "yesterday"),
]


@pytest.mark.parametrize(("name", "query", "given", "said"), WRITTEN, ids=[case[0] for case in WRITTEN])
def test_a_written_question_that_is_wrong_is_said_kindly(filled, name, query, given, said):
    with pytest.raises(StoreError) as error:
        filled.ask_written(query, units=[TOWN], given=given)
    assert said in error.value.message.en and said in error.value.message.zh


def test_a_written_question_is_answered(filled):
    given = {"period": "2022-10", "as_of": "2022-12-01T00:00", "goal_threshold": "15"}
    found = filled.ask_written("income_by_village", units=[TOWN], given=given)
    assert found.at_goal.sum() == found.goal_income.ge(15).sum() > 0


def test_an_original_that_was_never_kept(store):
    with pytest.raises(KeyError):
        store.original("0" * 64)
    with pytest.raises(KeyError):
        store.original("../townboard.duckdb")


def test_what_a_receipt_was_given_for_survives_a_kill(tmp_path):
    child = f"""
import os, signal
from tests.stores import TOWN, VILLAGE, OCTOBER, commit, income
from townboard.store import Store
store = Store.create({str(tmp_path / "store")!r})
for number in range(3):
    receipt = commit(store, TOWN, OCTOBER, {{"village_economy": {{VILLAGE: income(float(number))}}}}, approve=False, name=str(number))
    print(receipt.submission_id, receipt.sha256, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, cwd=root, check=False)
    given = [tuple(line.split()) for line in done.stdout.splitlines()]
    assert done.returncode == -9 and len(given) == 3, done.stderr
    with Store.open(tmp_path / "store") as store:
        kept = store.rows("select id, sha256 from submission order by id")
        assert [(str(id), sha256) for id, sha256 in kept] == given
        assert in_force(store, "preliminary") == {"village_economy": 3}
        assert all(store.original(sha256) for _, sha256 in kept)
