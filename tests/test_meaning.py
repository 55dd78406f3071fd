"""What numbers mean, at hand: the formula in words, the search by pinyin initials, and the list under every page."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.stores import TOWN, small_store
from townboard import explain
from townboard.formulas.words import in_words
from townboard.loading import catalogue

CODE = re.compile(r"[a-z]+_[a-z]|[a-z]{4,}")


@pytest.mark.parametrize(("id", "zh", "en"), [
    ("CE01", "「累计总收入」不低于30万元的村数 ÷ 「纳入考核」的村数 × 100%",
     "villages with “total income, year to date” at least 300,000 yuan ÷ villages “in the goal denominator” × 100%"),
    ("QH07", "(「已收回承包费」 + 「新增资源收费」)合计", "Σ (“Fees recovered” + “Fees from new resources”)"),
    ("LE07", "(「简易程序案件」 + 「普通程序案件」)合计", "Σ (“Cases, simple procedure” + “Cases, general procedure”)"),
    ("CM10", "「下沉(报到)党员干部」合计 ÷ 已报社区数", "Σ “Cadres/party members sent down or registered” ÷ communities that reported"),
    ("CE12", "「与神农集团合作情况」为签约、在建、见效的村数", "villages with “Cooperation with Shennong Group” is Signed, Building, Yielding"),
    ("BR03", "「现有证明事项」不超过「证明事项目录数」的单位数 ÷ 「证明事项目录数」有数,且「现有证明事项」有数的单位数 × 100%", None),
    ("RP01", "按时报送的单位次合计 ÷ 应报单位次合计 × 100%", "Σ reports on time ÷ Σ reports due × 100%"),
])  # fmt: skip
def test_a_formula_in_words(id, zh, en):
    found = in_words(catalogue(), catalogue().indicator[id])
    assert found.zh == zh and (en is None or found.en == en)


@pytest.mark.parametrize("indicator", catalogue().indicators, ids=lambda indicator: indicator.id)
def test_no_formula_shows_a_chinese_reader_our_own_names(indicator):
    assert not CODE.search(in_words(catalogue(), indicator).zh)


@pytest.mark.parametrize(
    ("query", "found"), [("cjt", "村集体"), ("cjtjj", "村集体经济"), ("CZL", "处置率"), ("wwy xq", "无物业小区")]
)
def test_a_search_by_pinyin_initials(query, found):
    from townboard.text import Text

    assert explain.matches(query, Text(found, ""))
    assert not explain.matches("zzzz", Text(found, "")) and not explain.matches("c", Text(found, "")), "one letter is no initials"


def test_the_catalogue_is_found_by_initials():
    assert {"CE01"} <= {one.id for one in explain.indicators(catalogue(), "jtjj")}
    forms = [data_set.code for data_set in catalogue() if not explain.elements(data_set, "cjtjj", "zh").empty]
    assert "village_economy" in forms


def test_an_indicators_cells_are_named_with_the_way_they_are_filled():
    said = dict(explain.lines(catalogue(), catalogue().indicator["LE03"]))
    [filled] = [words.zh for what, words in said.items() if what.zh == "填法"]
    assert (
        "持证人数" in filled and "在岗人数" in filled and filled.split(":")[0] in {words.zh for words in explain.FILLS.values()}
    )


def test_under_a_page_stand_its_definitions_with_goal_and_who_set_it(tmp_path, monkeypatch):
    small_store(tmp_path / "store").close()
    monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path / "store"))
    at = AppTest.from_string("from townboard import shell\nshell.view()\nshell.definitions('economy')", default_timeout=30)
    at.query_params["unit"], at.query_params["lang"] = TOWN, "zh"
    at.session_state["townboard_definitions"] = True
    at.run()
    assert not at.exception
    said = "\n".join(element.value for element in at.markdown)
    assert "「累计总收入」不低于30万元的村数" in said and "期限 2022-12-31" in said and "系统预置" in said
    ids = {one.id for one in catalogue().indicators if "economy" in one.pages}
    assert ids and all(f":gray-badge[{id}]" in said for id in ids)
