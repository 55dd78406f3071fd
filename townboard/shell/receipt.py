"""What a commit would change, and the receipt after it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from townboard import desk
from townboard.catalogue import unit_words
from townboard.charts.bars import amount
from townboard.journey import Examined
from townboard.preview import Change, Changes, Comparison
from townboard.shell.quoting import safe
from townboard.shell.view import name
from townboard.shell.visit import house, language, local_time, say
from townboard.store import Receipt
from townboard.text import Text

COUNTS = (
    ("added", Text("新增", "Added")), ("changed", Text("改动", "Changed")), ("removed", Text("清空", "Removed")),
    ("same", Text("不变", "Same")),
)  # fmt: skip
HINTS = ("row-shift", "unit-slip", "decreased-cumulative", "unusual-jump")
"""Answered questions that are said once more before the commit."""
HINTS_SHOWN = 8


def rows(examined: Examined) -> dict[str, int]:
    """Rows of all sheets: read, accepted, held (read = accepted + held), blank, ignored."""
    sheets = examined.submission.sheets if examined.submission else []
    return {key: sum(sheet.counts[key] for sheet in sheets) for key in ("read", "accepted", "held", "blank", "ignored")}


def rows_line(examined: Examined) -> None:
    """What became of every row."""
    counted = rows(examined)
    words = Text("读取 {read} 行 = 接收 {accepted} 行 + 待答复 {held} 行(另有空行 {blank}、标题合计等 {ignored} 行不计)",
                 "{read:row|rows} read = {accepted} accepted + {held} held ({blank} blank and {ignored} title or total rows do not count)")  # fmt: skip
    st.caption(say(words.fill(**counted)))


def preview(examined: Examined) -> None:
    """The changes form by form, the totals and the largest changes against last month and against the last version, and what was unusual."""
    changes = examined.changes
    if changes is None:
        return
    st.markdown(f"##### {say(Text('报送后的变化', 'What will change'))}")
    against = Text("与本月第 {n} 版相比(单位:格)", "Against this month's version {n}, in cells").fill(n=changes.version)
    st.caption(say(against if changes.version else Text("本月第一次报送(单位:格)", "The first version of this month, in cells")))
    _counts(changes)
    _hints(examined)
    month = Text("与上期已审数相比", "Against the last approved month")
    version = Text("与本月第 {n} 版相比", "Against version {n}").fill(n=changes.version)
    if not changes.version:
        st.markdown(f"**{say(month)}**")
        _comparison(changes.since_last_month, Text("上期已审", "Last approved"))
        return
    first, second = st.tabs([say(version), say(month)])
    with first:
        _comparison(changes.since_last_version, Text("上一版", "Last version"))
    with second:
        _comparison(changes.since_last_month, Text("上期已审", "Last approved"))


def _counts(changes: Changes) -> None:
    with st.container(horizontal=True):
        for code, label in COUNTS:
            st.metric(say(label), getattr(changes, code), width=110)
    if len(changes.sheets) > 1:
        table = pd.DataFrame([
            {"sheet": say(sheet.data_set.label), **{code: getattr(sheet, code) for code, _ in COUNTS}} for sheet in changes.sheets
        ])  # fmt: skip
        heads = {code: say(label) for code, label in COUNTS} | {"sheet": say(Text("表", "Sheet"))}
        st.dataframe(table, hide_index=True, column_config=heads)


def _hints(examined: Examined) -> None:
    """What was unusual and was explained: read once more before sending."""
    told = [one for one in examined.answered if one.finding.id in HINTS]
    if not told:
        return
    lines = [f"- {safe(say(one.finding.message))} → **{say(_outcome(one.value, one.reason))}**" for one in told[:HINTS_SHOWN]]
    if len(told) > HINTS_SHOWN:
        lines.append(f"- {say(Text('……另有 {n} 条', '… and {n} more').fill(n=len(told) - HINTS_SHOWN))}")
    head = say(Text("请再看一眼:", "Please look once more:"))
    st.info(f"{head}\n\n" + "\n".join(lines), icon=":material/visibility:")


def _outcome(value: object, reason: str) -> Text:
    if value is None:
        return Text("保留:{reason}", "kept: {reason}").fill(reason=safe(reason))
    return Text("按 {value} 报", "sent as {value}").fill(value=desk.shown(value))


def _comparison(found: Comparison, before: Text) -> None:
    """Totals and the ten largest changes against one earlier state."""
    spoken = language()
    if found.largest:
        st.caption(say(Text("变化最大的 {n} 个数", "The {n:largest change|largest changes}").fill(n=len(found.largest))))
        st.dataframe(_largest(found.largest), hide_index=True, column_config=_heads(
            place=Text("名称", "Place"), element=Text("项目", "Element"), before=before, after=Text("本次", "Now"), unit=Text("单位", "Unit")))  # fmt: skip
    else:
        st.caption(say(Text("没有数字变化。", "No number differs.")))
    if found.totals:
        totals = pd.DataFrame([
            (house().catalogue.data_set[total.data_set].label.say(spoken), total.label.say(spoken), unit_words(total.unit).say(spoken),
             round(total.before, 2), round(total.now, 2)) for total in found.totals
        ], columns=["sheet", "element", "unit", "before", "now"])  # fmt: skip
        with st.expander(say(Text("各项合计", "Totals"))):
            st.dataframe(totals, hide_index=True, column_config=_heads(
                sheet=Text("表", "Sheet"), element=Text("项目", "Element"), unit=Text("单位", "Unit"), before=before, now=Text("本次", "Now")))  # fmt: skip


def _largest(changes: Sequence[Change]) -> pd.DataFrame:
    spoken = language()
    return pd.DataFrame(
        [(change.name.say(spoken), change.label.say(spoken), _said(change.before), _said(change.after), unit_words(change.unit).say(spoken))
         for change in changes], columns=["place", "element", "before", "after", "unit"])  # fmt: skip


def _said(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "—" if value is None else say(desk.shown(value))
    return amount(float(value))


def meanwhile(found: desk.Meanwhile) -> None:
    """Somebody else's version that came meanwhile, and what it changed: the preview below is against it."""
    words = Text("在您预览之后,{by}报送了第 {n} 版。下面的变化已按第 {n} 版重新计算,请再看一眼;要以您的文件为准,就再点“报送”。",
                 "After your preview {by} sent version {n}. The changes below are computed anew against it; look again, and press “Send” if yours is right.")  # fmt: skip
    st.warning(say(words.fill(by=safe(found.by), n=found.version)), icon=":material/sync_problem:")
    if found.changes:
        st.caption(
            say(
                Text("第 {n} 版改了 {cells} 格:", "Version {n} changed {cells:cell|cells}:").fill(
                    n=found.version, cells=len(found.changes)
                )
            )
        )
        st.dataframe(_largest(found.changes[:20]), hide_index=True, column_config=_heads(
            place=Text("名称", "Place"), element=Text("项目", "Element"), before=Text("原来", "Before"),
            after=Text("第 {n} 版", "Version {n}").fill(n=found.version), unit=Text("单位", "Unit")))  # fmt: skip


def _heads(**words: Text) -> dict[str, str]:
    return {code: say(text) for code, text in words.items()}


def receipt(done: Receipt, examined: Examined) -> None:
    """The proof: what was sent, as which version, when, how many rows, how much was typed, the file's mark, and what comes next."""
    counted = rows(examined)
    with st.container(border=True, key="block_receipt"):
        st.markdown(f"#### :material/verified: {say(Text('回执:已收到', 'Receipt: received'))}")
        lines = Text(
            "- **{unit} {period}**,第 **{version}** 版\n- 时间:{at}\n- 文件:{file}\n- 读取 {read} 行 = 接收 {accepted} 行 + 待答复 {held} 行\n"
            "- 本次手填 **{typed}** 格,共 {data} 格有数\n- 文件校验码:`{sha}`\n"
            "- 下一步:等专办审核。审核前数据按“含未审核”显示;如被退回,会在“报送与审核”写明原因。",
            "- **{unit}, {period}**, version **{version}**\n- Time: {at}\n- File: {file}\n- {read:row|rows} read = {accepted} accepted + "
            "{held} held\n- **{typed:cell|cells}** typed, of {data} with a value\n- Check code of the file: `{sha}`\n"
            "- Next: the office reviews it. Until then the figures count as preliminary; "
            "if it is returned, the reason stands on the page “Submissions”.",
        )  # fmt: skip
        st.markdown(say(lines.fill(
            unit=name(examined.unit), period=examined.period.label, version=done.version, at=local_time(done.at),
            file=safe(examined.name), sha=done.sha256[:12], typed=done.typed_cells, data=done.data_cells, **counted)))  # fmt: skip
