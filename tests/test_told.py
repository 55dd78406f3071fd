"""What a leader is told on the demo's pages when something is missing: a true reason, whose figures they are, how sure it is."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from townboard import forecast
from townboard.periods import Period

COUNTY, RETURNED = "140121", "140121103"  # 孟封镇: its October was sent back
OCTOBER = Period(2022, 10)


@pytest.fixture(scope="module")
def folder(demo_folder, tmp_path_factory):
    return shutil.copytree(demo_folder, tmp_path_factory.mktemp("told") / "store")


@pytest.fixture(autouse=True)
def opened(folder, monkeypatch):
    monkeypatch.setenv("TOWNBOARD_STORE", str(folder))


def visit(page: str, **link: str) -> AppTest:
    at = AppTest.from_string(f"from pages.{page} import page\npage()", default_timeout=60)
    for key, value in {"lang": "zh", "county": COUNTY, "period": "2022-10", "basis": "preliminary", **link}.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception, at.exception
    return at


def said(at: AppTest) -> str:
    kinds = (at.markdown, at.caption, at.info, at.warning, at.subheader)
    found = [str(element.value) for kind in kinds for element in kind] + [element.proto.body for element in at.get("html")]
    return "\n".join(found).replace("\u00a0", " ").replace("\u2060", "").replace("&#8288;", "")


def test_without_a_figure_nothing_is_short_of_its_goal():
    titles = said(visit("clean_collect", unit=RETURNED))
    assert "7 项都没有本月数据" in titles and "未达" not in titles
    assert "下半篇（进展）：7 项中 5 项已达基本目标，未达：平台接入率、预警处置率" in said(visit("clean_collect"))


def test_a_number_says_what_it_holds_of_units_without_figures():
    assert "含3个没有本月数据的单位以前销号的45个村" in said(visit("clean_collect"))
    assert "没有本月数据的单位以前销号的" not in said(visit("clean_collect", unit="140121101"))


def test_a_count_says_its_goal():
    assert "最高目标 10 个" in said(visit("enforcement"))


def test_figures_of_an_earlier_month_say_when_they_came():
    words = said(visit("economy", unit=RETURNED))
    assert "本月尚无数据，最近一次报送 2022-10-" in words
    assert "数据截至 2022-11-" in said(visit("economy", unit="140121101"))


def test_a_unit_without_this_month_has_the_pace_of_its_last_months():
    words = said(visit("overview", unit=RETURNED))
    assert "还看不出达标速度" not in words and "7月以来每月" in words
    assert "经营性口径也没有数据" in words and "—(" not in words and "—（" not in words


def test_a_year_without_goals_is_told_so():
    words = said(visit("overview", period="2021-12"))
    assert "2021年没有设定目标" in words and "没有纳入60%目标的村" not in words
    assert "个指标值，没有设定目标" in words
    assert "个单位有数、没有设定目标" in words


def test_the_forecast_is_as_sure_as_its_range():
    at = visit("overview")
    assert "可能达到目标，也可能差 8 个村" in said(at) and "超过目标" not in said(at)
    helps = [metric.help for metric in at.metric]
    assert any("未报的村按今年最近一次报数推算" in (words or "") for words in helps), "why it is not the indicator's number"


def test_one_word_for_what_is_due():
    words = said(visit("economy"))
    assert "时序应达 50.0%，慢 19.5 个百分点" in words
    assert "为村均30万元按月折算的 145.4%" in words and "为时序的" not in words


def test_a_band_shows_who_left_it():
    words = said(visit("economy", band="3"))
    assert "没有村变档" not in words and "7个村升档" in words


def test_the_table_beside_the_goals_line_holds_what_is_drawn(folder):
    at = visit("economy")
    at.session_state["table_of_goal_months"] = True
    at.run()
    [frame] = [box.value for box in at.dataframe if "forecast" in box.value]
    assert list(frame["month"])[-2:] == ["10月", "12月"] and len(frame) == 11
    december, october = frame.iloc[-1], frame.iloc[-2]
    assert (int(december["forecast"]), int(december["low"]), int(december["high"])) == (78, 69, 82)
    assert int(october["known"]) == 58 and pd.isna(december["known"]) and pd.isna(october["forecast"])


def test_the_catalogues_choices_stand_in_the_link():
    at = visit("catalogue")
    at.text_input[0].set_value("debt").run()
    assert at.query_params["q"] == "debt"
    next(control for control in at.button_group if control.key == "catalogue_part").set_value("forms").run()
    assert at.query_params["part"] == "forms"
    shared = visit("catalogue", q="debt", part="forms")
    assert shared.text_input[0].value == "debt" and "清化收" in said(shared)


def test_a_pace_needs_no_report_of_this_month():
    rows = pd.DataFrame([
        {"period": period, "unit": "a", "org_unit": village, "in_goal_denominator": True, "goal_income": income, "operating_income": income,
         "total_income": income, "expected_income": None}
        for village in ("a1", "a2") for period, income in (("2022-07", 20.0), ("2022-09", 31.0))
    ])  # fmt: skip
    assert forecast.pace_of(rows, OCTOBER, threshold=30.0) == (1.0, Period(2022, 7), 2)


def test_no_title_names_one_who_is_not_alone():
    assert "最久：东湖街道等2个单位 派驻机构联动制度建立 逾期 92 天" in said(visit("enforcement"))
    economy = said(visit("economy", period="2022-04"))
    assert economy.count("最高清源镇等2个单位 11.1%") == 2, "two charts name the same unit first"
    assert "最大相差3个村（4月、9月）" in said(visit("economy"))


def test_a_workbook_that_waits_for_approval_is_not_called_unreported():
    link = {"county": "140106", "basis": "approved"}
    words = said(visit("overview", **link))
    assert "6/7 个单位已审核；待审核、未计入：桥东街道" in words and "未报：" not in words
    assert '<td class="absent small">待审核</td>' in words and '<td class="absent small">未报</td>' not in words
    assert "1个待审核" in words
    assert any("待审核" in set(box.value.get("state", ())) for box in visit("enforcement", **link).dataframe)
