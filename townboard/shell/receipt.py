"""What a commit would change, and the receipt after it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from townboard.catalogue import unit_words
from townboard.charts.bars import amount
from townboard.journey import Examined
from townboard.preview import Changes
from townboard.shell.view import name
from townboard.shell.visit import house, language, local_time, say
from townboard.store import Receipt
from townboard.text import Text

COUNTS = (
    ("added", Text("新增", "Added")), ("changed", Text("改动", "Changed")), ("removed", Text("清空", "Removed")),
    ("same", Text("不变", "Same")),
)  # fmt: skip


def rows(examined: Examined) -> dict[str, int]:
    """Rows of all sheets: read, accepted, held (read = accepted + held), blank, ignored."""
    sheets = examined.submission.sheets if examined.submission else []
    return {key: sum(sheet.counts[key] for sheet in sheets) for key in ("read", "accepted", "held", "blank", "ignored")}


def rows_line(examined: Examined) -> None:
    """What became of every row, sheet by sheet."""
    counted = rows(examined)
    words = Text("读取 {read} 行 = 接收 {accepted} 行 + 待答复 {held} 行(另有空行 {blank}、标题合计等 {ignored} 行不计)",
                 "{read} rows read = {accepted} accepted + {held} held ({blank} blank and {ignored} title or total rows do not count)")  # fmt: skip
    st.caption(say(words.fill(**counted)))


def preview(changes: Changes) -> None:
    """The changes against this month's last version, the totals and the largest changes against the last approved month."""
    st.markdown(f"##### {say(Text('报送后的变化', 'What will change'))}")
    against = Text("与本月第 {n} 版相比(单位:格)", "Against this month’s version {n}, in cells").fill(n=changes.version)
    st.caption(say(against if changes.version else Text("本月第一次报送(单位:格)", "The first version of this month, in cells")))
    for column, (code, label) in zip(st.columns(4), COUNTS, strict=True):
        column.metric(say(label), getattr(changes, code))
    spoken = language()
    if changes.totals:
        totals = pd.DataFrame([
            (house().catalogue.data_set[total.data_set].label.say(spoken), total.label.say(spoken), unit_words(total.unit).say(spoken), round(total.before, 2),
             round(total.now, 2)) for total in changes.totals
        ], columns=["sheet", "element", "unit", "before", "now"])  # fmt: skip
        with st.expander(say(Text("各项合计:上期 → 本期", "Totals: last month → now")), expanded=False):
            st.dataframe(totals, hide_index=True, column_config=_heads(
                sheet=Text("表", "Sheet"), element=Text("项目", "Element"), unit=Text("单位", "Unit"),
                before=Text("上期已审", "Last approved"), now=Text("本期", "Now")))  # fmt: skip
    if changes.largest:
        largest = pd.DataFrame([
            (change.name.say(spoken), change.label.say(spoken), "" if change.before is None else amount(change.before),
             amount(change.after), unit_words(change.unit).say(spoken)) for change in changes.largest
        ], columns=["place", "element", "before", "after", "unit"])  # fmt: skip
        st.caption(say(Text("与上期相比变化最大的数", "The largest changes since the last approved month")))
        st.dataframe(largest, hide_index=True, column_config=_heads(
            place=Text("名称", "Place"), element=Text("项目", "Element"), before=Text("上期", "Before"), after=Text("本期", "Now"),
            unit=Text("单位", "Unit")))  # fmt: skip


def _heads(**words: Text) -> dict[str, str]:
    return {code: say(text) for code, text in words.items()}


def receipt(done: Receipt, examined: Examined) -> None:
    """The proof: what was sent, as which version, when, how many rows, the file's mark, and what comes next."""
    counted = rows(examined)
    with st.container(border=True, key="block_receipt"):
        st.markdown(f"#### :material/verified: {say(Text('回执:已收到', 'Receipt: received'))}")
        lines = Text(
            "- **{unit} {period}**,第 **{version}** 版\n- 时间:{at}\n- 文件:{file}\n- 读取 {read} 行 = 接收 {accepted} 行 + 待答复 {held} 行\n"
            "- 文件校验码:`{sha}`\n- 下一步:等专办审核。审核前数据按“含未审核”显示;如被退回,会在“报送与审核”写明原因。",
            "- **{unit}, {period}**, version **{version}**\n- Time: {at}\n- File: {file}\n- {read} rows read = {accepted} accepted + "
            "{held} held\n- Check code of the file: `{sha}`\n- Next: the office reviews it. Until then the figures count as preliminary; "
            "if it is returned, the reason stands on the page “Submissions”.",
        )  # fmt: skip
        st.markdown(say(lines.fill(
            unit=name(examined.unit), period=examined.period.label, version=done.version, at=local_time(done.at),
            file=examined.name.replace("`", "").replace("*", ""), sha=done.sha256[:12], **counted)))  # fmt: skip
        absent = [
            house().catalogue.data_set[finding.place.data_set] for finding in examined.findings if finding.id == "missing-sheet"
        ]
        if absent:
            names = Text("、".join(form.sheet for form in absent), ", ".join(form.label.en for form in absent))
            words = Text("本月还有 {n} 张表没有报:{names}。可以再传一次,已报的不受影响。",
                         "{n} sheets of this month are still missing: {names}. Upload again; what was sent stays as it is.")  # fmt: skip
            st.info(say(words.fill(n=len(absent), names=names)), icon=":material/pending_actions:")
