"""The store: one transaction or nothing, versions, what is in force, history, registers, trace, and what stops it from opening."""

from __future__ import annotations

import dataclasses
import hashlib
import subprocess
import sys
import threading
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from tests.stores import OCTOBER, STREET, TOWN, VILLAGE, VILLAGE_2, commit, income, small_store, submission
from townboard.answers import Answered
from townboard.catalogue import Target
from townboard.findings import Finding, Place
from townboard.loading import CatalogueError, catalogue
from townboard.periods import Period
from townboard.store import FILE, Store, StoreError, TransitionError
from townboard.store import StaleError as Stale
from townboard.store.commit import OpenFindingsError
from townboard.store.registers import RegisterError, RegisterRow, month_of, read
from townboard.submission import NOT_APPLICABLE
from townboard.text import Text

SEPTEMBER = Period(2022, 9)
AT = datetime(2022, 11, 2, 10)


@pytest.fixture
def store(tmp_path):
    with Store.create(tmp_path / "store") as opened:
        yield opened


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    with small_store(tmp_path_factory.mktemp("filled") / "store") as opened:
        yield opened


def economy(*incomes: float | None) -> dict:
    return {"village_economy": {code: income(value) for code, value in zip((VILLAGE, VILLAGE_2), incomes, strict=False)}}


def in_force(store: Store, basis: str, unit: str = TOWN, period: Period = OCTOBER) -> dict[str, int]:
    found = store.rows(
        "select data_set, submission_id from in_force where unit = ? and period = ? and basis = ? and to_time > ?",
        [unit, str(period), basis, datetime(9998, 1, 1)],
    )
    return dict(found)


# ---- opening


def test_opening_what_is_not_there_says_so_in_both_languages(tmp_path):
    with pytest.raises(StoreError) as error:
        Store.open(tmp_path)
    assert "init" in error.value.message.zh and "init" in error.value.message.en


def test_creating_twice_changes_nothing(store):
    with pytest.raises(StoreError):
        Store.create(store.folder)
    assert store.rows("select count(*) from org_unit")[0][0] == len(catalogue().org_units)


def test_a_damaged_file_is_refused(tmp_path):
    (tmp_path / FILE).write_bytes(b"not a database" * 400)
    with pytest.raises(StoreError) as error:
        Store.open(tmp_path)
    assert "备份" in error.value.message.zh


def test_a_store_in_use_names_the_process(store):
    child = f"""
from townboard.store import Store, StoreError
try:
    Store.open({str(store.folder)!r})
except StoreError as error:
    print(error.message.en)
"""
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, cwd=root, check=True)
    assert "Another program is using the store (process " in done.stdout


def test_the_file_keeps_the_older_storage_format(store):
    name = (store.folder / FILE).stem
    tags = dict(store.rows("select database_name, tags from duckdb_databases()"))[name]
    assert tags["storage_version"].startswith("v1.5.0")
    assert store.rows("select current_setting('autoinstall_known_extensions')") == [(False,)]


def test_opening_again_takes_no_step_twice(tmp_path):
    with Store.create(tmp_path) as store:
        first = store.data_version()
        steps = [name for (name,) in store.rows("select name from migration")]
    with Store.open(tmp_path) as store:
        assert store.data_version() == first
        assert len(steps) == len(set(steps)) == store.rows("select count(*) from migration")[0][0]


def test_a_new_element_becomes_a_column_and_old_rows_have_none(tmp_path):
    known = catalogue()
    form = known.data_set["village_economy"]
    smaller = dataclasses.replace(form, elements=tuple(e for e in form.elements if e.code != "land_compensation"))
    before = dataclasses.replace(known, data_sets=tuple(smaller if d is form else d for d in known.data_sets))
    with Store.create(tmp_path, before) as store:
        commit(store, TOWN, OCTOBER, economy(20.0))
        with pytest.raises(duckdb.BinderException):
            store.rows("select land_compensation from village_economy")
    with Store.open(tmp_path, known) as store:
        assert store.rows("select operating_income, land_compensation from village_economy") == [(20.0, None)]
        assert ("column village_economy.land_compensation",) in store.rows("select name from migration")


def test_a_renamed_place_is_refreshed_at_open(tmp_path):
    known = catalogue()
    Store.create(tmp_path).close()
    renamed = tuple(dataclasses.replace(p, label=Text("新名", "New name")) if p.code == VILLAGE else p for p in known.org_units)
    with Store.open(tmp_path, dataclasses.replace(known, org_units=renamed)) as store:
        assert store.rows("select name_zh, unit, county from org_unit where code = ?", [VILLAGE]) == [("新名", TOWN, "140121")]


def test_a_wrong_formula_stops_the_opening_and_changes_nothing(tmp_path):
    known = catalogue()
    Store.create(tmp_path).close()
    wrong = tuple(dataclasses.replace(i, numerator="fees_recoverd") if i.id == "QH03" else i for i in known.indicators)
    with pytest.raises(CatalogueError, match="QH03 numerator"):
        Store.open(tmp_path, dataclasses.replace(known, indicators=wrong))
    with Store.open(tmp_path) as store:
        assert sum(name.startswith("formulas ") for (name,) in store.rows("select name from migration")) == 1


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


def question(suggestion: float | None = 28.6) -> Finding:
    place = Place("村集体经济", "C5", 5, "大北村", "village_economy", VILLAGE, "operating_income")
    return Finding.at("unusual-jump", place, raw="286", suggestion=suggestion, change="18", why="×10")


def test_open_questions_cannot_be_committed_and_answers_are_kept(store):
    with pytest.raises(OpenFindingsError):
        commit(store, TOWN, OCTOBER, economy(286.0), findings=(question(),))
    commit(store, TOWN, OCTOBER, economy(286.0), answers=(Answered(question(), "keep", None, "一次性收入"),), approve=False)
    assert store.rows("select id, answer, reason, answered_by, suggestion from finding") == [
        ("unusual-jump", "keep", "一次性收入", "clerk", "28.6")
    ]
    assert store.rows("select asked, noted from submission") == [(1, 0)]


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


# ---- registers, baselines, closed villages


def test_the_first_approved_workbook_brings_the_baseline(store):
    rows = {"clean_collect": {VILLAGE: {"contracts_checked": 40, "problem_contracts": 10}}}
    commit(store, TOWN, SEPTEMBER, rows, approve=False)
    key = ("clean_collect", VILLAGE, "contracts_checked")
    assert key not in store.history(TOWN, OCTOBER).register
    store.transition(TOWN, SEPTEMBER, "approved", actor="office", at=datetime(2022, 10, 4))
    assert store.history(TOWN, OCTOBER).register[key] == 40
    rows = {"clean_collect": {VILLAGE: {"contracts_checked": 44, "problem_contracts": 10}}}
    commit(store, TOWN, OCTOBER, rows)
    assert store.history(TOWN, OCTOBER.plus(1)).register[key] == 40


def test_a_value_without_a_column_is_the_registers(store):
    store.register([RegisterRow("clean_collect", "fees_due", VILLAGE, 6.5)], actor="office", at=datetime(2022, 3, 1))
    commit(store, TOWN, OCTOBER, {"clean_collect": {VILLAGE: {"fees_recovered": 2.0}}})
    assert store.rows("select fees_due, fees_recovered, contracts_checked from clean_collect") == [(6.5, 2.0, None)]
    traced = store.trace(TOWN, OCTOBER, "clean_collect", "fees_due", VILLAGE)
    assert traced["value"] == 6.5 and traced["cell"] is None
    assert traced["normalised"] == ["taken from the register: the workbook has no column for it"]


def test_last_years_income_belongs_to_its_year(store):
    key = ("village_economy", VILLAGE, "last_year_total_income")
    store.register([RegisterRow(key[0], key[2], key[1], 21.0)], actor="office", at=datetime(2022, 1, 10))
    assert store.history(TOWN, OCTOBER).register[key] == 21.0
    assert key not in store.history(TOWN, Period(2023, 2)).register
    commit(store, TOWN, Period(2022, 12), {"village_economy": {VILLAGE: income(30.0, 2.0, 1.5)}})
    commit(store, TOWN, Period(2023, 1), {"village_economy": {VILLAGE: income(1.0)}})
    assert store.rows("select last_year_total_income from village_economy where period = '2023-01'") == [(33.5,)]


def test_closing_requested_and_approved_closes_the_village_from_the_next_month(filled):
    closed = filled.rows("select org_unit from register_value where element = 'closed'")[0][0]
    assert closed not in filled.history(TOWN, Period(2022, 8)).closed
    assert filled.history(TOWN, SEPTEMBER).closed == {closed}
    carried = filled.rows(
        "select period, carried_from, contracts_rectified from clean_collect where org_unit = ? order by 1", [closed]
    )
    assert carried == [("2022-08", None, 6), ("2022-09", 1, 6), ("2022-10", 1, 6)]
    totals = filled.rows("select period, sum(contracts_checked) from clean_collect group by period order by period")
    assert [total for _, total in totals] == [18 * 40] * 3


def test_when_every_village_is_closed_the_rows_stay_without_a_sheet(store):
    villages = [place.code for place in store.catalogue.children(TOWN, "village")]
    commit(
        store, TOWN, SEPTEMBER, {"clean_collect": {code: {"debt_resolved": 1.0, "closing_requested": True} for code in villages}}
    )
    commit(store, TOWN, OCTOBER, economy(1.0))
    assert store.rows("select sum(debt_resolved), count(*) from clean_collect where period = '2022-10'") == [(18.0, 18)]
    assert "clean_collect" in in_force(store, "approved")


def test_a_reopened_village_is_asked_again(store):
    commit(store, TOWN, SEPTEMBER, {"clean_collect": {VILLAGE: {"debt_resolved": 1.0, "closing_requested": True}}})
    assert store.history(TOWN, OCTOBER).closed == {VILLAGE}
    store.register([RegisterRow("clean_collect", "closed", VILLAGE, 0, OCTOBER.start)], actor="office", at=AT)
    assert store.history(TOWN, OCTOBER).closed == frozenset()
    commit(store, TOWN, OCTOBER, {"clean_collect": {VILLAGE: {"debt_resolved": 2.0, "closing_requested": True}}})
    assert store.history(TOWN, OCTOBER.plus(1)).closed == {VILLAGE}
    standing = store.rows(
        "select since, number from register_value where element = 'closed' and to_time > ? order by 1", [datetime(9000, 1, 1)]
    )
    assert standing == [(SEPTEMBER.start, 1.0), (OCTOBER.start, 1.0)]


def closed_in(store: Store, month: Period) -> list[str]:
    frame = store.ask("clean_collect_by_village", units=[TOWN], period=str(month))
    return frame.loc[frame.closed, "org_unit"].tolist()


def test_an_imported_closing_counts_from_its_own_month_and_never_before(store):
    store.register([RegisterRow("clean_collect", "closed", VILLAGE, 1, date(2022, 9, 17))], actor="office", at=AT)
    store.register([RegisterRow("clean_collect", "closed", VILLAGE_2, 1)], actor="office", at=AT)
    assert [closed_in(store, Period(2022, month)) for month in (8, 9, 10, 11)] == [[], [VILLAGE], [VILLAGE], [VILLAGE, VILLAGE_2]]
    asked = [store.history(TOWN, Period(2022, month)).closed for month in (9, 10, 11, 12)]
    assert asked == [set(), {VILLAGE}, {VILLAGE}, {VILLAGE, VILLAGE_2}], "the month of the closing still fills in its row"
    store.register([RegisterRow("clean_collect", "closed", VILLAGE, 0, date(2022, 11, 1))], actor="office", at=AT)
    assert [closed_in(store, Period(2022, month)) for month in (8, 9, 10, 11)] == [[], [VILLAGE], [VILLAGE], [VILLAGE_2]]
    assert (
        closed_in(store, OCTOBER)
        and not store.ask("clean_collect_by_village", units=[TOWN], period="2022-10", as_of=datetime(2022, 11, 1)).closed.any()
    )


def test_a_register_value_taken_back_stands_no_more(store):
    row = RegisterRow("clean_collect", "fees_due", VILLAGE, 6.5)
    key = ("clean_collect", VILLAGE, "fees_due")
    store.register([row], actor="office", at=AT)
    assert store.history(TOWN, OCTOBER).register[key] == 6.5
    gone = dataclasses.replace(row, value=None)
    assert (store.register([gone], actor="office"), store.register([gone], actor="office")) == (1, 0)
    assert key not in store.history(TOWN, OCTOBER).register


def test_last_years_income_of_two_years_stands_side_by_side(store):
    rows = [RegisterRow("village_economy", "last_year_total_income", VILLAGE, value, date(year, 5, 1))
            for year, value in ((2022, 21.0), (2023, 24.0))]  # fmt: skip
    assert store.register(rows, actor="office", at=AT) == 2
    key = ("village_economy", VILLAGE, "last_year_total_income")
    assert [store.history(TOWN, Period(year, 3)).register.get(key) for year in (2021, 2022, 2023)] == [None, 21.0, 24.0]
    assert store.register(rows, actor="office", at=AT) == 0


def test_registers_of_an_older_store_learn_from_when_they_count(tmp_path):
    with Store.create(tmp_path) as store:
        commit(store, TOWN, SEPTEMBER, {"clean_collect": {VILLAGE: {"closing_requested": True}}})
        store.register([RegisterRow("clean_collect", "closed", VILLAGE_2, 1)], actor="office", at=AT)
        store._connection.execute("alter table register_value drop column since")
        store._connection.execute("delete from migration where name in ('registers-since', 'column register_value.since')")
    with Store.open(tmp_path) as store:
        assert [closed_in(store, Period(2022, month)) for month in (8, 9, 10, 11)] == [
            [],
            [VILLAGE],
            [VILLAGE],
            [VILLAGE, VILLAGE_2],
        ]


def test_the_same_register_value_again_changes_nothing(store):
    row = RegisterRow("community_coverage", "grids", "140121100001", 6)
    assert store.register([row], actor="office", at=AT) == 1
    version = store.data_version()
    assert store.register([row], actor="office", at=AT) == 0 and store.data_version() == version


def test_a_new_target_closes_the_earlier_one(store):
    target = store.catalogue.target("CE01", "140121", 2022)
    assert isinstance(target, Target)
    assert store.targets([dataclasses.replace(target, basic=65.0)], actor="office", at=AT) == 1
    found = store.rows("select basic, set_by, to_time > ? from target where indicator = 'CE01' and org_unit = '140121'"
                       """ and "year" = 2022 order by from_time""", [datetime(9000, 1, 1)])  # fmt: skip
    assert found == [(60.0, "catalogue", False), (65.0, "office", True)]


LONG = "数据集,指标项,单位代码,值\n"
REGISTERS = [
    ("long, by codes", LONG + f"clean_collect,fees_due,{VILLAGE},6.5\n", [("clean_collect", "fees_due", VILLAGE, 6.5)]),
    ("long, by words", LONG + "清化收,摸排合同数,大北村,40\n", [("clean_collect", "contracts_checked", "大北村", 40)]),
    (
        "a closing with its month",
        "数据集,指标项,单位代码,值,起始月\n" + f"clean_collect,closed,{VILLAGE},是,2022-06\n",
        [("clean_collect", "closed", VILLAGE, 1)],
    ),
    ("a village closed", LONG + f"clean_collect,closed,{VILLAGE},是\n", [("clean_collect", "closed", VILLAGE, 1)]),
    (
        "the burden catalogue",
        LONG + "burden,certificates_catalogue,140121,5\n",
        [("burden", "certificates_catalogue", "140121", 5)],
    ),
]


@pytest.mark.parametrize(("name", "words", "expected"), REGISTERS, ids=[case[0] for case in REGISTERS])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_registers_from_a_table(name, words, expected, encoding):
    named = {place.label.zh: place.code for place in catalogue().org_units if place.level == "village"}
    found = [(row.data_set, row.element, row.org_unit, row.value) for row in read(words.encode(encoding), catalogue())[0]]
    assert found == [(a, b, named.get(place, place), value) for a, b, place, value in expected]


@pytest.mark.parametrize(("written", "month"), [
    ("2022-06", 6), ("2022-06-18", 6), ("2022年6月", 6), ("2022.6", 6), (datetime(2022, 6, 3), 6), ("2022-06-18 00:00:00", 6), ("六月", None), ("2022-13", None),
])  # fmt: skip
def test_the_month_a_closing_counts_from(written, month):
    assert month_of(written) == (date(2022, month, 1) if month else None)


def test_a_register_sheet_dates_its_closings():
    words = (
        "数据集,指标项,单位代码,值,起始月\n"
        + f"clean_collect,closed,{VILLAGE},是,2022-06-18\nclean_collect,fees_due,{VILLAGE},3,2022-06\n"
    )
    assert [row.since for row in read(words.encode(), catalogue())[0]] == [date(2022, 6, 1), None]
    with pytest.raises(RegisterError) as told:
        read(words.replace("2022-06-18", "去年").encode(), catalogue())
    assert "2022-06" in told.value.mistakes[0].zh and len(told.value.mistakes) == 1


def test_registers_from_a_wide_sheet():
    import io

    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "街道社区"
    sheet.append(["社区代码", "小区数", "网格数"])
    communities = [place.code for place in catalogue().children(TOWN, "community")][:2]
    sheet.append([communities[0], 4, 6])
    sheet.append([communities[1], None, 7])
    data = io.BytesIO()
    book.save(data)
    found = [(row.element, row.org_unit, row.value) for row in read(data.getvalue(), catalogue())[0]]
    assert found == [("compounds", communities[0], 4), ("grids", communities[0], 6), ("grids", communities[1], 7)]


def test_all_mistakes_of_a_register_are_said_at_once():
    lines = [
        f"clean_colect,fees_due,{VILLAGE},1", f"clean_collect,fees_recovered,{VILLAGE},1", "clean_collect,fees_due,nowhere,1",
        f"clean_collect,fees_due,{VILLAGE},viel", f"clean_collect,contracts_checked,{VILLAGE},1.5", f"clean_collect,fees_due,{VILLAGE_2},3",
    ]  # fmt: skip
    with pytest.raises(RegisterError) as error:
        read((LONG + "\n".join(lines)).encode(), catalogue())
    assert [mistake.en.split(":")[0] for mistake in error.value.mistakes] == [f"Row {number}" for number in range(2, 7)]
    assert "clean_collect" in error.value.mistakes[0].zh and "fees_due" in error.value.mistakes[1].en


# ---- history and trace


def test_history_is_what_was_approved_before(filled):
    history = filled.history(TOWN, OCTOBER)
    village = filled.catalogue.children(TOWN, "village")[1].code
    assert history.series["village_economy", village, "operating_income"] == [(Period(2022, 8), 13.5), (SEPTEMBER, 14.5)]
    assert history.current["village_economy", village, "operating_income"] == 15.5
    assert history.current_version == 1
    assert sorted(history.seen.values()) == [Period(2022, 8), SEPTEMBER, OCTOBER]
    assert history.last(("village_economy", village, "expected_income")) is None
    assert filled.history(TOWN, OCTOBER) is history


def test_history_forgets_after_two_years(filled):
    village = filled.catalogue.children(TOWN, "village")[1].code
    later = filled.history(TOWN, Period(2024, 9))
    assert [month for month, _ in later.series["village_economy", village, "operating_income"]] == [SEPTEMBER, OCTOBER]


def test_history_counts_open_cases_and_catalogue_limits(store):
    cases = {"law_enforcement": {TOWN: {"cases_simple": 5, "cases_general": 4, "cases_closed": 6}}}
    commit(store, TOWN, Period(2021, 12), cases)
    store.register([RegisterRow("burden", "certificates_catalogue", "140121", 5)], actor="office", at=AT)
    history = store.history(TOWN, OCTOBER)
    assert history.cases_open == 3.0 and history.catalogue_limits == {"certificates_now": 5}


def test_history_does_not_see_other_units(filled):
    assert not filled.history(STREET, OCTOBER).series


def test_trace_walks_back_to_the_cell(store):
    found, data = submission(TOWN, OCTOBER, economy(26.0, 12.5))
    value = found.sheets[0].rows[1].values["operating_income"]
    value.written, value.steps = "１２．５万", ("full-width digits", "unit 万元")
    store.commit(found, (), actor="zhang", at=AT, original=data)
    store.transition(TOWN, OCTOBER, "approved", actor="li", at=datetime(2022, 11, 3, 9))
    traced = store.trace(TOWN, OCTOBER, "village_economy", "operating_income", VILLAGE_2)
    assert {key: traced[key] for key in ("value", "status", "raw", "sheet", "cell", "version", "normalised", "answers")} == {
        "value": 12.5, "status": "reported", "raw": "１２．５万", "sheet": "村集体经济", "cell": "C6", "version": 1,
        "normalised": ["full-width digits", "unit 万元"], "answers": [],
    }  # fmt: skip
    assert (traced["submitted_by"], traced["submitted_at"], traced["approved_by"]) == ("zhang", "2022-11-02T10:00:00Z", "li")
    assert traced["sha256"] == found.sha256


CONTRACT_KEYS = ["value", "status", "raw", "data_set", "element", "org_unit", "period", "version", "workbook", "sha256", "sheet", "cell",
                 "submitted_by", "submitted_at", "approved_by", "approved_at", "normalised", "answers"]  # fmt: skip
TRACES = [
    ("a unit form's cell", "law_enforcement", "staff_quota", "", 10, "reported"),
    ("a date", "law_enforcement", "team_established_on", "", "2022-04-01", "reported"),
    ("a community's cell", "community_coverage", "grids", "community", 6, "reported"),
    ("a free row", "problems_models", "title", f"{TOWN}#1", "抱团发展", "reported"),
]


@pytest.mark.parametrize(("name", "data_set", "element", "place", "value", "status"), TRACES, ids=[case[0] for case in TRACES])
def test_trace_of_every_sort_of_form(filled, name, data_set, element, place, value, status):
    org_unit = filled.catalogue.children(TOWN, "community")[0].code if place == "community" else place
    traced = filled.trace(TOWN, OCTOBER, data_set, element, org_unit)
    assert list(traced) == CONTRACT_KEYS
    assert (traced["value"], traced["status"]) == (value, status) and traced["cell"]


def test_trace_of_a_closed_village_goes_back_to_its_last_report(filled):
    closed = filled.rows("select org_unit from register_value where element = 'closed'")[0][0]
    traced = filled.trace(TOWN, OCTOBER, "clean_collect", "contracts_rectified", closed)
    assert traced["workbook"] == f"{TOWN}_2022-08.xlsx" and "2022-08" in traced["normalised"][-1]


def test_trace_of_a_sum_names_its_parts(filled):
    village = filled.catalogue.children(TOWN, "village")[1].code
    traced = filled.trace(TOWN, OCTOBER, "village_economy", "total_income", village)
    assert traced["value"] == 18.0 and traced["cell"] is None
    assert [part["element"] for part in traced["parts"]] == ["operating_income", "subsidy_income", "other_income"]


def test_trace_of_nothing_is_none_and_missing_keeps_its_status(store):
    assert store.trace(TOWN, OCTOBER, "village_economy", "operating_income", VILLAGE) is None
    found, data = submission(TOWN, OCTOBER, economy(None))
    value = found.sheets[0].rows[0].values["operating_income"]
    value.written, value.status = "不涉及", NOT_APPLICABLE
    store.commit(found, (), actor="zhang", at=AT, original=data)
    traced = store.trace(TOWN, OCTOBER, "village_economy", "operating_income", VILLAGE)
    assert (traced["value"], traced["status"], traced["raw"], traced["approved_by"]) == (None, "not_applicable", "不涉及", None)


def test_trace_names_the_answers(store):
    commit(store, TOWN, OCTOBER, economy(286.0), answers=(Answered(question(), "keep", None, "一次性收入"),))
    traced = store.trace(TOWN, OCTOBER, "village_economy", "operating_income", VILLAGE)
    assert [(answer["finding"], answer["answer"], answer["reason"]) for answer in traced["answers"]] == [
        ("unusual-jump", "keep", "一次性收入")
    ]


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


GOALS = "指标,单位代码,年度,基本目标,最高目标,截止日期\n"


def test_goals_come_in_a_sheet_of_their_own(tmp_path):
    data = (GOALS + "CE01,140121,2023,70,90,2023-12-31\n持证率,清源镇,2022,85,,\n").encode()
    values, goals = read(data, catalogue())
    assert values == []
    assert [(goal.indicator, goal.org_unit, goal.year, goal.basic, goal.highest, goal.deadline) for goal in goals] == [
        ("CE01", "140121", 2023, 70, 90, date(2023, 12, 31)),
        ("LE03", "140121100", 2022, 85, None, date(2022, 12, 31)),
    ]
    with Store.create(tmp_path / "s") as store:
        assert (store.targets(goals, actor="专办"), store.targets(goals, actor="专办")) == (2, 0)


def test_wrong_goals_are_all_told():
    lines = "XX01,140121,2023,70,90,\nCE01,火星镇,2023,70,90,\nCE01,140121,明年,70,90,\n"
    with pytest.raises(RegisterError) as told:
        read((GOALS + lines).encode(), catalogue())
    assert [mistake.zh[:3] for mistake in told.value.mistakes] == ["第2行", "第3行", "第4行"]


def test_a_fixed_table_and_a_column_that_came_later_are_added_to_an_older_store(tmp_path):
    with Store.create(tmp_path) as store:
        store._connection.execute("drop table original")
        store._connection.execute("alter table finding drop column answered_by")
        store._connection.execute("delete from migration where name = 'table original'")
    with Store.open(tmp_path) as store:
        assert store.rows("select count(*) from original") == [(0,)]
        assert store.rows("select answered_by from finding") == []
        assert ("column finding.answered_by",) in store.rows("select name from migration")
