"""The office’s registers, baselines, closed villages and goals: how they are read from a sheet, and from when they count."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime

import pytest

from tests.stores import AT, OCTOBER, SEPTEMBER, TOWN, VILLAGE, VILLAGE_2, commit, economy, in_force, income
from townboard.catalogue import Target
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.store import Store
from townboard.store.registers import RegisterError, RegisterRow, month_of, read


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
