"""The monthly brief and the meeting pack: the pages' own figures, both languages, Word and PDF that read back as written."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from pathlib import Path

import pytest
from docx import Document
from pdfminer.high_level import extract_text
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from tests.stores import TOWN, small_store
from townboard import indicators
from townboard.briefing import easel, fonts, meeting, monthly, pdf, pictures, word
from townboard.briefing.look import Look, figure, status
from townboard.briefing.sheet import Chart, Heading, Sheet, Table
from townboard.charts import kit
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.punctuation import punctuated
from townboard.shell import briefs, panels
from townboard.store import Store
from townboard.text import Text

GOLDEN = Path(__file__).parent / "golden"
OCTOBER = Period(2022, 10)
COUNTY = "140121"
UNITS = tuple(unit.code for unit in catalogue().units(COUNTY))
REPORTED = {TOWN, "140121102"}
PNG = (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc\xf8\xff"
       b"\xff?\x00\x05\xfe\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82")  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small store: two units of eleven have reported."""
    place = tmp_path_factory.mktemp("brief") / "store"
    small_store(place).close()
    return place


@pytest.fixture(scope="module")
def store(folder):
    """That store, open for reading."""
    with Store.open(folder) as opened:
        yield opened


def look(store: Store, language: str = "zh", **more) -> Look:
    """October of the county with everything in it."""
    missing = tuple(unit for unit in UNITS if unit not in REPORTED and unit != "140121-KFQ")
    known = {"missing": missing, "coverage": Text("2/10 个单位已报", "2 of 10 units reported"), "invented": True, "made": date(2022, 11, 3),
             "moment": Text("数据截至 2022-11-02 18:00", "Data as of 2022-11-02 18:00")}  # fmt: skip
    return Look(store, catalogue(), COUNTY, OCTOBER, UNITS, language, **(known | more))


def documents(store: Store, language: str = "zh") -> tuple[Sheet, Sheet]:
    """The brief and the pack."""
    given = look(store, language)
    return monthly.brief(given), meeting.pack(given, "第二次调度会" if language == "zh" else "Second meeting")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_people_read_is_unchanged(store, language):
    for name, sheet in zip(("brief", "meeting_pack"), documents(store, language), strict=True):
        expected = (GOLDEN / f"{name}_{language}.md").read_text(encoding="utf-8")
        assert "\n".join(sheet.lines()) + "\n" == expected, (
            f"read it, and if it is right write it to tests/golden/{name}_{language}.md"
        )


def test_every_figure_of_the_annex_is_a_reading_of_the_pages(store):
    given = look(store)
    lines = monthly.brief(given).lines()
    own = indicators.readings(
        store, catalogue(), OCTOBER, level="township", county=COUNTY, units=UNITS, basis="preliminary", only=monthly.KEY
    )
    said = [reading for reading in own if reading.value is not None and reading.status != "not_applicable"]
    assert len(said) > 15
    heads = [number for number, line in enumerate(lines) if line.startswith("## ")]
    for reading in said:
        at = lines.index(f"## {given.name(reading.org_unit)}")
        end = next((head for head in heads if head > at), len(lines))
        label = given.say(catalogue().indicator[reading.id].label)
        row = next(line for line in lines[at:end] if line.startswith(f"{label} | "))
        assert row.split(" | ")[1] == figure(given, reading)
    county = indicators.readings(
        store, catalogue(), OCTOBER, level="county", county=COUNTY, units=UNITS, basis="preliminary", only=("CE01",)
    )[0]
    assert f"{county.numerator:.0f}/{county.denominator:.0f} 个村" in "\n".join(lines)


def test_ranking_and_tasks_tell_the_readings_of_the_pages(store):
    given = look(store)
    lines = monthly.brief(given).lines()
    known = {"basis": "preliminary", "county": COUNTY}
    own = indicators.readings(store, catalogue(), OCTOBER, level="township", units=UNITS, only=monthly.LEADING, **known)
    placed = monthly.ranks([reading for reading in own if reading.id == monthly.RANKED])
    ranking = lines[lines.index("# 三、达标村占比排名") + 2 : lines.index("# 四、进度滞后") - 2]
    assert len(ranking) == len(placed) == 2
    for reading in own:
        if reading.id == monthly.RANKED and reading.org_unit in placed:
            share = kit.percent(reading.numerator, reading.denominator)
            both = kit.share(reading.numerator, reading.denominator)
            assert (
                f"{placed[reading.org_unit]} | {given.name(reading.org_unit)} | {both} | {share} | {status(given, reading)}"
                in ranking
            )
    tasks = lines[lines.index("# 二、四项任务") : lines.index("# 三、达标村占比排名")]
    said = [reading for reading in own if reading.value is not None and reading.status != "not_applicable"]
    assert len(said) > 3
    for reading in said:
        row = next(line for line in tasks if line.startswith(f"{given.name(reading.org_unit)} | "))
        cell = row.split(" | ")[1 + monthly.LEADING.index(reading.id)]
        assert cell == f"{figure(given, reading)} {status(given, reading)}"


def test_the_brief_s_charts_are_those_of_the_economy_page(store, folder, monkeypatch):
    drawn = {}
    monkeypatch.setenv("TOWNBOARD_STORE", str(folder))
    monkeypatch.setattr(panels, "chart", lambda figure, **more: drawn.update({more["key"]: (figure, more["title"])}))
    test = AppTest.from_string("from pages import economy\neconomy.page()", default_timeout=60)
    test.query_params["period"], test.query_params["lang"] = "2022-10", "zh"
    test.run()
    assert not test.exception
    charts = monthly.brief(look(store)).charts
    assert [chart.figure for chart in charts] == [drawn["goal_months"][0], drawn["goal_units"][0]]
    assert [chart.title for chart in charts] == [drawn[key][1].say("zh") for key in ("goal_months", "goal_units")]


def test_the_pack_names_its_meeting_and_its_moment(store):
    frozen = briefs._frozen(look(store, as_of=datetime(2022, 11, 1, 2)), "第二次调度会")
    assert (
        meeting.pack(frozen, "第二次调度会").mark
        == "示例数据，非真实 · 数据定格于 2022-11-01 10:00（第二次调度会） · 含未审核数据"
    )
    assert briefs._frozen(look(store), "").as_of is not None, "without a choice it is frozen at the moment it is made"


def test_ranks_are_shared_and_small_units_have_none():
    def reading(unit, n, of):
        return indicators.Reading("x", "CE01", unit, "2022-10", n * 100 / of, n, of, "%", "behind", 60, 80, 1, 1, "", "2022-10")

    assert monthly.ranks([reading("a", 5, 10), reading("b", 6, 12), reading("c", 9, 10), reading("d", 4, 4), reading("e", 1, 9)]) == {
        "a": 2, "b": 2, "c": 1, "e": 4}  # fmt: skip


def test_a_moment_freezes_the_pack(store):
    before = look(store, as_of=datetime(2022, 11, 1), moment=Text("数据截至 2022-11-01 08:00", "Data as of 2022-11-01 08:00"))
    now, then = meeting.pack(look(store), "会"), meeting.pack(before, "会")
    assert now.lines() != then.lines() and "2022-11-01 08:00" in then.mark


@pytest.mark.parametrize("language", ["zh", "en"])
def test_word_holds_every_line_and_the_mark_on_every_page(store, language):
    for sheet in documents(store, language):
        document = Document(io.BytesIO(word.docx(sheet, [PNG for _ in sheet.charts])))
        text = "\n".join(paragraph.text for paragraph in document.paragraphs)
        cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
        for line in (sheet.title, *sheet.under):
            assert line in text
        wanted = {
            words for block in sheet.blocks if isinstance(block, Table) for row in (block.heads, *block.rows) for words in row
        }
        assert wanted <= cells
        assert document.sections[0].header.paragraphs[0].text == sheet.mark
        assert len(document.inline_shapes) == len(sheet.charts)


def test_chinese_papers_carry_chinese_signs(store):
    narrow = {line for sheet in documents(store) for line in sheet.lines() if punctuated(line) != line}
    assert not narrow


def test_a_word_file_is_set_as_an_official_document(store):
    sheet, _ = documents(store)
    document = Document(io.BytesIO(word.docx(sheet, [PNG for _ in sheet.charts])))
    heads = [one for one in document.paragraphs if one.style.name.startswith("Heading")]
    assert len(heads) == sum(isinstance(block, Heading) for block in sheet.blocks)
    for head in heads:
        assert head.paragraph_format.keep_with_next and str(head.runs[0].font.color.rgb) == "000000", head.text
    for table in document.tables:
        shares = [column.width for column in table.columns]
        assert all(abs(cell.width - width) < 1000 for row in table.rows for cell, width in zip(row.cells, shares, strict=True))
        assert all("w:cantSplit" in row._tr.xml for row in table.rows) and "w:tblHeader" in table.rows[0]._tr.xml
        assert all(row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in list(table.rows)[:-1][:2])
    pictured = [number for number, one in enumerate(document.paragraphs) if one._p.xpath(".//pic:pic")]
    assert len(pictured) == len(sheet.charts)
    for number in pictured:
        assert all(document.paragraphs[at].paragraph_format.keep_with_next for at in (number - 1, number)), (
            "sentence, chart, source"
        )
    texts = [one.text for one in document.paragraphs]
    at = texts.index("清徐县专项行动专办")
    assert texts[at + 1] == "2022年11月3日" and at < texts.index(Text("附件:各单位主要指标", "").say("zh"))
    assert document.paragraphs[at - 1].paragraph_format.keep_with_next, "nobody signs an empty page"
    assert [one.text for one in document.sections[0].footer.paragraphs[0].runs] == ["— ", " —"]


def squeezed(words: str) -> str:
    """Words without blanks: a PDF keeps lines, not blanks."""
    return re.sub(r"\s+", "", words)


class Ruler:
    """Pages on which every letter is as wide as another."""

    c_margin = 0.0

    def get_string_width(self, words: str) -> float:
        return len(words)


@pytest.mark.parametrize(("words", "width", "lines"), [
    ("状态\uff1a进度滞后\u3002", 7, ["状态\uff1a进度滞", "后\u3002"]),
    ("70.4% (2,581.83/3,666.39)", 20, ["70.4%", "(2,581.83/3,666.39)"]),
    ("达到30万元\uff0830.5%\uff09\uff0c还差38个", 9, ["达到30万元", "\uff0830.5%\uff09\uff0c还", "差38个"]),
    ("one two three", 8, ["one two", "three"]), ("标题\n在下行", 9, ["标题", "在下行"]), ("1234567890", 5, ["1234567890"]), ("", 5, [""]),
])  # fmt: skip
def test_no_number_is_cut_and_no_line_begins_with_a_closing_sign(words, width, lines):
    assert pdf._lines(Ruler(), words, width).split("\n") == lines


@pytest.mark.skipif(fonts.font() is None, reason=fonts.NO_FONT.en)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pdf_reads_back_in_its_own_font(store, language):
    for sheet in documents(store, language):
        data = pdf.pdf(sheet, [PNG for _ in sheet.charts])
        reader = PdfReader(io.BytesIO(data))
        pages = [squeezed(page.extract_text()) for page in reader.pages]
        assert all(squeezed(sheet.mark) in page for page in pages), "the mark stands on every page"
        for read in ("".join(pages), squeezed(extract_text(io.BytesIO(data)))):
            for block in sheet.blocks:
                words = [row[0] for row in block.rows] if isinstance(block, Table) else [getattr(block, "words", "")]
                assert all(squeezed(word) in read for word in words), words
            assert set(squeezed("".join(sheet.lines()))) - set("|#[]-") <= set(read), "every letter of every cell, wrapped or not"
        embedded = {str(font.get_object()["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].values()}
        assert embedded and all("+" in name for name in embedded), "only glyphs that are used, and carried along"
        if not sheet.charts:
            assert len(reader.pages) == len(UNITS), "one page a unit"


def test_without_a_browser_the_documents_say_so(store, monkeypatch):
    monkeypatch.setattr(easel, "BROWSERS", ())
    sheet = monthly.brief(look(store))
    drawn = pictures.draw(sheet.charts)
    assert drawn == [None] * len(sheet.charts) and len(drawn) == 2
    document = Document(io.BytesIO(word.docx(sheet, drawn)))
    assert sum("图未能生成" in paragraph.text for paragraph in document.paragraphs) == 2


@pytest.mark.skipif(not pictures.can_draw(), reason="no browser here")
def test_a_chart_becomes_a_picture():
    figure = {"data": [{"type": "bar", "x": ["清源镇"], "y": [1]}], "layout": {"height": 200}}
    [picture] = pictures.draw([Chart(figure, "一", "来源")])
    assert picture is not None and picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20], "big") == pictures.WIDTH * pictures.SCALE


def test_the_overview_offers_both(folder, monkeypatch):
    monkeypatch.setenv("TOWNBOARD_STORE", str(folder))
    monkeypatch.setattr(easel, "BROWSERS", ())
    test = AppTest.from_string("from pages import overview\noverview.page()", default_timeout=60)
    test.query_params["period"] = "2022-10"
    test.run()
    assert not test.exception
    test.button(key="make_brief").click().run()
    assert not test.exception
    endings = {button.key for button in test.get("download_button") if button.key and button.key.endswith("_brief")}
    assert "docx_brief" in endings and ("pdf_brief" in endings) == (fonts.font() is not None)
