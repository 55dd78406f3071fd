"""The monthly brief and the meeting pack: the pages' own figures, both languages, Word and PDF that read back as written."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path

import pytest
from docx import Document
from pdfminer.high_level import extract_text
from PIL import Image
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from tests.stores import CROWDED, SILENT, STREET, TOWN, brief_store
from townboard import indicators
from townboard.briefing import easel, fonts, meeting, monthly, pdf, pictures, word
from townboard.briefing.look import Look, figure, status
from townboard.briefing.sheet import Break, Chart, Heading, Sheet, Table, Words
from townboard.charts import kit, overview, readings_board
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
REPORTED = {TOWN, "140121102", CROWDED, STREET}
PNG = (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc\xf8\xff"
       b"\xff?\x00\x05\xfe\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82")  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small store: four units of eleven have reported."""
    place = tmp_path_factory.mktemp("brief") / "store"
    brief_store(place).close()
    return place


@pytest.fixture(scope="module")
def store(folder):
    """That store, open for reading."""
    with Store.open(folder) as opened:
        yield opened


def look(store: Store, language: str = "zh", **more) -> Look:
    """October of the county with everything in it."""
    missing = tuple(unit for unit in UNITS if unit not in REPORTED and unit != "140121-KFQ")
    known = {"missing": missing, "coverage": Text("4/10 个单位已报", "4 of 10 units reported"), "invented": True, "made": date(2022, 11, 3),
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
    assert len(ranking) == len(placed) == 3
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
    assert meeting.pack(look(store), "会").charts[0] == charts[1], "the pack's front page has the county's chart"


@pytest.mark.parametrize(("unit", "page", "key"), [(TOWN, "economy", "income_months"), (CROWDED, "economy", "income_months"),
                                                   (STREET, "township", "town_milestones")])  # fmt: skip
def test_a_unit_s_chart_in_the_pack_is_that_of_its_page(store, folder, monkeypatch, unit, page, key):
    drawn = {}
    monkeypatch.setenv("TOWNBOARD_STORE", str(folder))
    monkeypatch.setattr(panels, "chart", lambda figure, **more: drawn.update({more["key"]: (figure, more["title"])}))
    test = AppTest.from_string(f"from pages import {page}\n{page}.page()", default_timeout=60)
    test.query_params.update({"period": "2022-10", "lang": "zh", "unit": unit})
    test.run()
    assert not test.exception
    given = look(store)
    chart = own_blocks(given, unit, Chart)[0]
    whole = {**chart.figure, "layout": {**chart.figure["layout"], "height": drawn[key][0]["layout"]["height"]}}
    assert whole == drawn[key][0]
    assert drawn[key][1].say("zh").removeprefix(f"{given.name(unit)}：") == chart.title


def own_blocks(given: Look, unit: str, kind: type) -> list:
    """The blocks of a kind on a unit's page of the pack."""
    blocks = meeting.pack(given, "会").blocks
    start = blocks.index(Heading(given.name(unit))) + 1
    end = next((number for number in range(start, len(blocks)) if isinstance(blocks[number], Break)), len(blocks))
    return [block for block in blocks[start:end] if isinstance(block, kind)]


def test_the_pack_s_changes_are_those_of_the_scorecard(store, folder, monkeypatch):
    seen = {}
    original = readings_board.scorecard
    monkeypatch.setenv("TOWNBOARD_STORE", str(folder))
    monkeypatch.setattr(readings_board, "scorecard", lambda *all, **more: seen.update(steps=all[5]) or original(*all, **more))
    test = AppTest.from_string("from pages import overview\noverview.page()", default_timeout=60)
    test.query_params["period"] = "2022-10"
    test.run()
    given = look(store)
    both = {
        key: step
        for key, step in meeting.steps(given, given.readings("township", meeting.KEY)).items()
        if key[1] in monthly.LEADING
    }
    assert both == seen["steps"] and len(both) > 5
    label = catalogue().indicator["QH02"].label.say("zh")
    row = next(row for row in own_blocks(given, CROWDED, Table)[0].rows if row[0] == label)
    assert row[2] == "▲ +10.0", "23 of 230 more contracts were rectified"
    organised = next(row for row in own_blocks(given, CROWDED, Table)[0].rows if row[0] == "组织覆盖率")
    assert organised[2] == "—", "a quarter's figures are no change of the month"


def test_the_pack_compares_only_who_reported_both_months(store):
    given = look(store)
    assert given.same_units(Period(2022, 9)) == (STREET, TOWN, CROWDED)
    assert not {unit for unit, _ in meeting.steps(given, given.readings("township", meeting.KEY))} - {STREET, TOWN, CROWDED}


def test_what_a_unit_is_behind_on_is_said_with_progress_and_gap(store):
    given = look(store)
    own = [reading for reading in given.readings("township", meeting.KEY) if reading.org_unit == TOWN]
    frame = overview.behind(own)
    [said] = [block.words for block in own_blocks(given, TOWN, Words) if block.words.startswith("滞后")]
    assert 0 < len(frame) <= meeting.MOST_BEHIND and said.startswith(f"滞后{len(frame)}项（时序83.3%）：")
    for row in kit.rows(frame):
        assert f"进度{kit.number(row.progress, 1)}%、差{kit.number(-row.difference, 1)}个百分点" in said
    [crowded] = [block.words for block in own_blocks(given, CROWDED, Words) if block.words.startswith("滞后")]
    assert (
        crowded.startswith("滞后11项（时序83.3%），其中：")
        and crowded.endswith("。另有3项滞后（时序75.0%）。")
        and crowded.count("差") == 3
    )


def test_the_rule_of_the_ranking_is_said_where_it_is_broken(store):
    """A share of three communities stands below the one that is called the furthest behind."""
    brief, pack = (sheet.lines() for sheet in documents(store))
    part = brief[brief.index("# 四、进度滞后") : brief.index("# 五、存在问题")]
    assert "差距最大的是徐沟镇，差75.0个百分点" in part[1] and part[-3].endswith("0.0% 0/3 | 0.0% | 83.3% | −83.3")
    for lines in (part, pack):
        assert f"{overview.RANKED.say('zh')}。" in lines


def test_quarterly_figures_say_so_wherever_they_stand(store):
    said = {"zh": "季报，2022年9月末", "en": "Quarterly, end of September 2022"}
    for language in ("zh", "en"):
        given = look(store, language)
        brief, pack = documents(store, language)
        heads = next(block for block in brief.blocks if isinstance(block, Table)).heads
        assert [head.partition("\n")[2].lower() for head in heads] == ["", "", "", "", "", said[language].lower()]
        labels = {id: given.say(catalogue().indicator[id].label) for id in monthly.KEY}
        for table in (block for sheet in (brief, pack) for block in sheet.blocks if isinstance(block, Table)):
            firsts = [row[0] for row in table.rows]
            for id in ("PE01", "PE04", "BR04"):
                if labels[id] in firsts:
                    assert said[language] in firsts[: firsts.index(labels[id])]
            if said[language] in firsts:
                below = firsts[firsts.index(said[language]) + 1 :]
                assert set(below) <= {labels[id] for id in ("PE01", "PE04", "BR04")}, "and nothing else stands under it"
        behind = next(block for block in brief.blocks if isinstance(block, Table) and "−31.3" in {row[-1] for row in block.rows})
        assert any(row[1].lower() == f"{labels['PE01']}\n{said[language]}".lower() for row in behind.rows)


def test_what_is_said_of_a_silent_unit_is_true_of_its_table(store):
    lines = monthly.brief(look(store)).lines()
    at = lines.index("## 孟封镇")
    assert lines[at + 1] == "本月未报；下表只有报送情况、沿用以前月份的数和季报。"
    closed = lines.index("清化收完成村占比 | 25.0%（5/20） | 基本 100% | ▼ 进度滞后", at)
    assert lines[closed - 1] == "沿用以前月份" and lines[closed + 1] == "季报，2022年9月末"
    assert lines[lines.index("## 马峪乡") + 1] == "本月未报；下表只有报送情况。"
    returned = monthly.brief(look(store, held_back={SILENT: kit.RETURNED})).lines()
    assert returned[at + 1].startswith("本月月报退回修改、未计入；")


def test_a_problem_is_set_with_the_signs_of_its_language_and_without_private_numbers(store):
    for language, joined, whom in (
        ("zh", "老旧小区无维修资金：无物业小区", "住建局"),
        ("en", "老旧小区无维修资金: 无物业小区", "Housing bureau"),
    ):
        rows = monthly.problems(look(store, language), CROWDED)
        assert len(rows) == 4 and all(row[2].startswith(joined) and row[3] == whom for row in rows)
        assert all("138******34" in row[2] for row in rows)
    shown = own_blocks(look(store), CROWDED, Table)[1]
    assert len(shown.rows) == meeting.MOST_PROBLEMS and "共4项，全文见月度通报" in shown.heads[1]
    assert all(len(row[1]) <= meeting.MOST_LETTERS for row in shown.rows)


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
        for row in table.rows:
            across = len({id(cell._tc) for cell in row.cells}) == 1
            assert all(
                abs(cell.width - (sum(shares) if across else width)) < 2000 for cell, width in zip(row.cells, shares, strict=True)
            )
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


@pytest.fixture(scope="module", params=["zh", "en"])
def illustrated(request, store):
    """The pack with its pictures as they are drawn, or blank ones as high where no browser is here."""
    _, pack = documents(store, request.param)
    drawn = pictures.draw(pack.charts)
    return pack, [picture or blank(chart) for chart, picture in zip(pack.charts, drawn, strict=True)]


def blank(chart: Chart) -> bytes:
    """A white PNG as wide and high as the chart's picture."""
    size = pictures.WIDTH * pictures.SCALE, (chart.figure["layout"]["height"] + 24) * pictures.SCALE
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "png")
    return out.getvalue()


@pytest.mark.skipif(fonts.font() is None, reason=fonts.NO_FONT.en)
def test_the_pack_has_a_front_page_and_one_page_a_unit(illustrated):
    pack, drawn = illustrated
    assert len(drawn) == 5, "the county's, and those of the four units that have something to draw"
    reader = PdfReader(io.BytesIO(pdf.pdf(pack, drawn)))
    names = [block.words for block in pack.blocks if isinstance(block, Heading)]
    assert len(reader.pages) == 1 + len(UNITS) == len(names)
    for page, name in zip(reader.pages, names, strict=True):
        assert squeezed(name) in squeezed(page.extract_text())


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no office program here")
def test_the_pack_has_one_page_a_unit_in_word_too(illustrated, tmp_path):
    pack, drawn = illustrated
    (tmp_path / "pack.docx").write_bytes(word.docx(pack, drawn))
    subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path),
                    str(tmp_path / "pack.docx")], check=True, capture_output=True, timeout=180)  # fmt: skip
    assert len(PdfReader(tmp_path / "pack.pdf").pages) == 1 + len(UNITS)


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
