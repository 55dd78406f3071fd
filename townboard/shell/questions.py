"""Questions on the page: sheet by sheet, kind by kind, each answered with a click. What is ticked or written is kept at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import streamlit as st

from townboard import desk
from townboard.answers import ACCEPT, KEEP, REASONS, REPLACE
from townboard.answers.settling import NO_COLUMN, unread
from townboard.findings import BLOCKS, NOTES, SEVERITIES, Finding
from townboard.journey import Examined
from townboard.shell import correcting, sending
from townboard.shell.quoting import safe
from townboard.shell.visit import house, say
from townboard.text import NOTHING, Text, listed

ICONS = {"blocks": ":material/error:", "asks": ":material/contact_support:", "notes": ":material/info:"}
FIRST, MORE = 3, 10
"""Questions of one kind that stand open at first, and how many more a click shows; a longer list that one click answers is folded."""
NOTES_SHOWN = 12
_IN_THE_GRID = Text(":material/south: 在下面的表格里改", ":material/south: Correct it in the grid below")
_IN_EXCEL = Text("请在 Excel 中改正后重新上传", "Correct it in Excel and upload again")


@dataclass(frozen=True, slots=True)
class Desktop:
    """Where questions are drawn: the desk, the month, the workbook on it."""

    table: desk.Desk
    month: desk.Month
    workbook: Examined

    @property
    def half(self) -> dict[str, Any]:
        """What was ticked or written and not yet given."""
        return self.table.half[self.month]

    def give(self, findings: Sequence[Finding], chosen: str, **more: Any) -> None:
        """Answer these questions the same way."""
        answers = [desk.answer(finding, chosen, **more) for finding in findings]
        sending.give(self.table, self.month, [answer for answer in answers if answer is not None])


def draw(top: Desktop) -> None:
    """All findings, grouped and counted; a grid for corrections under each sheet's questions; notes folded at the end."""
    found = desk.grouped(top.workbook.findings)
    for sheet, entries in groupby((group for group in found if group.severity != NOTES), key=lambda group: group.sheet):
        groups = list(entries)
        with st.container(border=True, key=f"block_{'_'.join(top.month)}_{sheet}"):
            _sheet(top, sheet, groups)
            for group in groups:
                _group(top, group)
            correcting.draw(top.table, top.month, top.workbook, sheet)
    _notes([group for group in found if group.severity == NOTES])


def _sheet(top: Desktop, sheet: str, groups: Sequence[desk.Group]) -> None:
    """A sheet's name, how much is open in it, and the way to leave the form out this time."""
    counted = {
        severity: sum(len(group.findings) for group in groups if group.severity == severity) for severity in (BLOCKS, "asks")
    }
    badges = [f":{'red' if severity == BLOCKS else 'orange'}-badge[{ICONS[severity]} {say(SEVERITIES[severity])} {n}]"
              for severity, n in counted.items() if n]  # fmt: skip
    form = groups[0].findings[0].place.data_set
    sheets = top.workbook.submission.sheets if top.workbook.submission else []
    others = len({one.data_set.code for one in sheets if not one.is_harvested}) > 1
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"#### 《{safe(sheet)}》 {' '.join(badges)}")
        if form and others:
            st.button(say(Text("这张表这次不报", "Not this sheet, this time")), type="tertiary", icon=":material/visibility_off:",
                      key=f"leave|{sheet}", on_click=sending.leave_out, args=(top.table, top.month, form, True))  # fmt: skip


def _group(top: Desktop, group: desk.Group) -> None:
    """One kind of question: why it is asked, one answer for all, the first few, and the way to the others."""
    n = len(group.findings)
    count = say(Text("{n} 处", "{n}").fill(n=n))
    st.markdown(f"**{ICONS[group.severity]} {safe(say(group.title))}** · {count}  \n:small[{safe(say(group.why))}]")
    if n > 1:
        _for_all(top, group)
    at = f"more|{group.sheet}|{group.id}"
    folded = n > MORE and any(finding.suggestion is not None for finding in group.findings)
    shown = top.half.get(at, 0 if folded else FIRST)
    shown = n if n == shown + 1 else shown  # a button for one more takes the room of the one
    for finding in group.findings[:shown]:
        _question(top, finding)
    if n > shown:
        words = Text("还有 {n} 处没有列出,再看 {more} 处", "{n} more; show {more}") if shown else Text("逐条看", "One by one")
        words = words.fill(n=n - shown, more=min(MORE, n - shown))
        st.button(say(words), key=at, type="tertiary", icon=":material/expand_more:", on_click=_more, args=(top.half, at, shown))


def _more(half: dict[str, Any], at: str, shown: int) -> None:
    half[at] = shown + MORE


def _for_all(top: Desktop, group: desk.Group) -> None:
    """One click for every question of a group that takes it."""
    catalogue = house().catalogue
    choices = [set(desk.options(finding, catalogue)) for finding in group.findings]
    suggested = [finding for finding, words in zip(group.findings, choices, strict=True) if ACCEPT in words]
    at = f"all|{group.sheet}|{group.id}"
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(suggested) > 1:
            words = Text("全部采纳建议({n} 处)", "Take all {n:suggestion|suggestions}").fill(n=len(suggested))
            st.button(say(words), type="primary", icon=":material/done_all:", key=f"{at}|accept", on_click=top.give,
                      args=(suggested, ACCEPT))  # fmt: skip
        if all(KEEP in words for words in choices):
            word = desk.options(group.findings[0], catalogue)[KEEP]
            _keep(top, group.findings, at, Text("全部{word}", "{word}: all").fill(word=word))


def _question(top: Desktop, finding: Finding) -> None:
    """One question with its answers."""
    catalogue, at = house().catalogue, desk.key(finding)
    choices = desk.options(finding, catalogue)
    with st.container(key=f"question|{at}", gap="xsmall"):
        st.markdown(f"{safe(say(finding.message))}  \n:small[:material/build: {safe(say(finding.remedy))}]")
        with st.container(horizontal=True, vertical_alignment="center"):
            if finding.id == "duplicate-row":
                _rivals(top, finding, at)
            elif finding.id == NO_COLUMN:
                _column(top, finding, at, choices)
            elif finding.id == "unknown-org-unit":
                _place(top, finding, at)
            elif ACCEPT in choices:
                st.button(say(choices[ACCEPT]), icon=":material/check:", key=f"accept|{at}", on_click=top.give,
                          args=([finding], ACCEPT))  # fmt: skip
            if KEEP in choices:
                _keep(top, [finding], at, choices[KEEP])
            if finding.severity == BLOCKS and set(choices) <= {REPLACE} and finding.id not in ("duplicate-row", NO_COLUMN):
                st.caption(say(_IN_THE_GRID if choices else _IN_EXCEL))


def _keep(top: Desktop, findings: Sequence[Finding], at: str, words: Text) -> None:
    """Keep, with a reason of the short list and room for a few words; a column that is not there needs no reason."""
    if findings[0].id == NO_COLUMN:
        st.button(say(words), icon=":material/view_column:", key=f"keep|{at}", on_click=top.give, args=(findings, KEEP))
        return
    reason, free = f"reason|{at}", f"words|{at}"
    with st.popover(f"{say(words)}…", icon=":material/edit_note:"):
        _restore(top.half, reason, free)
        st.pills(say(Text("原因", "Reason")), [text.zh for text in REASONS], format_func=_said({text.zh: text for text in REASONS}).__getitem__,
                 key=reason, on_change=_keep_half, args=(top.half, reason))  # fmt: skip
        st.text_input(say(Text("补充说明(可不填)", "In your words (optional)")), key=free, max_chars=200, on_change=_keep_half,
                      args=(top.half, free))  # fmt: skip
        said = bool(top.half.get(reason) or str(top.half.get(free) or "").strip())
        st.button(say(Text("确定", "Done")), type="primary", key=f"keep|{at}", disabled=not said, on_click=_kept,
                  args=(top, findings, reason, free))  # fmt: skip


def _kept(top: Desktop, findings: Sequence[Finding], reason: str, free: str) -> None:
    half = top.half
    top.give(findings, KEEP, reason=half.get(reason) or "", words=str(half.get(free) or ""))
    half.pop(reason, None)
    half.pop(free, None)


def _place(top: Desktop, finding: Finding, at: str) -> None:
    """Which place a row is about: up to three candidates as buttons, the others in a list; and whether to remember the name."""
    near, others = desk.places(finding, house().catalogue, top.month[0])
    remember, other = f"remember|{at}", f"place|{at}"
    for place in near:
        st.button(say(place.label), icon=":material/check:", key=f"near|{at}|{place.code}", on_click=_placed,
                  args=(top, finding, place.code, remember))  # fmt: skip
    labels = {place.code: place.label for place in (*others,)}
    st.selectbox(
        say(Text("其他村(社区)", "Another place")), list(labels), index=None, format_func=_said(labels).__getitem__, key=other, width=190,
        placeholder=say(Text("其他村(社区)…", "Another place …")), label_visibility="collapsed", on_change=_chosen,
        args=(top, finding, other, remember),
    )  # fmt: skip
    _restore(top.half, remember)
    st.checkbox(say(Text("记住这个名称", "Remember this name")), key=remember, on_change=_keep_half, args=(top.half, remember))


def _placed(top: Desktop, finding: Finding, code: str, remember: str) -> None:
    top.give([finding], REPLACE, value=code, remember=bool(top.half.pop(remember, False)))


def _chosen(top: Desktop, finding: Finding, key: str, remember: str) -> None:
    code = st.session_state.get(key)
    if code:
        _placed(top, finding, code, remember)


def _rivals(top: Desktop, finding: Finding, at: str) -> None:
    """The rows that stand for one place, each with what it says differently and a button that makes it count."""
    if top.workbook.submission is None:
        return
    rows = desk.rivals(finding, top.workbook.submission)
    differing = desk.differing(rows, house().catalogue.data_set[finding.place.data_set])[:3]
    for row in rows:
        said = listed(Text("{one} {raw}", "{one} {raw}").fill(one=one.label, raw=safe(row.values[one.code].raw or "—"))
                      for one in differing if one.code in row.values)  # fmt: skip
        words = Text("以第 {row} 行为准", "Row {row} counts").fill(row=row.number)
        if said != NOTHING:
            words = Text("{words}:{said}", "{words}: {said}").fill(words=words, said=said)
        st.button(say(words), icon=":material/check:", key=f"row|{at}|{row.number}", on_click=top.give,
                  args=([finding], REPLACE), kwargs={"value": row.number})  # fmt: skip


def _column(top: Desktop, finding: Finding, at: str, choices: Mapping[str, Text]) -> None:
    """Which column of the sheet an element is: one of those that were not read."""
    headings = list(unread(top.workbook.findings, finding.place.sheet))
    key = f"column|{at}"
    if REPLACE not in choices or not headings:
        return
    st.selectbox(say(choices[REPLACE]), headings, index=None, key=key, width=260, placeholder=say(choices[REPLACE]),
                 label_visibility="collapsed", on_change=_named, args=(top, finding, key))  # fmt: skip


def _named(top: Desktop, finding: Finding, key: str) -> None:
    heading = st.session_state.get(key)
    if heading:
        top.give([finding], REPLACE, value=heading)


def _notes(groups: Sequence[desk.Group]) -> None:
    if not groups:
        return
    n = sum(len(group.findings) for group in groups)
    with st.expander(say(Text("提示 {n} 条,不用答复", "{n:note|notes}; no answer needed").fill(n=n)), icon=ICONS[NOTES]):
        for group in groups:
            st.markdown(f"**《{safe(group.sheet)}》 {safe(say(group.title))}** · {len(group.findings)}")
            lines = [
                f"- {safe(say(finding.message))} :small[{safe(say(finding.remedy))}]" for finding in group.findings[:NOTES_SHOWN]
            ]
            if len(group.findings) > NOTES_SHOWN:
                lines.append(f"- {say(Text('……另有 {n} 条', '… and {n} more').fill(n=len(group.findings) - NOTES_SHOWN))}")
            st.markdown("\n".join(lines))


def _restore(half: Mapping[str, Any], *keys: str) -> None:
    """Put back into widgets what was ticked or written before they were taken away (another unit, another language)."""
    for key in keys:
        if key not in st.session_state and half.get(key) is not None:
            st.session_state[key] = half[key]


def _keep_half(half: dict[str, Any], key: str) -> None:
    half[key] = st.session_state.get(key)


def _said(words: Mapping[Any, Text]) -> dict[Any, str]:
    """Choices in the visitor's language, said once."""
    return {code: say(text) for code, text in words.items()}
