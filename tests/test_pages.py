"""Every page in both languages on the demo store: it draws, says its title, its key numbers, and speaks one language at a time."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from townboard import forecast, indicators
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.store import Store
from townboard.tables import NOW

ROOT = Path(__file__).resolve().parent.parent
OCTOBER = Period(2022, 10)
QINGXU, TOWN = "140121", "140121101"
TITLES = {
    "overview": ("总览", "Overview"), "economy": ("村集体经济", "Village economy"), "clean_collect": ("清化收与三资", "Clean and collect"),
    "enforcement": ("综合行政执法改革", "Law-enforcement reform"), "coverage": ("社区", "Communit"),
    "burden": ("基层减负", "Burden reduction"), "township": ("2022年10月", "October 2022"), "submit": ("报送", ""),
    "todo": ("我的待办", "To do"), "submissions": ("报送与审核", "Submissions"), "explore": ("数据查询", "Explore"), "catalogue": ("指标", "Catalogue"),
}  # fmt: skip
"""Page → words of its title in both languages."""
CHINESE = re.compile(r"[一-鿿]+")
PROPER = re.compile(
    r"示例数据，非真实|建平台|抓监管|签约|在建|见效|[一-鿿]{2,8}(填报员|专办)|中文|语言|《[^》]*》|\x22[^\x22]*\x22|[①-⑤]|\S+\.xlsx"
    r"|Returned because: .*|万元|亩|:gray-badge\[[一-鿿]{1,2}\]|\d+ [村个件人项格条次]"
)
"""What stays Chinese on an English page: the banner, the two slogans in indicator names, choices as they are stored, people's
accounts, workbooks, sheets and quoted cells, units of measure."""


@pytest.fixture(scope="module")
def folder(demo_folder, tmp_path_factory):
    return shutil.copytree(demo_folder, tmp_path_factory.mktemp("pages") / "store")


@pytest.fixture(scope="module")
def store(folder):
    with Store.open(folder) as opened:
        yield opened


@pytest.fixture(autouse=True)
def opened(folder, monkeypatch):
    monkeypatch.setenv("TOWNBOARD_STORE", str(folder))


def visit(page: str, language: str, **link: str) -> AppTest:
    at = AppTest.from_string(f"from pages.{page} import page\npage()", default_timeout=60)
    for key, value in {"lang": language, **link}.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception, at.exception
    assert not [error.value for error in at.error if "TB-" in error.value]
    return at


def said(at: AppTest) -> list[str]:
    """Every word the page says outside of table cells."""
    found = [element.value for kind in ("title", "header", "subheader", "markdown", "caption", "text", "info", "warning", "success", "error")
             for element in getattr(at, kind)]  # fmt: skip
    found += [element.proto.body for element in at.get("html")]
    found += [f"{metric.label} {metric.value}" for metric in at.metric]
    found += [words for box in at.selectbox for words in (box.label, *box.options)]
    return [str(words).replace("\u00a0", " ") for words in found if words]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", list(TITLES))
def test_every_page_draws_in_both_languages(page, language):
    at = visit(page, language, **({"unit": TOWN} if page == "township" else {}))
    title = " ".join(element.value for element in at.title)
    assert TITLES[page][language == "en"].lower() in title.lower(), title
    if language == "en":
        left = [words for words in said(at) if CHINESE.search(PROPER.sub("", re.sub("<[^>]+>", " ", words)))]
        assert not left, [CHINESE.findall(PROPER.sub("", re.sub("<[^>]+>", " ", words))) for words in left]
    else:
        narrow = re.compile(r".{0,9}[一-鿿》][,:;?!(].{0,9}")
        assert not [
            found for words in said(at) for found in narrow.findall(re.sub("<style.*?</style>|<[^>]+>", " ", words, flags=re.S))
        ]


@pytest.mark.parametrize("page", ["overview", "economy", "clean_collect", "enforcement", "coverage", "burden", "township"])
@pytest.mark.parametrize("link", [
    {"county": "140106"}, {"period": "2022-03"}, {"unit": "140121-KFQ"}, {"unit": "140121-DHJD", "basis": "approved"},
    {"county": "140106", "unit": "140106001"}, {"unit": "140121100"},
], ids=["another county", "before the goal moved", "a development zone", "a street, approved only", "a street with communities", "not reported"])  # fmt: skip
def test_pages_stand_wherever_a_link_leads(page, link):
    assert visit(page, "zh", **link).title


def reading(store: Store, id: str, *, basis: str = "preliminary") -> indicators.Reading:
    units = [unit.code for unit in catalogue().units(QINGXU)]
    return indicators.readings(store, catalogue(), OCTOBER, level="county", county=QINGXU, units=units, basis=basis, only=[id])[0]


def test_the_overview_says_the_goal_with_both_sides(store):
    whole, own, gap = (reading(store, id) for id in ("CE01", "CE05", "CE02"))
    at = visit("overview", "zh")
    values = [metric.value for metric in at.metric]
    expected = reading(store, "CE04")
    assert values[:3] == [f"{whole.value + 1e-9:.1f}%", f"{gap.value:.0f} 个村", "61 天"]
    words = " ".join(said(at))
    assert (
        f"经营性口径 {own.value + 1e-9:.1f}%" in words
        and "未报单位上次报数时已有" in words
        and f"{whole.reported_units}/{whole.expected_units} 个单位有数" in words
    )
    assert int(values[3].split()[0]) >= expected.numerator, (
        "the forecast holds the unreported units by their newest month as well"
    )
    assert f"{whole.numerator:.0f}/{whole.denominator:.0f}" in words and f"距60%还差{gap.value:.0f}个村" in words
    assert "退回修改、未计入：孟封镇；未报：清源镇、马峪乡" in words and "示例数据，非真实 / invented figures" in words
    assert "进度滞后" in words and 'class="absent small">未报</td>' in words


def test_the_forecast_of_the_villages_that_reported_is_the_indicators(store):
    units = [unit.code for unit in catalogue().units(QINGXU)]
    settings = catalogue().settings
    history = store.ask("income_history_by_village", units=units, first_period="2021-01", period="2022-10", basis="preliminary",
                        as_of=NOW, goal_income_basis=settings.goal_income_basis)  # fmt: skip
    ahead = forecast.by_village(history, OCTOBER, basis=settings.goal_income_basis)
    now = ahead[ahead["month"] == "2022-10"]
    assert (now["forecast"] >= settings.goal_threshold).sum() == reading(store, "CE04").numerator


def test_january_is_not_compared_with_december_in_what_is_counted_by_year(store):
    at = visit("overview", "zh", period="2022-01")
    changed = next(element.proto.body for element in at.get("html") if "变化（百分点）" in element.proto.body)
    assert "持证率" in changed and "集体经济达30万元村占比" not in changed and "事项行使率" not in changed
    card = next(element.proto.body for element in at.get("html") if 'class="place"' in element.proto.body)
    assert "−50.0" not in card and "▲ +8.3" in card, "milestones go on, income starts anew"
    assert "不与上年12月比" in " ".join(said(at)) and "还看不出达标速度" in " ".join(said(at))


@pytest.mark.parametrize(("order", "first"), [("", "东湖街道"), ("CE01", "西谷乡"), ("nonsense", "东湖街道")])
def test_the_scorecards_order_stands_in_the_link(order, first):
    at = visit("overview", "zh", **({"sort": order} if order else {}))
    board = next(element.proto.body for element in at.get("html") if 'class="place"' in element.proto.body)
    assert re.findall(r'class="place"><a [^>]+>([^<]+)<', board)[0] == first


def test_approved_only_is_another_figure_and_says_so(store):
    approved = reading(store, "CE01", basis="approved")
    at = visit("overview", "en", basis="approved")
    assert f"{approved.numerator:.0f}/{approved.denominator:.0f}" in " ".join(said(at))
    assert any(" units approved" in words for words in said(at))


def test_the_economy_page_says_its_findings_over_its_charts(store):
    whole = reading(store, "CE01")
    at = visit("economy", "zh")
    headings = [words for words in said(at) if words.startswith("#####")]
    assert len(headings) >= 9
    assert f"{whole.numerator:.0f}/{whole.denominator:.0f} 个村达标" in headings[0]
    assert len(at.get("plotly_chart")) == 13
    table = at.dataframe[-1].value
    absent = sum(len(catalogue().children(unit, "village")) for unit in ("140121100", "140121200", "140121103"))
    assert len(table) == 128 and (table["standing"] == "未报").sum() == absent, (
        "who has not reported or was returned stands in the table"
    )
    assert table.loc[table["standing"] == "未报", "total_income"].isna().all()


def test_the_table_beside_a_chart_opens_and_offers_both_downloads():
    at = visit("economy", "zh")
    before = len(at.dataframe)
    at.session_state["table_of_bands"] = True
    at.run()
    assert not at.exception and len(at.dataframe) == before + 1
    assert {"xlsx_bands", "csv_bands"} <= {button.key for button in at.get("download_button")}


def test_a_unit_on_one_page_with_the_source_of_a_number(store):
    at = visit("township", "zh", unit=TOWN)
    assert at.title[0].value == "徐沟镇 · 2022年10月"
    places = catalogue().children(TOWN, "village")
    found = store.trace(TOWN, OCTOBER, "village_economy", "operating_income", places[0].code)
    texts = [element.value for element in at.text]
    assert found["workbook"] in texts and f"《{found['sheet']}》{found['cell']}" in texts and found["raw"] in texts
    assert any(button.key == "original_trace" for button in at.get("download_button"))


def test_a_unit_s_page_and_its_sheet_of_paper_say_of_which_quarter_their_figures_are(store):
    for spoken, said in (("zh", ("非公党建（季报，2022年9月末）", "基层减负（季报，2022年9月末）")),
                         ("en", ("Private enterprises (quarterly, end of September 2022)", "Burden reduction (quarterly, end of September 2022)"))):  # fmt: skip
        at = visit("township", spoken, unit=TOWN)
        titles = [plain(element.value) for element in at.markdown if element.value.startswith("#####")]
        [paper] = [plain(element.body) for element in at.get("html") if "townboard-a4" in element.body]
        for theme in said:
            assert any(theme in title for title in titles) and f"<caption>{theme}</caption>" in paper, theme
        assert sum("2022年9月末" in title or "September" in title for title in titles) == 2, "no other theme says so"


def plain(words: str) -> str:
    """Words without what only holds them together."""
    return words.replace("\u2060", "").replace("\u00a0", " ")


def test_the_source_follows_the_form_and_place_chosen(store):
    at = visit("township", "zh", unit=TOWN)
    at.selectbox(key="trace_form_").set_value("law_enforcement").run()
    found = store.trace(TOWN, OCTOBER, "law_enforcement", "matters_exercised", TOWN)
    assert not at.exception
    assert f"《综合执法》{found['cell']}" in [element.value for element in at.text]


def test_the_front_door_lists_the_rooms_and_opens_the_first():
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["lang"] = "zh"
    at.run()
    assert not at.exception and [element.value for element in at.title] == ["总览"]


def test_a_finding_of_the_county_beside_a_unit_says_whose_it_is(store):
    at = visit("economy", "zh", unit="140121101")
    titles = [element.value for element in at.markdown if element.value.startswith("#####")]
    wide = [title for title in titles if "各单位走势" in title or "个单位中" in title]
    assert wide and all(title.startswith("##### 清徐县：") for title in wide)
    assert not any("清徐县：" in title for title in titles if "12/23" in title)


def test_without_a_report_nothing_is_said_to_be_none(store):
    at = visit("economy", "zh", unit="140121100")
    assert not any("0个村已签约" in element.value for element in at.markdown)
