"""Chinese words carry Chinese signs when they are said; numbers, quotations and markup keep what they have."""

from __future__ import annotations

import pytest

from townboard.punctuation import held, punctuated
from townboard.text import Text

COMMA, COLON, SEMICOLON, OPEN, CLOSE = "\uff0c", "\uff1a", "\uff1b", "\uff08", "\uff09"


@pytest.mark.parametrize(("written", "said"), [
    ("2022年10月:12/128 个村达标(9.4%),距60%还差65个村;未报:清源镇", f"2022年10月{COLON}12/128 个村达标{OPEN}9.4%{CLOSE}{COMMA}距60%还差65个村{SEMICOLON}未报{COLON}清源镇"),
    ("《村集体经济》(F01)", f"《村集体经济》{OPEN}F01{CLOSE}"), ("100.0%(12/12)", "100.0%(12/12)"), ("占 24.2% (31/128),已报", f"占 24.2%{OPEN}31/128{CLOSE}{COMMA}已报"), ("定格于 10:00(会)", f"定格于 10:00{OPEN}会{CLOSE}"),
    ("1/30(全部社区(含未报的社区))", f"1/30{OPEN}全部社区{OPEN}含未报的社区{CLOSE}{CLOSE}"),
    ("Qingxu: 3 of 4 (75%)", "Qingxu: 3 of 4 (75%)"), ("共1,024个", "共1,024个"),
    ("单元格“约24,51(估)”,请改", f"单元格“约24,51(估)”{COMMA}请改"),
    (":material/help: 无数据,:orange-badge[滞后]", f":material/help: 无数据{COMMA}:orange-badge[滞后]"),
    ("见 [大北村](./township?unit=1&m=2022-10),再看", f"见 [大北村](./township?unit=1&m=2022-10){COMMA}再看"),
    ("<b>9月</b>:%{y:.1f}%&nbsp;村;{n:.0f}", f"<b>9月</b>{COLON}%{{y:.1f}}%&nbsp;村{SEMICOLON}{{n:.0f}}"),
    ("文件:10月报表(终稿).xlsx(已答复 3 条),《收入(新)》第9行", f"文件{COLON}10月报表(终稿).xlsx{OPEN}已答复 3 条{CLOSE}{COMMA}《收入(新)》第9行"),
    ("上传填好的工作簿(.xlsx、.csv)", f"上传填好的工作簿{OPEN}.xlsx、.csv{CLOSE}"),
    ("《村集体经济》(F01)", f"《村集体经济》{OPEN}F01{CLOSE}"), ("“约30”(第9行)", f"“约30”{OPEN}第9行{CLOSE}"),
    ("http://127.0.0.1:8501/a?b=c 打开", "http://127.0.0.1:8501/a?b=c 打开"),
])  # fmt: skip
def test_signs_are_wide_where_the_words_are_chinese(written, said):
    assert punctuated(written) == said
    assert punctuated(said) == said, "said twice is said once"


@pytest.mark.parametrize(("words", "lines"), [
    ("往后每月要 **9.5** 个村，7月以来", ["往后每月要_**9.5**_个村，7月以来"]),
    ("截至10月77个村总收入 2,798.72 万元", ["截至10月77个村总收入", "2,798.72_万元"]),
    ("最高西谷乡 66.7%，最低集义乡 36.4%", ["最高西谷乡_66.7%，最低集义乡_36.4%"]),
    ("2,581.83/3,666.39 · 锁定的债务", ["2,581.83/3,666.39_·", "锁定的债务"]),
    ("范围 69–82 个村,到 2022-10-31", ["范围_69–|82_个村,到", "2022-|10-|31"]),
    ("38 villages at 60% of the goal", ["38_villages", "at", "60%_of", "the", "goal"]),
])  # fmt: skip
def test_a_number_is_not_torn_from_what_it_counts(words, lines):
    assert held(words).replace("\u00a0", "_").replace("\u2060", "|").split(" ") == lines


@pytest.mark.parametrize("written", ["村\ue000(新),再看", "村\uefff:“一”", "“一”" * 5000 + "村:", "《" * 3000 + "村" * 3000])
def test_no_words_are_lost_whatever_was_typed(written):
    said = punctuated(written)
    assert len(said) == len(written) and [a for a, b in zip(written, said, strict=True) if a != b] in ([], [":"])


def test_a_text_is_said_with_its_language_s_signs():
    text = Text("已报:9个", "reported: 9")
    assert (text.say("zh"), text.say("en")) == (f"已报{COLON}9个", "reported: 9")
    assert text.to_json() == {"zh": text.say("zh"), "en": "reported: 9"}, "one finding reads the same everywhere"
    assert {"已报:9个", text.say("zh"), "reported: 9"} == set(text.forms), "whichever form comes back is known"
