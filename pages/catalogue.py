"""What every number means: indicators with their formula in words, forms with their elements, findings with their remedy."""

from __future__ import annotations

import streamlit as st

from townboard import explain, shell
from townboard.findings import SEVERITIES
from townboard.text import Text

PARTS = {
    "indicators": Text("指标", "Indicators"),
    "forms": Text("报表和数据项", "Forms and elements"),
    "findings": Text("检查规则", "Checks"),
}
HEADS = {
    "label": Text("数据项", "Element"), "unit": Text("单位", "Unit"), "type": Text("类型", "Type"), "counts": Text("口径", "Counts"),
    "fill": Text("填法", "How it is filled"), "required": Text("必填", "Required"), "values": Text("选项", "Choices"), "code": Text("代码", "Code"),
}  # fmt: skip


def page() -> None:
    """Layout only."""
    if not shell.may_open("catalogue"):
        return
    shell.heading(
        Text("指标与口径", "Catalogue"),
        Text("每个数的含义、算法、目标和来源。", "What every number means: formula, goals, source."),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        query = st.text_input(**shell.linked_words("q", Text("搜索(中文、英文或拼音首字母)", "Search (Chinese, English or pinyin initials)"), widget="catalogue_query"), width=360,
                              placeholder=shell.say(Text("如:债务、cjtjj、grid", "for example: debt, grid, cjtjj")))  # fmt: skip
        part = st.segmented_control(
            **shell.linked("part", PARTS, Text("看什么", "Show"), widget="catalogue_part"), required=True,
            format_func={code: shell.say(words) for code, words in PARTS.items()}.__getitem__,
        )  # fmt: skip
    {"indicators": _indicators, "forms": _forms, "findings": _findings}[part or "indicators"](query or "")


def _nothing() -> None:
    st.info(shell.say(Text("没有找到,请换个词。", "Nothing was found; try another word.")), icon=":material/search_off:")


def _indicators(query: str) -> None:
    catalogue = shell.house().catalogue
    found = explain.indicators(catalogue, query)
    st.caption(shell.say(Text("{n} 个指标", "{n:indicator|indicators}").fill(n=len(found))))
    for theme, label in catalogue.themes.items():
        chosen = [indicator for indicator in found if indicator.theme == theme]
        if not chosen:
            continue
        st.subheader(f"{shell.say(label)} · {len(chosen)}", anchor=False)
        shell.cards(chosen)
    if not found:
        _nothing()


def _plain(words: str) -> str:
    """Words without effect as markdown: formulas use * and _ and |."""
    for mark in "\\`*_[]<>|$~":
        words = words.replace(mark, "\\" + mark)
    return words


def _forms(query: str) -> None:
    catalogue = shell.house().catalogue
    shown = 0
    for data_set in catalogue:
        frame = explain.elements(data_set, query, shell.language())
        if frame.empty:
            continue
        shown += 1
        with st.container(border=True, key=f"block_{data_set.code}"):
            st.markdown(f"**{data_set.form} {shell.say(data_set.label)}** · 《{data_set.sheet}》 · {shell.say(explain.ROWS[data_set.rows])} · "
                        f"{shell.say(explain.CYCLES[data_set.cycle])}")  # fmt: skip
            st.dataframe(frame, hide_index=True, column_config={code: shell.say(words) for code, words in HEADS.items()})
            if data_set.constraints:
                with st.expander(
                    shell.say(Text("{n} 条校验关系", "{n:relation|relations} that are checked").fill(n=len(data_set.constraints)))
                ):
                    st.markdown("\n".join(f"- {_plain(shell.say(constraint.sentence))} :gray-badge[{constraint.rule}]"
                                          for constraint in data_set.constraints))  # fmt: skip
    if not shown:
        _nothing()


def _findings(query: str) -> None:
    found = explain.kinds(query)
    st.caption(shell.say(Text("{n} 种:错误必须改正,疑问须答复,提示看一眼即可", "{n:kind|kinds}: errors must be corrected, questions answered, notes glanced over")
                         .fill(n=len(found))))  # fmt: skip
    for severity, label in SEVERITIES.items():
        chosen = [kind for kind in found if kind.severity == severity]
        if not chosen:
            continue
        st.subheader(f"{shell.say(label)} · {len(chosen)}", anchor=False)
        for kind in chosen:
            st.markdown(f"**{shell.say(kind.title)}** :gray-badge[{kind.id}]  \n{shell.say(kind.why)}。  \n:material/build: "
                        f"{_plain(shell.say(kind.remedy))}" if shell.language() == "zh" else
                        f"**{shell.say(kind.title)}** :gray-badge[{kind.id}]  \n{shell.say(kind.why)}.  \n:material/build: "
                        f"{_plain(shell.say(kind.remedy))}")  # fmt: skip
    if not found:
        _nothing()
