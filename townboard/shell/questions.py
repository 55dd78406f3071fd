"""Questions on the page: each finding with its place, what is wrong, how to put it right, and the answers it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from townboard import desk
from townboard.answers import ACCEPT, KEEP, REASONS, REPLACE, Answer, Answered
from townboard.catalogue import Element, unit_words
from townboard.findings import BLOCKS, NOTES, SEVERITIES, Finding
from townboard.shell.visit import house, language, say
from townboard.text import Text

ICONS = {"blocks": ":material/error:", "asks": ":material/contact_support:", "notes": ":material/info:"}
MANY = 3
"""From so many questions of one kind on, one answer may be given to all of them."""


def draw(findings: Sequence[Finding], unit: str, prefix: str, given: dict[str, Answer]) -> dict[str, Answer]:
    """All findings, grouped and counted; gives the complete answers by question. Notes stand folded at the end."""
    found: dict[str, Answer] = {}
    for group in desk.grouped(findings):
        count = Text("{n} 处", "{n}").fill(n=len(group.findings))
        heading = f"{say(SEVERITIES[group.severity])} · 《{group.sheet}》 {say(group.title)} · {say(count)}"
        heading = f"{ICONS[group.severity]} {_safe(heading)}"
        at = f"{prefix}|{group.sheet}|{group.findings[0].id}"
        if group.severity == NOTES:
            with st.expander(heading):
                for finding in group.findings:
                    st.markdown(f"{_safe(finding.message.say(language()))}  \n{_safe(finding.remedy.say(language()))}")
            continue
        with st.container(border=True, key=f"block_{at}"):
            st.markdown(f"**{heading}**")
            st.caption(say(group.why))
            shared = _for_all(group, at) if len(group.findings) >= MANY else None
            for finding in group.findings:
                answer = _question(finding, unit, prefix, given.get(desk.key(finding)), shared)
                if answer is not None:
                    found[desk.key(finding)] = answer
    return found


def settled(answered: Sequence[Answered], undo: Callable[[str], None]) -> None:
    """What was answered so far, each with a button that takes the answer back."""
    if not answered:
        return
    said = {ACCEPT: Text("采纳建议", "suggestion taken"), KEEP: Text("保留", "kept"), REPLACE: Text("改为", "corrected to")}
    with st.expander(say(Text("已答复 {n} 条(可撤回)", "{n} answered (can be taken back)").fill(n=len(answered)))):
        for one in answered:
            value = "" if one.value is None else f" {desk.shown(one.value)}"
            reason = f"({one.reason})" if one.reason else ""
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(
                    f"{_safe(one.finding.message.say(language()))} → **{say(said[one.answer])}{_safe(value)}** {_safe(reason)}"
                )
                key = desk.key(one.finding)
                st.button(
                    say(Text("撤回", "Take back")),
                    key=f"undo|{key}",
                    type="tertiary",
                    icon=":material/undo:",
                    on_click=undo,
                    args=(key,),
                )


def _said(words: Mapping[Any, Text]) -> dict[Any, str]:
    """Choices in the visitor's language, said once."""
    return {code: say(text) for code, text in words.items()}


def _safe(words: str) -> str:
    """Words from a workbook, without effect as markdown."""
    for mark in "\\`*_[]<>#|$~":
        words = words.replace(mark, "\\" + mark)
    return words


def _for_all(group: desk.Group, at: str) -> tuple[str, str, str] | None:
    """One answer for every question of a group that takes it: (answer, reason, words)."""
    common = set.intersection(*(set(desk.options(finding, house().catalogue)) for finding in group.findings)) - {REPLACE}
    if not common:
        return None
    words = {ACCEPT: Text("全部采纳建议", "Take all suggestions"), KEEP: Text("全部保留,同一原因", "Keep all, one reason")}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            say(Text("一并答复", "Answer all at once")), [code for code in words if code in common],
            format_func=_said(words).__getitem__, key=f"all|{at}",
        )  # fmt: skip
        reason, free = _reason(f"all|{at}") if chosen == KEEP else ("", "")
    return (chosen, reason, free) if chosen else None


def _question(
    finding: Finding, unit: str, prefix: str, given: Answer | None, shared: tuple[str, str, str] | None
) -> Answer | None:  # fmt: skip
    catalogue, at = house().catalogue, f"{prefix}|{desk.key(finding)}"
    st.markdown(f"{_safe(finding.message.say(language()))}  \n:material/build: {_safe(finding.remedy.say(language()))}")
    choices = desk.options(finding, catalogue)
    if not choices:
        return None
    if shared is not None and shared[0] in choices:
        st.caption(say(Text("已按“一并答复”处理", "Answered with the others")))
        return desk.answer(finding, shared[0], reason=shared[1], words=shared[2])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            say(Text("答复", "Answer")), list(choices), format_func=_said(choices).__getitem__, key=f"answer|{at}",
            default=given.answer if given is not None and given.answer in choices else None, label_visibility="collapsed",
        )  # fmt: skip
        value, reason, free = None, "", ""
        if chosen == KEEP:
            reason, free = _reason(at)
        if chosen == REPLACE:
            value = _value(finding, unit, at)
    answer = desk.answer(finding, chosen, value=value, reason=reason, words=free) if chosen else None
    if chosen and answer is None:
        st.caption(say(Text(":material/edit: 请补全原因或数值", ":material/edit: Please complete the reason or the value")))
    elif not chosen and finding.severity == BLOCKS:
        st.caption(say(Text("可在 Excel 中改正后重新上传", "Or correct it in Excel and upload again")))
    return answer


def _reason(at: str) -> tuple[str, str]:
    """The reason: one of a short list, with room for a few words."""
    picked = st.selectbox(
        say(Text("原因", "Reason")), [reason.zh for reason in REASONS], index=None, key=f"reason|{at}", width=190,
        format_func=_said({reason.zh: reason for reason in REASONS}).__getitem__, placeholder=say(Text("请选择", "Choose")),
    )  # fmt: skip
    free = st.text_input(say(Text("补充说明(可不填)", "In your words (optional)")), key=f"words|{at}", max_chars=200, width=260)
    return picked or "", free


def _value(finding: Finding, unit: str, at: str) -> Any:
    """The right value, in a box that fits the element; a place for a row whose name is unknown."""
    catalogue = house().catalogue
    element = desk.element_of(finding, catalogue)
    if element is None:
        places = {place.code: place.label for place in desk.places(finding, catalogue, unit)}
        return st.selectbox(
            say(Text("对应的村(社区)", "Place")), list(places), index=None, format_func=_said(places).__getitem__, key=f"value|{at}",
            width=260, placeholder=say(Text("请选择", "Choose")),
        )  # fmt: skip
    return _box(element, f"value|{at}")


def _box(element: Element, key: str) -> Any:
    label = element.label.say(language()) + (
        f" ({unit_words(element.unit).say(language())})" if element.is_number and element.unit else ""
    )
    if element.is_number:
        step = 1 if element.type == "integer" else 0.01
        return st.number_input(label, value=None, min_value=0 if step == 1 else 0.0, step=step, key=key, width=240)
    if element.type == "date":
        return st.date_input(label, value=None, key=key, width=200, format="YYYY-MM-DD")
    if element.type in ("enum", "boolean"):
        choices: dict[Any, Text] = {value.zh: value for value in element.values}
        choices = choices or {True: Text("是", "yes"), False: Text("否", "no")}
        return st.selectbox(label, list(choices), index=None, format_func=_said(choices).__getitem__, key=key, width=220)
    return st.text_input(label, key=key, width=280) or None
