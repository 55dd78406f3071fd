"""The theme, office and reference pages: both languages, one unit and all, with figures and without, nothing breaks and nothing is English in Chinese."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from tests.stores import STREET, TOWN, ZONE, small_store
from townboard.shell.visit import _opened
from townboard.store import Store
from townboard.text import LANGUAGES

PAGES = {
    "clean_collect": ("清化收与三资", "Clean and collect"),
    "enforcement": ("综合行政执法改革", "Law-enforcement reform"),
    "coverage": ("社区与非公党建", "Communities and enterprises"),
    "burden": ("基层减负", "Burden reduction"),
    "submissions": ("报送与审核", "Submissions"),
    "explore": ("数据查询", "Explore"),
    "catalogue": ("指标与口径", "Catalogue"),
    "submit": ("报送", "Submit"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small store the whole module reads."""
    place = tmp_path_factory.mktemp("pages") / "store"
    small_store(place).close()
    return place


@pytest.fixture(autouse=True)
def pointed(folder, monkeypatch) -> Iterator[None]:
    """The app looks at the small store."""
    monkeypatch.setenv("TOWNBOARD_STORE", str(folder))
    yield


def shown(page: str, language: str, **link: str) -> AppTest:
    """A page as first seen through a link."""
    test = AppTest.from_string(f"from pages import {page}\n{page}.page()", default_timeout=60)
    for key, value in {"lang": language, **link}.items():
        test.query_params[key] = value
    return test.run()


def words(test: AppTest) -> str:
    kinds = (test.title, test.subheader, test.markdown, test.caption, test.info, test.success, test.warning, test.error)
    said = [str(element.value) for kind in kinds for element in kind] + [element.proto.body for element in test.get("html")]
    return "\n".join(said).replace("\u00a0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unit", ["", TOWN, STREET, ZONE])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(page, unit, language):
    test = shown(page, language, period="2022-10", **({"unit": unit} if unit else {}))
    assert not test.exception, test.exception
    assert test.title[0].value == PAGES[page][language == "en"]


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ("catalogue", "submit")])
@pytest.mark.parametrize("basis", ["approved", "preliminary"])
def test_both_bases_open_in_january(page, basis):
    assert not shown(page, "zh", period="2022-08", basis=basis).exception


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_store_is_no_trouble(page, tmp_path, monkeypatch):
    Store.create(tmp_path / "empty").close()
    monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path / "empty"))
    test = shown(page, "zh")
    assert not test.exception, test.exception


CLAIMS = {
    "units with all core milestones": ("enforcement", "已报的 1 个单位中，1 个完成核心 8 个节点（8/8）"),
    "contracts": ("clean_collect", "摸排 720 份合同，180 份有问题，已整改"),
    "the mark of an incomplete number": ("clean_collect", "1/9 个单位有数"),
    "closed villages": ("clean_collect", "1/128 个村已销号"),
    "communities": ("coverage", "0/30 个社区五项全部覆盖，0 个只差一项；5 个未报或缺数"),
    "enterprises": ("coverage", "实体运营企业 120 户，组织覆盖 85 户"),
    "signs and duties": ("burden", "现有工作事务：由 100 到 60"),
    "who has reported": ("submissions", "应报 10 个单位：未报 8、部分报送 1、已通过 1"),
    "who is missing": ("submissions", "催报"),
    "what waits": ("submissions", "待审 1 份"),
}


@pytest.mark.parametrize("case", CLAIMS)
def test_a_title_states_the_finding(case):
    page, claim = CLAIMS[case]
    assert claim in words(shown(page, "zh", period="2022-10"))


def test_the_time_line_follows_the_link_and_says_when_no_plan_is_recorded():
    test = shown("enforcement", "zh", period="2022-10", timeline="140121102")
    assert "东于镇：还没有改革节点的完成时间" in words(test) and "还没有登记节点的计划日期" in words(test)
    assert "清源镇：12个改革节点完成10个，其中核心8个完成8个；下一个：首件普通程序案件办结" in words(
        shown("enforcement", "zh", period="2022-10")
    )


def test_the_reminder_names_the_missing_and_the_deadline():
    text = shown("submissions", "zh", period="2022-10").code[0].value
    assert "徐沟镇" in text and "清源镇" not in text and "2022-11-03" in text


def test_the_office_approves_what_waits(tmp_path, monkeypatch):
    small_store(tmp_path / "own").close()
    monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path / "own"))
    test = shown("submissions", "zh", period="2022-10")
    next(button for button in test.button if (button.key or "").startswith("approve_")).click()
    test.run()
    assert not test.exception
    assert "待审 0 份" in words(test)
    assert any("已通过" in box.value for box in test.success)
    _opened.cache_clear()


def test_returning_needs_a_reason(tmp_path, monkeypatch):
    small_store(tmp_path / "own").close()
    monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path / "own"))
    test = shown("submissions", "zh", period="2022-10")
    back = next(button for button in test.button if (button.key or "").startswith("return_"))
    assert back.disabled
    next(box for box in test.text_input if (box.key or "").startswith("reason_")).set_value("补助收入与凭证不符")
    test.run()
    next(button for button in test.button if (button.key or "").startswith("return_")).click()
    test.run()
    assert any("退回修改" in box.value for box in test.success)
    _opened.cache_clear()


def test_registers_are_recorded_all_or_none(tmp_path, monkeypatch):
    small_store(tmp_path / "own").close()
    monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path / "own"))
    test = shown("submissions", "zh", period="2022-10")
    test.file_uploader[0].set_value(
        ("a.csv", f"data_set,element,org_unit,value\nlaw_enforcement,matters_assigned,{TOWN},x\n".encode(), "text/csv")
    )
    test.run()
    assert any("1 处错误" in box.value for box in test.error)
    test.file_uploader[0].set_value(
        ("b.csv", f"data_set,element,org_unit,value\nlaw_enforcement,matters_assigned,{TOWN},20\n".encode(), "text/csv")
    )
    test.run()
    next(button for button in test.button if button.key == "registers_go").click()
    test.run()
    assert not test.exception
    assert any("1 个值有变化" in box.value for box in test.success)
    _opened.cache_clear()


@pytest.mark.parametrize(("query", "language", "found"), [
    ("债务", "zh", "债务化解率"), ("debt", "zh", "债务化解率"), ("debt resolved", "en", "Debt resolved"), ("QH04", "en", "Debt resolved"),
])  # fmt: skip
def test_the_catalogue_is_searched_in_both_languages(query, language, found):
    test = shown("catalogue", language)
    test.text_input[0].set_value(query)
    test.run()
    assert f"<h4>{found} <code>" in words(test)
    assert "**集体经济达30万元村占比**" not in words(test)


@pytest.mark.parametrize("part", ["forms", "findings"])
def test_the_catalogue_explains_forms_and_checks(part):
    test = shown("catalogue", "zh")
    next(control for control in test.button_group if control.key == "catalogue_part").set_value(part)
    test.run()
    assert not test.exception
    assert ("村集体经济" if part == "forms" else "单位可能填错") in words(test)


@pytest.mark.parametrize("form", ["village_economy", "clean_collect", "assets_platform", "law_enforcement", "community_coverage",
                                  "enterprise_party", "burden", "problems_models"])  # fmt: skip
def test_every_form_is_explored(form):
    test = shown("explore", "zh", period="2022-10")
    next(box for box in test.selectbox if box.key == "explore_form").set_value(form)
    next(control for control in test.button_group if control.key == "explore_reach").set_value("3")
    test.run()
    assert not test.exception
    frame = test.dataframe[0].value
    assert len(frame) > 0
    if form != "problems_models":
        assert "未报" in set(frame["remarks"])


def test_indicators_are_explored():
    test = shown("explore", "en", period="2022-10")
    next(control for control in test.button_group if control.key == "explore_kind").set_value("indicators")
    test.run()
    assert not test.exception
    assert "Village economy" in words(test) or len(test.dataframe[0].value) > 0


def test_a_tile_writes_its_per_cent_as_the_charts_do():
    shares = [metric.value for metric in shown("enforcement", "zh", period="2022-10").metric if "%" in metric.value]
    assert shares and not any(" %" in value for value in shares)


def test_an_empty_table_is_said_and_offers_no_file():
    test = shown("overview", "zh", period="2022-09")
    assert "没有记录。" in " ".join(element.value for element in test.info)
    assert "xlsx_explained" not in {button.key for button in test.get("download_button")}
