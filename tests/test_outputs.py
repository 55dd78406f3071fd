"""What goes out is safe: no formula in a table, no HTML from a name or a note, no telephone number on a shared page, no path in a file name."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import docx
import openpyxl
import pandas
import pytest
from streamlit.testing.v1 import AppTest

from tests.stores import MILESTONES, OCTOBER, TOWN, VILLAGE, VILLAGE_2, commit, income
from townboard import downloads, guard, workbook
from townboard.briefing import pdf, word
from townboard.briefing.sheet import Heading, Sheet, Signed, Table, Words
from townboard.shell.quoting import safe
from townboard.store import Store, query
from townboard.text import Text, masked, printable, same

ROOT = Path(__file__).resolve().parent.parent
PAYLOADS = ('=HYPERLINK("http://evil","点")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1")
HTML = "<img src=x onerror=alert(1)><script>alert(2)</script>"
MOBILE, CARD = "13834567890", "140121198001011234"
WITHOUT = ("audit", "admin")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A store in which every free text is hostile: a formula, HTML, a telephone number."""
    place = tmp_path_factory.mktemp("hostile") / "store"
    with Store.create(place) as store:
        for n, words in enumerate((*PAYLOADS, HTML, f"电话{MOBILE}", f"身份证 {CARD}")):
            rows = {
                "village_economy": {VILLAGE: income(20.0 + n, main_source=words, note=words), VILLAGE_2: income(31.0, note=words)},
                "law_enforcement": {TOWN: {"matters_assigned": 55, "matters_exercised": 12, f"{MILESTONES[0]}_on": datetime(2022, 4, 1).date()}},
                "problems_models": {f"{TOWN}#1": {"kind": "问题", "domain": "集体经济", "title": words, "text": words}},
            }  # fmt: skip
            commit(store, TOWN, OCTOBER.plus(n - 8), rows, name=f"{words}.xlsx", actor=words)
    return place


def every_answer(store: Store):
    given = {"period": str(OCTOBER), "first_period": "2022-01", "basis": "preliminary", "submission": 1, "data_set": "village_economy",
             "indicator": "CE01", "year": 2022, "level": "township"}  # fmt: skip
    for path in sorted((ROOT / "queries").glob("*.sql")):
        for month in (str(OCTOBER.plus(n - 8)) for n in range(9)):
            wanted = {**given, "period": month}
            found = store.ask(
                path.stem, units=[TOWN], **{key: value for key, value in wanted.items() if key in query(path.stem)[1]}
            )
            yield path.stem, found
            if "period" not in query(path.stem)[1]:
                break


def test_no_table_takes_a_formula_out(folder):
    """Every query's answer with all its columns, as xlsx and as csv: whatever a clerk typed stays text."""
    about = downloads.About(title=same("x"), filters=(), as_of="", missing=(), source=same("x"), invented=False)
    seen = 0
    with Store.open(folder) as store:
        for name, found in every_answer(store):
            columns = [downloads.Column(code, same(code)) for code in found.columns]
            book = openpyxl.load_workbook(io.BytesIO(downloads.xlsx(found, columns, about)))
            for page in book:
                for cell in (cell for row in page.iter_rows() for cell in row):
                    assert cell.data_type != "f" and cell.hyperlink is None, f"{name}: {cell.coordinate} {cell.value!r}"
            for line in csv.reader(io.StringIO(downloads.csv(found, columns, about).decode("utf-8-sig"))):
                seen += sum(cell.startswith("'") for cell in line)
                assert not [cell for cell in line if cell[:1] in "=+@\t\r" and cell], f"{name}: {line}"
                assert not [cell for cell in line if cell.startswith("-") and not cell[1:].replace(".", "").isdigit()], (
                    f"{name}: {line}"
                )
    assert seen > 20, "hostile words did come by"


def sent(at: AppTest) -> dict[str, str]:
    """What a page sends, by the way it is shown."""
    return {
        "html": "\n".join(element.proto.body for element in at.get("html")),
        "unsafe": "\n".join(element.value for element in at.markdown if element.allow_html),
        "words": "\n".join(
            str(element.value) for kind in ("markdown", "text", "caption", "info", "warning") for element in getattr(at, kind)
        ),
        "tables": "\n".join(frame.value.to_json(force_ascii=False, default_handler=str) for frame in at.dataframe),
        "charts": "\n".join(element.proto.spec for element in at.get("plotly_chart")),
    }


PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py") if path.stem not in WITHOUT)


@pytest.mark.parametrize("month", [str(OCTOBER.plus(n)) for n in (-2, -1, 0)])
@pytest.mark.parametrize("page", PAGES)
def test_no_page_runs_html_or_tells_a_number(page, month, folder, monkeypatch):
    monkeypatch.setenv("TOWNBOARD_STORE", str(folder))
    at = AppTest.from_string(f"from pages.{page} import page\npage()", default_timeout=60)
    for key, value in {"lang": "zh", "unit": TOWN, "period": month}.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception
    found = sent(at)
    assert "<img" not in found["html"] and "alert(" not in found["html"] and not found["unsafe"]
    if page != "submit":
        assert MOBILE not in "".join(found.values()) and CARD not in "".join(found.values())


@pytest.mark.parametrize(("words", "shown"), [
    ("联系 13834567890", "联系 138******90"), ("138-3456-7890", "138********90"), ("0351-5722000。", "035*******00。"), ("身份证140121198001011234", "身份证140121198001011234"),
    ("身份证 140121198001011234", "身份证 140121**********34"), ("14012119800101123X", "140121**********3X"), ("村码 140121100201", "村码 140121100201"),
    ("收入 138.34567890 万元", "收入 138.34567890 万元"), ("submission 12", "submission 12"), ("2022-10-31", "2022-10-31"),
])  # fmt: skip
def test_private_numbers_are_masked_and_codes_are_not(words, shown):
    if words == "身份证140121198001011234":
        assert masked(words) != words, "right after Chinese words too"
        return
    assert masked(words) == shown


@pytest.mark.parametrize("hostile", ["../../etc/passwd", "a/b\\c:d*e?f", "x\r\nSet-Cookie: y", '"quoted"', "...", ""])
def test_file_names_are_names_only(hostile):
    made = downloads.name(Text(hostile, hostile), "zh", "xlsx")
    assert made.endswith(".xlsx") and not set(made) & set('/\\:*?"<>|\r\n\t') and not made.startswith(".")


TURNED = "甲\u202e乙\x07丙\u2066丁\v戊"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_that_no_document_may_hold_stop_none(language):
    """A control character, and what would turn the words and numbers after it around; a soft break pasted from Word is a space."""
    blocks = (Heading(TURNED), Words(TURNED), Table([TURNED], [[TURNED]], [1.0]), Signed([TURNED]))
    sheet = Sheet(TURNED, [TURNED], TURNED, language, blocks)
    document = docx.Document(io.BytesIO(word.docx(sheet, [])))
    said = [paragraph.text for paragraph in document.paragraphs if paragraph.text] + [document.tables[0].cell(1, 0).text]
    assert said == ["甲乙丙丁 戊"] * 6 and pdf.pdf(sheet, [])
    assert safe(TURNED) == printable(TURNED) == "甲乙丙丁 戊"
    typed = TURNED.replace("\x07", "")  # a text file that holds this one is no workbook to the guard
    book = workbook.read(guard.admit(f"村名,备注\n大北村,{typed}".encode(), f"{TURNED}.csv"))
    assert book.sheets[0].rows[2][2].value == "甲乙丙丁 戊" and book.workbook == "甲乙丙丁 戊.csv"
    table = pandas.DataFrame({"note": [TURNED]})
    about = downloads.About(title=same("x"), filters=(), as_of="", missing=(), source=same("x"), invented=False)
    assert "甲乙丙丁 戊" in downloads.csv(table, [downloads.Column("note", same("note"))], about).decode("utf-8-sig")


@pytest.mark.parametrize(("words", "said"), [
    ("六合村(东)", "六合村(东)"), ("**粗** _斜_ ~~删~~", "\\*\\*粗\\*\\* \\_斜\\_ \\~\\~删\\~\\~"), (":red[x]", "\\:\u2060red\\[x\\]"),
    (":material/check:", "\\:\u2060material/check\\:"), ("https://evil.cn", "https\\:\u2060//evil.cn"), ("见WWW.evil.cn", "见WWW\u2060.evil.cn"),
    ("wang@evil.cn", "wang@\u2060evil.cn"), ("甲\n# 乙", "甲 \\# 乙"), ("甲\r\n---", "甲 ---"), ("- 一", "\\- 一"), ("1. 一", "1\\. 一"),
    ("-5", "\\-5"), ("10:30", "10\\:30"), ("&lt;b&gt;", "\\&lt;b\\&gt;"), ("$$y$$", "\\$\\$y\\$\\$"),
])  # fmt: skip
def test_words_of_a_workbook_are_no_markdown(words, said):
    """Links, icons and Streamlit's own signs are made after backslashes are gone: a joiner that nobody sees stays between."""
    assert safe(words) == said
