"""The page of submissions: registers typed in, everything that may happen to a month, versions compared and restored."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd
import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from tests.stores import OCTOBER, STREET, TOWN, VILLAGE, VILLAGE_2, commit, income, small_store
from townboard import journey, registering, versions
from townboard.access import Actor
from townboard.findings import Refusal
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.shell import visit
from townboard.store import StaleError, Store, TransitionError
from townboard.submission import History

OFFICE = Actor("office", "special_office")
OTHER = "140121102"


@pytest.fixture
def store(tmp_path, monkeypatch):
    folder = tmp_path / "store"
    small_store(folder).close()
    monkeypatch.setenv("TOWNBOARD_STORE", str(folder))
    visit._opened.cache_clear()
    yield visit.house().store
    visit.house().store.close()
    visit._opened.cache_clear()


def visited(**link: str) -> AppTest:
    at = AppTest.from_string("from pages.submissions import page\npage()", default_timeout=60)
    for key, value in {"lang": "zh", "period": "2022-10", **link}.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception, at.exception
    return at


def words(at: AppTest) -> str:
    return " ".join(
        str(one.value) for kind in ("markdown", "caption", "success", "error", "subheader", "text") for one in getattr(at, kind)
    ).replace("\u00a0", " ")


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception, at.exception
    return at


# ---- the month


def test_what_waits_comes_first_and_is_decided_there(store):
    at = visited()
    assert at.subheader[0].value == "待办：待审 1 份，延期申请 0 件"
    id = store.status(OTHER, OCTOBER).submission_id
    assert at.button(key=f"return_{id}").disabled, "a return needs a reason"
    at.text_input(key=f"reason_{id}").set_value("与台账不符").run()
    press(at, f"return_{id}")
    assert "现为“退回修改”" in words(at) and store.status(OTHER, OCTOBER).state == "returned"
    assert "退回修改、未计入" in words(at) and "已退回修改（与台账不符）" in at.code[0].value


def test_a_sent_workbook_is_withdrawn_on_the_page(store):
    at = visited(unit=OTHER)
    press(at, f"withdrawn_month_{OTHER}_2022-10")
    assert store.status(OTHER, OCTOBER).state == "not_submitted" and "现为“未报”" in words(at)
    assert store.rows("select actor from audit where action = 'withdrawn'") == [("本机专办",)]


def test_an_approved_month_is_opened_for_one_correction_with_a_reason(store):
    at = visited(unit=TOWN)
    key = f"correction_opened_month_{TOWN}_2022-10"
    assert at.button(key=key).disabled
    at.text_input(key=f"reason_month_{TOWN}_2022-10").set_value("漏记一笔").run()
    press(at, key)
    assert store.status(TOWN, OCTOBER).state == "correcting" and store.status(TOWN, OCTOBER).reason == "漏记一笔"
    assert "开放更正" in words(at)


def test_an_extension_is_asked_for_and_granted_from_the_queue(store):
    due = store.status(STREET, OCTOBER).deadline + timedelta(days=4)
    store.transition(STREET, OCTOBER, "extension_requested", actor="clerk", reason="停电两天", due=due)
    at = visited()
    assert at.subheader[0].value.endswith("延期申请 1 件") and "停电两天" in words(at)
    press(at, f"extension_granted_queue_{STREET}_2022-10")
    assert store.status(STREET, OCTOBER).deadline == due and store.status(STREET, OCTOBER).asked_until is None


def test_a_county_is_locked_only_when_nothing_waits(store):
    at = visited()
    press(at, "lock_140121_2022-10")
    assert "尚有单位待审" in words(at)
    store.transition(OTHER, OCTOBER, "approved", actor="office")
    at = press(visited(), "lock_140121_2022-10")
    assert "已锁定 10 个单位" in words(at) and store.status(TOWN, OCTOBER).state == "locked"


def test_an_exempt_unit_is_not_expected(store):
    assert "2/10 个单位已报" in words(visited())
    store.transition(STREET, OCTOBER, "exempted", actor="office", reason="机构撤并")
    at = visited()
    assert "2/9 个单位已报" in words(at) and "免报：东湖街道" in words(at)
    assert "应报 9 个单位" in words(at)


def test_a_partial_report_is_called_partial(store):
    assert "部分报送：东于镇（缺清化收" in words(visited())


def test_the_callback_asks_again_who_may(store, monkeypatch):
    at = visited(unit=OTHER)
    monkeypatch.setattr("townboard.shell.month.actor", lambda: Actor("x", "clerk", (TOWN,)))
    press(at, f"withdrawn_month_{OTHER}_2022-10")
    assert store.status(OTHER, OCTOBER).state == "submitted" and "权限" in words(at)


# ---- versions


def two_versions(store: Store) -> None:
    rows = {"village_economy": {VILLAGE: income(40.0, 1.0), VILLAGE_2: income(None, 0.0)}}
    commit(store, TOWN, OCTOBER, rows, at=datetime(2022, 11, 20, 1))


def test_versions_are_compared_and_an_earlier_one_is_restored(store):
    first = store.version_values(TOWN, OCTOBER, 1)
    two_versions(store)
    at = visited(unit=TOWN)
    assert "第1版到第2版" in words(at)
    assert "不能恢复旧版" in words(at), "an approved month is opened first"
    store.transition(TOWN, OCTOBER, "correction_opened", actor="clerk", reason="第2版有误")
    at = visited(unit=TOWN)
    assert at.button(key=f"restore_{TOWN}_2022-10").disabled
    at.text_input(key=f"restore_reason_{TOWN}_2022-10").set_value("第2版取数有误").run()
    press(at, f"restore_{TOWN}_2022-10")
    assert "已按第1版恢复，报送为第3版" in words(at)
    assert versions.differences(first, store.version_values(TOWN, OCTOBER, 3), catalogue()) == []
    assert store.status(TOWN, OCTOBER).state == "correction_submitted"
    [(reason,)] = store.rows(
        "select reason from event where state = 'submitted' and submission_id = ?", [store.status(TOWN, OCTOBER).submission_id]
    )
    assert "恢复第1版" in reason and "第2版取数有误" in reason
    traced = store.trace(TOWN, OCTOBER, "village_economy", "operating_income", VILLAGE)
    assert (
        traced["version"] == 3
        and traced["cell"] == store.version_values(TOWN, OCTOBER, 1)["village_economy", VILLAGE, "operating_income"].cell
    )


def test_restoring_wants_a_reason_a_right_and_the_latest_version(store):
    two_versions(store)
    with pytest.raises(Refusal, match="month-closed"):
        journey.restore(store, OFFICE, TOWN, OCTOBER, 1, reason="有误")
    store.transition(TOWN, OCTOBER, "correction_opened", actor="clerk", reason="有误")
    with pytest.raises(TransitionError):
        journey.restore(store, OFFICE, TOWN, OCTOBER, 1, reason=" ")
    with pytest.raises(Refusal, match="not-permitted"):
        journey.restore(store, Actor("x", "clerk", (OTHER,)), TOWN, OCTOBER, 1, reason="有误")
    with pytest.raises(StaleError):
        journey.restore(store, OFFICE, TOWN, OCTOBER, 1, reason="有误", expected_version=1)
    with pytest.raises(KeyError):
        journey.restore(store, OFFICE, TOWN, OCTOBER, 9, reason="有误")
    assert len(store.versions(TOWN, OCTOBER)) == 2


# ---- registers typed in


def edited(monkeypatch: pytest.MonkeyPatch, row: int, **cells: object) -> None:
    """What a person types into the grid; the framework's tester cannot type there."""

    def editor(frame: pd.DataFrame, **_: object) -> pd.DataFrame:
        after = frame.copy()
        for column, value in cells.items():
            if column in after.columns:
                after.loc[row, column] = value
        return after

    monkeypatch.setattr(streamlit, "data_editor", editor)


def test_a_register_is_typed_in_shown_and_recorded_as_one(store, monkeypatch):
    village = catalogue().children(TOWN, "village")[2].code
    edited(monkeypatch, 2, fees_due=7.5, closed_month="2022-09")
    at = visited(unit=TOWN)
    at.selectbox(key="register_what").set_value("clean_collect").run()
    assert "将改动 2 个值" in words(at)
    before = store.rows("select count(*) from audit where action = 'register'")[0][0]
    [button] = [one for one in at.button if str(one.key).startswith("go_register")]
    button.click().run()
    assert not at.exception
    assert store.history(TOWN, OCTOBER).register["clean_collect", village, "fees_due"] == 7.5
    assert store.closings(TOWN)[village] == date(2022, 9, 1)
    assert store.rows("select count(*) from audit where action = 'register'")[0][0] == before + 1
    assert "已登记" in words(at)


def test_a_goal_is_typed_in(store, monkeypatch):
    ids = [indicator.id for indicator in catalogue().indicators if indicator.direction != "context"]
    edited(monkeypatch, ids.index("CE01"), basic=65.0)
    at = visited()
    assert "将改动 1 个值" in words(at)
    [button] = [one for one in at.button if str(one.key).startswith("go_register")]
    button.click().run()
    standing = store.ask("targets_by_indicator", units=[TOWN], year=2022)
    [goal] = standing[(standing.indicator == "CE01") & (standing.org_unit == "140121")].to_dict("records")
    assert (goal["basic"], goal["set_by"]) == (65.0, "本机专办")


def test_a_wrong_cell_records_nothing(store, monkeypatch):
    edited(monkeypatch, 0, contracts_checked=1.5, closed_month="去年")
    at = visited(unit=TOWN)
    at.selectbox(key="register_what").set_value("clean_collect").run()
    assert len(at.error) == 2
    [button] = [one for one in at.button if str(one.key).startswith("go_register")]
    assert button.disabled


def test_what_an_edited_grid_changes():
    form = catalogue().data_set["clean_collect"]
    history = History(TOWN, OCTOBER, register={("clean_collect", VILLAGE, "fees_due"): 6.0})
    before = registering.grid(catalogue(), history, form, {VILLAGE: date(2022, 6, 1)})
    at = before.index[before["org_unit"] == VILLAGE][0]
    assert (
        before.loc[at, "fees_due"] == 6.0
        and before.loc[at, "closed_month"] == "2022-06"
        and before["fees_due"].isna().sum() == 17
    )
    after = before.copy()
    after.loc[at, "fees_due"] = pd.NA
    after.loc[at, "closed_month"] = "2022年8月"
    rows, changes, mistakes = registering.values_changed(before, after, form, OCTOBER)
    assert not mistakes and len(changes) == 2
    said = [(row.element, row.value, row.since) for row in rows]
    assert said == [("fees_due", None, None), ("closed", None, date(2022, 6, 1)), ("closed", 1, date(2022, 8, 1))]
    assert registering.values_changed(before, before, form, OCTOBER) == ([], [], [])


def test_last_years_income_is_the_base_of_the_years_month():
    form = catalogue().data_set["village_economy"]
    before = registering.grid(catalogue(), History(TOWN, Period(2023, 2)), form, {})
    after = before.copy()
    after.loc[0, "last_year_total_income"] = 21.0
    [row], _, _ = registering.values_changed(before, after, form, Period(2023, 2))
    assert row.since == date(2023, 2, 1)


def test_every_unit_has_a_grid_for_each_of_its_registers():
    for unit in catalogue().units("140121"):
        for form in registering.forms(catalogue(), unit.code):
            frame = registering.grid(catalogue(), History(unit.code, OCTOBER), form, {})
            assert len(frame) == len(catalogue().rows_of(form, unit.code)) and frame.shape[1] > 1


@pytest.mark.parametrize(("id", "basic", "highest", "taken"), [
    ("CE01", 60.0, 80.0, True), ("CE01", 60.0, 50.0, False), ("CE02", 5.0, 0.0, True), ("CE02", 0.0, 90.0, False), ("CE01", 70.0, None, True),
])  # fmt: skip
def test_a_highest_goal_is_never_easier_than_the_basic_one(id, basic, highest, taken):
    before = pd.DataFrame([{"indicator": id, "basic": None, "highest": None, "deadline": None}])
    after = before.assign(basic=basic, highest=highest)
    goals, changes, mistakes = registering.goals_changed(before, after, catalogue(), "140121", 2022)
    assert (len(goals), len(changes), len(mistakes)) == ((1, 1, 0) if taken else (0, 0, 1))
