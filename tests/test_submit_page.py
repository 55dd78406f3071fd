"""The clerk's page, driven as a clerk does: upload, findings, answers, receipt, in both languages."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.stores import TOWN, small_store
from tests.workbooks import xlsx
from townboard import accounts, journey, template
from townboard.access import Actor
from townboard.loading import catalogue
from townboard.periods import Period
from townboard.shell import sending
from townboard.shell.visit import _opened
from townboard.store import Store
from townboard.store.accounts import Account

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
    _opened.cache_clear()


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


def press(page: AppTest, start: str) -> None:
    """Press the button whose key begins so."""
    next(button for button in page.button if (button.key or "").startswith(start)).click()
    page.run()
    assert not page.exception, page.exception


@pytest.mark.parametrize(
    ("language", "ready", "receipt"),
    [("zh", "可以报送", "回执：已收到"), ("en", "Ready to send", "Receipt: received")],
)
def test_a_right_workbook_is_sent_and_receipted(folder, language, ready, receipt):
    page = uploaded(language, sheet())
    assert len(screens(page)) == 1 and ready in screens(page)[0]
    press(page, "commit")
    assert receipt in said(page)
    assert _opened(folder).store.status(TOWN, NOVEMBER).version == 1
    assert not [button for button in page.button if (button.key or "").startswith("commit")], "a receipt offers no second commit"


def test_rows_on_the_receipt_add_up(folder):
    page = uploaded("zh", sheet())
    press(page, "commit")
    assert "读取 18 行 = 接收 18 行 + 待答复 0 行" in said(page)


def test_the_receipt_names_the_sheets_still_missing(folder):
    page = uploaded("zh", sheet())
    press(page, "commit")
    assert any("清化收" in box.value for box in page.info)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_questions_are_answered_with_a_click(folder, language):
    page = uploaded(language, sheet({1: (VILLAGES[1], 161000), 4: ("无名村", 20.6)}))
    assert screens(page)[0].startswith(("**有 3 个疑问", "**3 questions"))
    press(page, "accept|unit-slip")
    next(box for box in page.selectbox if (box.key or "").startswith("place|")).set_value(CODES[4])
    page.run()
    assert len(screens(page)) == 1 and ("可以报送" in screens(page)[0] or "Ready to send" in screens(page)[0])
    press(page, "commit")
    store = _opened(folder).store
    traced = store.trace(TOWN, NOVEMBER, "village_economy", "operating_income", CODES[4])
    assert traced["value"] == 20.6
    slip = store.trace(TOWN, NOVEMBER, "village_economy", "operating_income", CODES[1])
    assert slip["value"] == pytest.approx(16.1)


def test_one_click_answers_a_whole_group(folder):
    page = uploaded("zh", sheet({n: (VILLAGES[n], round((14.6 + 1.5 * n) * 10_000)) for n in range(12)}))
    assert "12 个疑问" in screens(page)[0]
    assert not [button for button in page.button if (button.key or "").startswith("accept|")], "what one click answers is folded"
    press(page, "more|")
    assert len([button for button in page.button if (button.key or "").startswith("accept|")]) == 10
    press(page, "all|村集体经济|unit-slip|accept")
    assert "可以报送" in screens(page)[0]
    press(page, "undo|all|")
    assert "12 个疑问" in screens(page)[0]


def test_a_name_is_remembered_when_the_clerk_wants_it(folder):
    page = uploaded("zh", sheet({4: (f"{VILLAGES[4][0]}某{VILLAGES[4][1:]}", 20.6)}))
    next(box for box in page.checkbox if (box.key or "").startswith("remember|")).set_value(True)
    page.run()
    press(page, f"near|unknown-org-unit|村集体经济|B8|8||{CODES[4]}")
    press(page, "commit")
    assert [place for _, place, _, _ in _opened(folder).store.aliases(TOWN)] == [CODES[4]]


def keep(page: AppTest, kind: str, reason: str) -> None:
    """Keep the value of the question of a kind, with a reason of the short list."""
    pills = next(group for group in page.button_group if (group.key or "").startswith(f"reason|{kind}|"))
    pills.set_value(reason)
    page.run()
    press(page, f"keep|{kind}|")


def test_keeping_a_value_needs_a_reason(folder):
    page = uploaded("zh", sheet({2: (VILLAGES[2], 3.0)}))
    assert next(b for b in page.button if b.key.startswith("keep|decreased-cumulative")).disabled
    keep(page, "decreased-cumulative", "退还")
    press(page, "commit")
    traced = _opened(folder).store.trace(TOWN, NOVEMBER, "village_economy", "operating_income", CODES[2])
    assert traced["value"] == 3.0
    assert traced["answers"][0]["reason"] == "退还"


def test_an_answer_can_be_taken_back(folder):
    page = uploaded("zh", sheet({1: (VILLAGES[1], 161000)}))
    press(page, "accept|unit-slip")
    assert "可以报送" in screens(page)[0]
    press(page, "undo|")
    assert "1 个疑问" in screens(page)[0]


def typed(page: AppTest, org_unit: str, value: object) -> None:
    """Type a number into the grid, as its callback keeps it."""
    page.session_state["townboard_desk"].edits[TOWN, str(NOVEMBER)]["village_economy", org_unit, "operating_income"] = value


def test_an_error_is_corrected_in_the_grid(folder):
    data = sheet({3: (VILLAGES[3], "见附表")})
    page = uploaded("zh", data)
    assert "1 处错误" in screens(page)[0]
    typed(page, CODES[3], 19.25)
    page.run()
    press(page, "recheck|")
    assert "可以报送" in screens(page)[0]
    press(page, "commit")
    store = _opened(folder).store
    found = store.trace(TOWN, NOVEMBER, "village_economy", "operating_income", CODES[3])
    assert (found["value"], found["raw"]) == (19.25, "见附表")
    assert store.original(found["sha256"]) == data


def test_a_correction_that_cannot_be_taken_stays_in_the_grid(folder):
    page = uploaded("zh", sheet({3: (VILLAGES[3], "见附表")}))
    typed(page, CODES[3], "十九")
    press(page, "recheck|")
    assert any("不能作为" in box.value for box in page.info)
    assert (
        page.session_state["townboard_desk"].edits[TOWN, str(NOVEMBER)]["village_economy", CODES[3], "operating_income"] == "十九"
    )


def test_nothing_ticked_or_typed_is_lost_when_unit_or_language_changes(folder):
    page = uploaded("zh", sheet({2: (VILLAGES[2], 3.0), 3: (VILLAGES[3], "见附表")}))
    next(group for group in page.button_group if (group.key or "").startswith("reason|decreased")).set_value("退还")
    page.run()
    next(box for box in page.text_input if (box.key or "").startswith("words|decreased")).set_value("押金")
    page.run()
    typed(page, CODES[3], 19.25)
    page.selectbox(key="where_unit").set_value("140121102")
    page.run()
    page.selectbox(key="where_unit").set_value(TOWN)
    page.run()
    page.query_params["lang"] = "en"
    page.run()
    assert "error" in screens(page)[0]
    assert page.session_state["townboard_desk"].edits[TOWN, str(NOVEMBER)]
    assert next(box for box in page.text_input if (box.key or "").startswith("words|decreased")).value == "押金"
    press(page, "keep|decreased")
    press(page, "recheck|")
    assert "Ready to send" in screens(page)[0]
    assert {(one.answer, one.reason) for one in page.session_state["townboard_desk"].seen[TOWN, str(NOVEMBER)][1].answered} == {
        ("keep", "退还:押金"), ("replace", "")}  # fmt: skip


def test_a_corrected_file_keeps_the_answers(folder):
    page = uploaded("zh", sheet({2: (VILLAGES[2], 3.0), 3: (VILLAGES[3], "见附表")}))
    keep(page, "decreased-cumulative", "退还")
    page.file_uploader[0].set_value(("改好.xlsx", sheet({2: (VILLAGES[2], 3.0)}), XLSX))
    page.run()
    assert "可以报送" in screens(page)[0]


def test_of_two_rows_for_one_place_one_is_chosen(folder):
    page = uploaded("zh", sheet({5: (VILLAGES[4], 33.0)}))
    assert "1 处错误" in screens(page)[0]
    press(page, "row|duplicate-row|")
    assert "1 个疑问" in screens(page)[0], "the village whose row it should have been is still missing"


def test_a_column_that_was_not_found_is_pointed_out(folder):
    rows = [(n + 1, name, round(14.6 + 1.5 * n, 2), 2, 0.5) for n, name in enumerate(VILLAGES)]
    head = ("序号", "村名", "本年进账", "补助收入", "其他收入")
    data = xlsx({"村集体经济": [("清源镇2022年11月村集体经济情况表",), ("单位:万元",), head, *rows]})
    page = uploaded("zh", data)
    assert "1 处错误" in screens(page)[0]
    next(box for box in page.selectbox if (box.key or "").startswith("column|")).set_value("本年进账")
    page.run()
    assert "可以报送" in screens(page)[0]
    press(page, "undo|")
    press(page, "keep|missing-column")
    assert "18 个疑问" in screens(page)[0]
    press(page, "all|村集体经济|missing-value|accept")
    assert "个疑问" not in screens(page)[0] or "1 个疑问" in screens(page)[0]


def test_a_draft_survives_a_closed_browser(folder):
    page = uploaded("zh", sheet({1: (VILLAGES[1], 161000), 2: (VILLAGES[2], 3.0)}))
    press(page, "accept|unit-slip")
    again = opened("zh")
    assert "没有报完的文件" in said(again) and "已答复 1 条" in said(again)
    press(again, "draft_resume")
    assert "1 个疑问" in screens(again)[0]
    keep(again, "decreased-cumulative", "退还")
    press(again, "commit")
    assert _opened(folder).store.draft(TOWN, NOVEMBER) is None, "sending ends it"
    assert "没有报完的文件" not in said(opened("zh"))


def test_two_clerks_of_a_unit_never_replace_each_others_draft_unseen(folder, monkeypatch):
    page = uploaded("zh", sheet({1: (VILLAGES[1], 161000), 2: (VILLAGES[2], 3.0)}))
    store = _opened(folder).store
    mine = store.draft(TOWN, NOVEMBER)
    assert mine.actor in said(page) and "暂存" in said(page), "whose, and when"
    store.end_draft(TOWN, NOVEMBER, actor=mine.actor)
    theirs = store.keep_draft(TOWN, NOVEMBER, "王五.xlsx", sheet(), [], actor="王五")
    press(page, "accept|unit-slip")
    assert store.draft(TOWN, NOVEMBER) == theirs, "an answer given here replaces nothing"
    assert "王五" in said(page) and "另一份文件" in said(page)
    press(page, "discard")
    assert store.draft(TOWN, NOVEMBER) == theirs, "nor does putting one's own away"

    again = uploaded("en", sheet({1: (VILLAGES[1], 161000)}))
    assert store.draft(TOWN, NOVEMBER) == theirs and "Yours is not kept yet" in said(again)
    press(again, "draft_insist")
    assert store.draft(TOWN, NOVEMBER).actor == mine.actor and "Yours is not kept yet" not in said(again)
    theirs = store.keep_draft(TOWN, NOVEMBER, "王五.xlsx", sheet(), [], actor="王五", seen=store.draft(TOWN, NOVEMBER))
    press(again, "accept|unit-slip")
    press(again, "draft_give_way")
    assert "王五.xlsx" in said(again) and store.draft(TOWN, NOVEMBER) == theirs


def test_another_file_finds_the_answers_of_the_draft(folder):
    page = uploaded("zh", sheet({2: (VILLAGES[2], 3.0), 3: (VILLAGES[3], "见附表")}))
    keep(page, "decreased-cumulative", "退还")
    again = uploaded("zh", sheet({2: (VILLAGES[2], 3.0)}))
    assert "可以报送" in screens(again)[0]
    assert "没有报完的文件" not in said(again)


def test_a_draft_can_be_discarded(folder):
    uploaded("zh", sheet())
    page = opened("zh")
    press(page, "draft_discard")
    assert "没有报完的文件" not in said(page)
    store = _opened(folder).store
    assert store.draft(TOWN, NOVEMBER) is None
    assert [action for (action,) in store.rows("select action from audit order by n")][-2:] == ["draft", "end-draft"]


def test_an_open_page_of_somebody_who_may_no_more_discards_nothing(folder):
    uploaded("zh", sheet())
    page = opened("zh")
    store = _opened(folder).store
    kept = store.draft(TOWN, NOVEMBER)
    accounts.add(store, Account("王主任", "admin"), by="test")
    press(page, "draft_discard")
    assert store.draft(TOWN, NOVEMBER) == kept is not None


def test_no_change_is_one_click_for_a_form(folder):
    page = opened("zh")
    press(page, "same|village_economy")
    assert "可以报送" in screens(page)[0]
    press(page, "commit")
    store = _opened(folder).store
    assert "本次手填 **0** 格" in said(page)
    traced = store.trace(TOWN, NOVEMBER, "village_economy", "operating_income", CODES[1])
    assert traced["value"] == 15.5
    [(template_mark,)] = store.rows("select template from submission where period = '2022-11'")
    assert "no_change=village_economy" in template_mark
    [(detail,)] = store.rows("select detail from audit where action = 'submit' and period = '2022-11'")
    assert "no change: village_economy" in detail


def test_a_form_of_the_file_can_be_left_out_this_time(folder):
    with Store.open(folder) as store:
        history = store.history(TOWN, NOVEMBER)
        typed = {("village_economy", place.code, "operating_income"): 40.0 for place in catalogue().children(TOWN, "village")}
        data = template.write(catalogue(), TOWN, NOVEMBER, history, typed=typed, only=("village_economy", "community_coverage"))
    page = uploaded("zh", data)
    assert "街道社区治理" in said(page) or "街道社区" in said(page)
    press(page, "leave|街道社区")
    forms = {one.data_set.code for one in page.session_state["townboard_desk"].seen[TOWN, str(NOVEMBER)][1].submission.sheets}
    assert forms == {"village_economy"}
    press(page, "back|community_coverage")
    forms = {one.data_set.code for one in page.session_state["townboard_desk"].seen[TOWN, str(NOVEMBER)][1].submission.sheets}
    assert forms == {"village_economy", "community_coverage"}


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "这个文件不能接收"), ("en", "This file cannot be taken")]
)  # fmt: skip
def test_a_file_that_is_no_workbook_is_refused_kindly(folder, language, words):
    page = uploaded(language, b"%PDF-1.7 nothing to read", "report.pdf")
    assert len(screens(page)) == 1 and words in screens(page)[0]
    assert not [button for button in page.button if (button.key or "").startswith(("commit", "recheck"))]
    page.run()
    [(detail,)] = _opened(folder).store.rows("select detail from audit where action = 'upload-refused'")
    assert detail.startswith("legacy-or-other-format; sha256"), "on record once, however often the page is drawn"


def test_a_double_click_commits_once(folder):
    page = uploaded("zh", sheet())
    table = page.session_state["townboard_desk"]
    at = (TOWN, str(NOVEMBER), table.open[TOWN, str(NOVEMBER)])
    press(page, "commit")
    sending.send(table, at, table.sent[at])
    assert _opened(folder).store.status(TOWN, NOVEMBER).version == 1


def test_nothing_is_lost_when_the_upload_box_is_drawn_anew(folder):
    page = uploaded("zh", sheet({1: (VILLAGES[1], 161000)}))
    press(page, "accept|unit-slip")
    page.file_uploader[0].set_value(None)
    page.run()
    assert "可以报送" in screens(page)[0]


def test_a_stale_preview_is_shown_again_with_what_changed(folder):
    page = uploaded("zh", sheet())
    store = _opened(folder).store
    other = journey.examine(sheet({0: (VILLAGES[0], 14.8)}), "other.xlsx", TOWN, NOVEMBER, store)
    journey.submit(store, other, Actor("李四", "special_office"))
    press(page, "commit")
    assert store.status(TOWN, NOVEMBER).submitted_by == "李四", "nothing was overwritten"
    assert any("李四报送了第 1 版" in box.value for box in page.warning)
    assert any(VILLAGES[0] in frame.value.to_string() for frame in page.dataframe)
    press(page, "commit")
    assert store.status(TOWN, NOVEMBER).version == 2
    assert store.trace(TOWN, NOVEMBER, "village_economy", "operating_income", CODES[0])["value"] == 14.6


def test_a_newer_version_is_noticed_without_a_click(folder):
    page = uploaded("zh", sheet())
    store = _opened(folder).store
    journey.submit(
        store, journey.examine(sheet({0: (VILLAGES[0], 14.8)}), "o.xlsx", TOWN, NOVEMBER, store), Actor("李四", "special_office")
    )
    page.run()
    assert any("李四报送了第 1 版" in box.value for box in page.warning)


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
