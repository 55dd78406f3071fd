"""The shell: the link's codec, who is in the figures and who is not, cached answers, and what is said when something breaks."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.stores import OCTOBER, TOWN, VILLAGE, commit, income, small_store
from townboard.charts.board import Board, cell
from townboard.periods import Period
from townboard.shell import columns as shown_beside
from townboard.shell.drawing import Drawn
from townboard.shell.panels import Exhibit
from townboard.shell.url_state import KEYS, Choice, moment_code, moment_of, read, read_language, strange
from townboard.shell.view import View, as_of_line, coverage_line
from townboard.store import Store
from townboard.text import Text, same

COUNTIES, UNITS = ["140121", "140106"], ["140121100", "140121101"]
MAYU = "140121200"


@pytest.mark.parametrize(("name", "link", "found"), [
    ("all five codes", {"county": "140121", "period": "2022-10", "unit": "140121100", "basis": "approved", "lang": "en"},
     Choice("140121", "2022-10", "140121100", "approved", "en")),
    ("an empty link", {}, Choice()),
    ("a label instead of a code", {"unit": "清源镇"}, Choice()),
    ("a unit outside the visitor's scope", {"unit": "140106001"}, Choice()),
    ("another county's code", {"county": "140999"}, Choice()),
    ("a month that is none", {"period": "2022-13"}, Choice()),
    ("words for a month", {"period": "October"}, Choice()),
    ("an unknown basis and language", {"basis": "final", "lang": "fr"}, Choice()),
    ("what is not ours is passed over", {"embed": "true", "period": "2022-09"}, Choice(period="2022-09")),
    ("a moment", {"as_of": "2022-11-05T18:00"}, Choice(as_of="2022-11-05T18:00")),
    ("a moment that is none", {"as_of": "2022-11-31T18:00"}, Choice()),
    ("a moment before all", {"as_of": "0001-01-01T00:00"}, Choice()), ("a moment after all", {"as_of": "9999-12-31T23:59"}, Choice()),
    ("a village and its unit", {"village": "140121100201", "unit": "140121100"}, Choice(unit="140121100", village="140121100201")),
    ("a village names its unit", {"village": "140121100201"}, Choice(unit="140121100", village="140121100201")),
    ("a village of another unit", {"village": "140121100201", "unit": "140121101"}, Choice(unit="140121101")),
    ("a village outside the scope", {"village": "140106001001"}, Choice()),
    ("a village with a unit outside the scope", {"village": "140121100201", "unit": "140106001"}, Choice()),
    ("an income band", {"band": "4"}, Choice(band="4")),
    ("an income band that is none", {"band": "30-50"}, Choice()),
    ("nothing is executed or pasted", {"unit": "140121100' or 1=1 --"}, Choice()),
])  # fmt: skip
def test_a_link_is_read_as_codes(name, link, found):
    assert read(link, COUNTIES, UNITS, {"140121100201": "140121100"}) == found, name
    known = {key: value for key, value in link.items() if key in KEYS}
    followed = {key for key, value in found.written().items() if link.get(key) == value}
    assert {key for key, _ in strange(link, found)} == known.keys() - followed, "what is not followed is said"


def test_a_moment_is_written_on_the_countys_clock_and_kept_in_utc():
    assert moment_of("2022-11-05T18:00", 8) == datetime(2022, 11, 5, 10, 0, 59)
    assert moment_code(moment_of("2022-11-05T18:00", 8), 8) == "2022-11-05T18:00"


def test_a_link_that_says_everything_is_not_filled_from_the_visit(opened):
    at = look({"unit": TOWN})
    assert seen(at)["unit"] == TOWN
    whole = {key: value for key, value in at.query_params.items() if key != "unit"}
    at.query_params.clear()
    for key, value in whole.items():
        at.query_params[key] = value[0] if isinstance(value, list) else value
    assert seen(at.run())["unit"] is None, "as the browser's back button leads"


@pytest.mark.parametrize(("name", "link", "said"), [
    ("another county's unit", {"unit": "140106001", "county": "140121"}, "所选县（区）没有链接里的单位"),
    ("a unit that is none", {"unit": "999"}, "链接里的单位不存在，或不在您可查看的范围内"),
    ("a month without reports", {"period": "2031-01"}, "所选县（区）没有链接里的报告期"),
    ("a moment that is none", {"as_of": "yesterday"}, "链接里的时点不存在"),
])  # fmt: skip
def test_what_of_a_link_is_not_followed_is_said_in_a_sentence(name, link, said, opened):
    at = look(link)
    assert not at.exception
    assert [warning for warning in at.warning if said in warning.value], [warning.value for warning in at.warning]
    assert not [warning for warning in at.warning for code in link.values() if code in warning.value], "nothing of it is repeated"
    assert not look({"period": "2022-10"}).warning, "a good link is followed without a word"


def test_a_choice_is_written_as_it_is_read_and_fills_its_gaps_from_another():
    choice = Choice("140121", "2022-10", None, "approved", "zh")
    assert choice.written() == {"county": "140121", "period": "2022-10", "basis": "approved", "lang": "zh"}
    assert read(choice.written(), COUNTIES, UNITS) == choice
    assert Choice(period="2022-09").over(choice) == Choice("140121", "2022-09", None, "approved", "zh")
    assert read_language({"lang": "en"}) == "en" and read_language({}) is None


VIEW = View(
    county="140121", period=OCTOBER, unit=None, units=("140121100", "140121101", "140121102"), basis="preliminary", as_of=None,
    language="zh", data_version=1, store="", expected=("140121100", "140121101", "140121102"),
    reported=("140121100", "140121101", "140121102"), unapproved=(), last_sent=datetime(2022, 11, 2, 9, 20),
)  # fmt: skip


@pytest.mark.parametrize(("name", "change", "zh", "en"), [
    ("all there", {}, "3/3 个单位已报", "3 of 3 units reported"),
    ("some missing, by name", {"reported": ("140121101",)}, "1/3 个单位已报;未报:清源镇、东于镇",
     "1 of 3 units reported; not reported: Qingyuan Town, Dongyu Town"),
    ("some not approved", {"unapproved": ("140121101", "140121102")}, "3/3 个单位已报;含 2 个单位未审核数据",
     "3 of 3 units reported; 2 not yet approved"),
    ("only what is approved", {"basis": "approved", "reported": ("140121100", "140121101")}, "2/3 个单位已审核;未报:东于镇",
     "2 of 3 units approved; not reported: Dongyu Town"),
    ("one waits for approval", {"basis": "approved", "reported": ("140121100", "140121101"), "waiting": ("140121102",)},
     "2/3 个单位已审核;待审核、未计入:东于镇", "2 of 3 units approved; not approved yet and not counted: Dongyu Town"),
    ("nothing is due", {"expected": (), "reported": ()}, "本月无应报单位", "No report is due this month"),
])  # fmt: skip
def test_who_is_in_the_figures_is_said(name, change, zh, en, opened):
    assert coverage_line(replace(VIEW, **change)) == Text(zh, en), name


@pytest.mark.parametrize(("heights", "columns"), [
    ([5, 5, 5], ([0, 2], [1])),
    ([9, 2, 2, 2], ([0], [1, 2, 3])),
    ([], ([], [])),
])  # fmt: skip
def test_exhibits_fill_two_columns_without_holes(heights, columns):
    assert shown_beside.dealt(heights) == columns


def test_a_board_is_as_high_as_its_lines():
    def high(*rows):
        figure = Board((), tuple((cell(*lines),) for lines in rows))
        return shown_beside.height(Exhibit("a", same("a"), figure, same("b"), pd.DataFrame(), ()))

    one, two, long = high(["一行"]), high(["一行", "二行"]), high(["字" * 60])
    assert one < two < long
    assert high(["一行"], ["一行"]) - one == one - high()


def test_as_of_is_the_county_clock():
    assert as_of_line(VIEW).zh == "数据截至 2022-11-02 17:20"
    assert as_of_line(replace(VIEW, last_sent=None)).en == "No data yet"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("shell") / "store"
    small_store(place).close()
    return place


@pytest.fixture
def opened(folder, monkeypatch):
    monkeypatch.setenv("TOWNBOARD_STORE", str(folder))


SHOW = """
import streamlit as st
from townboard import shell
view = shell.view({arguments})
st.json({{"county": view.county, "period": str(view.period), "unit": view.unit, "units": list(view.units), "basis": view.basis,
          "reported": list(view.reported), "unapproved": list(view.unapproved), "missing": list(view.missing), "lang": view.language}})
{more}
"""


def look(link: dict[str, str] | None = None, arguments: str = "", more: str = "") -> AppTest:
    at = AppTest.from_string(SHOW.format(arguments=arguments, more=more), default_timeout=30)
    for key, value in (link or {}).items():
        at.query_params[key] = value
    return at.run()


def seen(at: AppTest) -> dict:
    import json

    assert not at.exception, at.exception
    return json.loads(at.json[0].value)


def test_without_a_link_it_is_the_latest_month_with_a_report_and_what_is_not_approved_counts(opened):
    at = look()
    found = seen(at)
    assert (found["county"], found["period"], found["basis"], found["unit"], found["lang"]) == (
        "140121",
        "2022-10",
        "preliminary",
        None,
        "zh",
    )
    assert found["reported"] == [TOWN, "140121102"] and found["unapproved"] == ["140121102"] and MAYU in found["missing"]
    assert "含 1 个单位未审核数据" in at.caption[0].value and "未报：" in at.caption[0].value
    assert dict(at.query_params) == {
        "county": "140121", "period": "2022-10", "basis": "preliminary", "lang": "zh"
    }  # fmt: skip


def test_approved_only_leaves_out_what_waits(opened):
    found = seen(look({"basis": "approved"}))
    assert found["reported"] == [TOWN] and found["unapproved"] == []


def test_a_link_is_followed_and_a_wrong_one_is_not(opened):
    found = seen(look({"period": "2022-09", "unit": TOWN, "lang": "en"}))
    assert (found["period"], found["unit"], found["units"], found["lang"]) == ("2022-09", TOWN, [TOWN], "en")
    found = seen(look({"period": "2031-01", "unit": "140106001", "county": "140121"}))
    assert (found["period"], found["unit"]) == ("2022-10", None), "outside what exists: the defaults stand"
    assert seen(look({"county": "140106"}))["county"] == "140106"


def test_a_filter_writes_its_code_into_the_link_and_stays(opened):
    at = look()
    at.selectbox(key="townboard_unit").set_value(TOWN).run()
    assert seen(at)["unit"] == TOWN and at.query_params["unit"] == TOWN
    at.selectbox(key="townboard_period").set_value("2022-08").run()
    assert (seen(at)["period"], seen(at)["unit"]) == ("2022-08", TOWN)
    at.selectbox(key="townboard_unit").set_value("").run()
    assert seen(at)["unit"] is None and "unit" not in at.query_params
    at.selectbox(key="townboard_county").set_value("140106").run()
    assert seen(at)["county"] == "140106"


def test_a_page_about_one_unit_takes_the_first_that_reported(opened):
    assert seen(look(arguments="one_unit=True"))["unit"] == TOWN


def test_two_months_are_compared_on_the_units_that_reported_both(opened):
    more = "from townboard.periods import Period\nst.text(','.join(shell.same_units(view, Period(2022, 9))))"
    assert look(more=more).text[0].value == TOWN


def test_an_answer_is_kept_until_the_data_change(tmp_path, monkeypatch):
    store = Store.create(tmp_path)
    commit(store, TOWN, OCTOBER, {"village_economy": {VILLAGE: income(20.0)}})
    store.close()
    monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path))
    more = "st.text(shell.ask(view, 'income_by_village')['goal_income'].sum())\nst.session_state['store'] = shell.house().store"
    at = look(more=more)
    assert at.text[0].value == "20.0"
    commit(
        at.session_state["store"],
        TOWN,
        OCTOBER,
        {"village_economy": {VILLAGE: income(31.5)}},
        at=datetime(2022, 11, 3, 4),
        name="again",
    )
    assert at.run().text[0].value == "31.5", "a commit is seen at the next look"


def test_without_a_store_the_page_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path / "nothing"))
    at = AppTest.from_string("from townboard import shell\nshell.guarded(lambda: shell.view())").run()
    assert not at.exception and "还没有可用的数据库" in at.warning[0].value and "init" in at.markdown[0].value


def test_what_breaks_is_said_in_words_with_an_id_that_the_log_carries(opened, caplog):
    script = "from townboard import shell\nimport streamlit as st\nst.query_params['lang'] = 'en'\nshell.guarded(lambda: 1 / 0)"
    with caplog.at_level(logging.ERROR, logger="townboard"):
        at = AppTest.from_string(script).run()
    said = at.error[0].value
    assert not at.exception and "ZeroDivision" not in said and "That is our fault" in said
    id = caplog.records[0].message.split()[-1]
    assert id.startswith("TB-") and id in said and caplog.records[0].exc_info


def test_a_figure_handed_over_is_not_built_again():
    figure = {"data": [{"type": "bar", "x": [1], "y": [2]}], "layout": {"height": 300}}
    handed = Drawn(figure).to_dict()
    assert handed["data"] is figure["data"], "the same objects: nothing was copied or validated"
    assert handed["layout"]["height"] == 300 and handed["layout"]["template"]["layout"]["colorway"]
    assert "template" not in figure["layout"], "the cached figure is left as it was"


def test_the_language_is_the_links_then_the_visits_then_the_browsers(opened):
    script = "import streamlit as st\nfrom townboard import shell\nst.text(shell.language())\nshell.language_switch()"
    at = AppTest.from_string(script).run()
    assert at.text[0].value == "zh", "Chinese where the browser is silent"
    at.query_params["lang"] = "en"
    assert at.run().text[0].value == "en"
    del at.query_params["lang"]
    assert at.run().text[0].value == "en", "the choice stays for the visit"
    at.button_group(key="townboard_language_switch").set_value("zh").run()
    assert at.text[0].value == "zh" and at.query_params["lang"] == "zh"


def test_periods_offered_reach_from_the_action_to_the_last_report(opened):
    at = look()
    offered = at.selectbox(key="townboard_period").options
    assert offered[0] == Period(2022, 10).label.zh and offered[-1] == Period(2022, 3).label.zh
