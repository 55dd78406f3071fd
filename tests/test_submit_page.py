"""The clerk's page, driven as a clerk does: upload, findings, answers, receipt, in both languages."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.stores import TOWN, small_store
from tests.workbooks import xlsx
from townboard import template
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.shell.visit import _opened
from townboard.store import Store

NOVEMBER = Period(2022, 11)
CODES = [place.code for place in catalogue().children(TOWN, "village")]
VILLAGES = [catalogue().org_unit[code].label.zh for code in CODES]
HEAD = ("序号", "村名", "经营性收入", "补助收入", "其他收入", "备注")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SCRIPT = "from pages import submit\nsubmit.page()"


def sheet(changes: dict[int, tuple] | None = None) -> bytes:
    """A free-form sheet of November for 清源镇; `changes`: village number → (name, income) instead of the right ones."""
    rows = []
    for n, name in enumerate(VILLAGES):
        name, income = (changes or {}).get(n, (name, round(14.6 + 1.5 * n, 2)))
        rows.append((n + 1, name, income, 2, 0.5))
    return xlsx({"村集体经济": [("清源镇2022年11月村集体经济情况表",), ("单位:万元",), HEAD, *rows]})


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A small store, closed, with the app pointed at it."""
    small_store(tmp_path / "store").close()
    monkeypatch.setenv("TOWNBOARD_STORE", str(tmp_path / "store"))
    yield tmp_path / "store"
    _opened.clear()


def opened(language: str, *, period: Period = NOVEMBER, unit: str = TOWN) -> AppTest:
    """The page as first seen."""
    page = AppTest.from_string(SCRIPT, default_timeout=60)
    page.query_params["lang"], page.query_params["unit"], page.query_params["period"] = language, unit, str(period)
    return page.run()


def uploaded(language: str, data: bytes, name: str = "清源镇.xlsx", **where) -> AppTest:
    """The page after a file was chosen."""
    page = opened(language, **where)
    assert not page.exception
    page.file_uploader[0].set_value((name, data, XLSX))
    page.run()
    assert not page.exception, page.exception
    return page


def said(page: AppTest) -> str:
    """Everything the page says."""
    kinds = (page.markdown, page.caption, page.success, page.warning, page.error, page.info)
    return "\n".join(element.value for kind in kinds for element in kind)


def screens(page: AppTest) -> list[str]:
    """The boxes of outcome that are shown: exactly one after an upload."""
    return [box.value for kind in (page.success, page.warning, page.error) for box in kind]


def answer(page: AppTest, kind: str, choice: str) -> None:
    """Choose one answer of the question of a kind."""
    control = next(
        control for control in page.button_group if f"|{kind}|" in (control.key or "") and control.key.startswith("answer|")
    )
    control.set_value(choice)
    page.run()


def press(page: AppTest, start: str) -> None:
    """Press the button whose key begins so."""
    next(button for button in page.button if (button.key or "").startswith(start)).click()
    page.run()
    assert not page.exception, page.exception


@pytest.mark.parametrize(
    ("language", "ready", "receipt"),
    [("zh", "可以报送", "回执:已收到"), ("en", "Ready to send", "Receipt: received")],
)
def test_a_right_workbook_is_sent_and_receipted(folder, language, ready, receipt):
    page = uploaded(language, sheet())
    assert len(screens(page)) == 1 and ready in screens(page)[0]
    press(page, "commit_")
    assert receipt in said(page)
    assert _opened(str(folder)).store.status(TOWN, NOVEMBER).version == 1
    assert not [button for button in page.button if (button.key or "").startswith("commit_")], "a receipt offers no second commit"


def test_rows_on_the_receipt_add_up(folder):
    page = uploaded("zh", sheet())
    press(page, "commit_")
    assert "读取 18 行 = 接收 18 行 + 待答复 0 行" in said(page)


def test_the_receipt_names_the_sheets_still_missing(folder):
    page = uploaded("zh", sheet())
    press(page, "commit_")
    assert any("清化收" in box.value for box in page.info)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_questions_are_answered_on_the_page(folder, language):
    page = uploaded(language, sheet({1: (VILLAGES[1], 161000), 4: ("无名村", 20.6)}))
    assert screens(page)[0].startswith(("**有 3 个疑问", "**3 questions"))
    answer(page, "unit-slip", "accept")
    answer(page, "unknown-org-unit", "replace")
    place = next(box for box in page.selectbox if (box.key or "").startswith("value|"))
    place.set_value(CODES[4])
    page.run()
    press(page, "recheck_")
    assert len(screens(page)) == 1 and ("可以报送" in screens(page)[0] or "Ready to send" in screens(page)[0])
    press(page, "commit_")
    store = _opened(str(folder)).store
    traced = store.trace(TOWN, NOVEMBER, "village_economy", "operating_income", CODES[4])
    assert traced["value"] == 20.6
    slip = store.trace(TOWN, NOVEMBER, "village_economy", "operating_income", CODES[1])
    assert slip["value"] == pytest.approx(16.1)


def test_keeping_a_value_needs_a_reason(folder):
    page = uploaded("zh", sheet({2: (VILLAGES[2], 3.0)}))
    answer(page, "decreased-cumulative", "keep")
    assert next(b for b in page.button if b.key.startswith("recheck_")).disabled
    next(box for box in page.selectbox if (box.key or "").startswith("reason|")).set_value("退还")
    page.run()
    press(page, "recheck_")
    press(page, "commit_")
    traced = _opened(str(folder)).store.trace(TOWN, NOVEMBER, "village_economy", "operating_income", CODES[2])
    assert traced["value"] == 3.0
    assert traced["answers"][0]["reason"] == "退还"


def test_an_answer_can_be_taken_back(folder):
    page = uploaded("zh", sheet({1: (VILLAGES[1], 161000)}))
    answer(page, "unit-slip", "accept")
    press(page, "recheck_")
    assert "可以报送" in screens(page)[0]
    press(page, "undo|")
    assert "1 个疑问" in screens(page)[0]


def test_an_error_is_corrected_on_the_page(folder):
    page = uploaded("zh", sheet({3: (VILLAGES[3], "见附表")}))
    assert "1 处错误" in screens(page)[0]
    answer(page, "not-a-number", "replace")
    next(box for box in page.number_input if box.key.startswith("value|")).set_value(19.25)
    page.run()
    press(page, "recheck_")
    assert "可以报送" in screens(page)[0]


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "这个文件不能接收"), ("en", "This file cannot be taken")]
)  # fmt: skip
def test_a_file_that_is_no_workbook_is_refused_kindly(folder, language, words):
    page = uploaded(language, b"%PDF-1.7 nothing to read", "report.pdf")
    assert len(screens(page)) == 1 and words in screens(page)[0]
    assert not [button for button in page.button if (button.key or "").startswith(("commit_", "recheck_"))]


def test_a_double_click_commits_once(folder):
    page = uploaded("zh", sheet())
    table = page.session_state["townboard_desk"]
    at = (TOWN, str(NOVEMBER), table.open[TOWN, str(NOVEMBER)])
    press(page, "commit_")
    from townboard.shell import sending

    sending.send(table, at, table.sent[at])
    assert _opened(str(folder)).store.status(TOWN, NOVEMBER).version == 1


def test_nothing_is_lost_when_the_upload_box_is_drawn_anew(folder):
    page = uploaded("zh", sheet({1: (VILLAGES[1], 161000)}))
    answer(page, "unit-slip", "accept")
    press(page, "recheck_")
    page.file_uploader[0].set_value(None)
    page.run()
    assert "可以报送" in screens(page)[0]


def test_somebody_elses_newer_version_is_said(folder):
    page = uploaded("zh", sheet())
    table = page.session_state["townboard_desk"]
    at = (TOWN, str(NOVEMBER), table.open[TOWN, str(NOVEMBER)])
    store = _opened(str(folder)).store
    from townboard import journey
    from townboard.access import Actor
    from townboard.shell import sending

    workbook = table.seen[1]
    other = journey.examine(sheet({0: (VILLAGES[0], 14.8)}), "other.xlsx", TOWN, NOVEMBER, store)
    journey.submit(store, other, Actor("other", "special_office"))
    sending.send(table, at, workbook)
    assert at not in table.receipts
    assert "新版本" in table.said[at].zh


def test_the_template_of_the_page_is_ready_to_send_when_filled(folder):
    with Store.open(folder) as store:
        history = store.history(TOWN, NOVEMBER)
        typed = {("village_economy", place.code, "operating_income"): 40.0 for place in catalogue().children(TOWN, "village")}
        data = template.write(catalogue(), TOWN, NOVEMBER, history, typed=typed)
    page = uploaded("zh", data)
    assert len(screens(page)) == 1
    assert "不能接收" not in screens(page)[0]


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "下载标注了问题的原表"), ("en", "Download your workbook with the problems marked")]
)
def test_the_marked_workbook_is_offered_where_something_was_found(folder, language, words):
    page = uploaded(language, sheet({0: (VILLAGES[0], "约30")}))
    assert words in [button.label for button in page.get("download_button")]
    page = uploaded(language, b"%PDF-1.4", "scan.pdf")
    assert words not in [button.label for button in page.get("download_button")]


@pytest.mark.parametrize(
    ("unit", "period", "words"),
    [
        ("140121-KFQ", Period(2022, 11), "本月不需要报送"),
        (TOWN, Period(2022, 10), "已通过"),
        ("140121102", Period(2022, 10), "已报待审"),
        ("140121101", Period(2022, 10), "未报"),
    ],
)
def test_the_state_of_the_month_is_said_first(folder, unit, period, words):
    page = opened("zh", unit=unit, period=period)
    assert not page.exception
    assert words in said(page)
