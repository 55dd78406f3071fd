"""Where a number came from: pick form, place and element; see workbook, sheet, cell, who and when; take the original away."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st

from townboard import access
from townboard.catalogue import DataSet, Element
from townboard.charts import kit
from townboard.shell.asking import seen_data_sets
from townboard.shell.handing import handed
from townboard.shell.view import View, name
from townboard.shell.visit import actor, can, house, local_time, say
from townboard.text import Text, masked, same

STATES = {
    "reported": Text("已报", "reported"), "missing": Text("空", "blank"), "not_applicable": Text("不涉及", "not applicable"),
}  # fmt: skip


def trace_panel(view: View, unit: str, *, data_set: str | None = None, place: str | None = None, key: str = "trace") -> None:
    """The source of one number of a unit. `data_set` and `place` preset the choice (a row that was clicked)."""
    catalogue = house().catalogue
    seen = seen_data_sets()
    forms = [
        form
        for form in catalogue.owes(unit)
        if form.code in seen and form.rows in ("unit", "village", "community") and form.code != "cover"
    ]
    if not forms or not can(access.READ, unit):
        return
    with st.container(border=True, key=f"block_{key}"):
        st.markdown(f"##### {say(Text('数字从哪里来', 'Where a number comes from'))}")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            form = _form(forms, data_set, key)
            places = [one.code for one in catalogue.rows_of(form, unit)]
            at = places.index(place) if place in places else 0
            chosen = st.selectbox(
                say(Text("村、社区或单位", "Village, community or unit")), places, index=at, format_func=lambda code: say(name(code)),
                key=f"{key}_place_{form.code}_{place or ''}", width=220,
            )  # fmt: skip
            elements = [element.code for element in form.elements if element.is_stored and element.type not in ("code", "month")]
            typed = next((n for n, code in enumerate(elements) if form.by_code[code].fill == "typed"), 0)
            code = st.selectbox(
                say(Text("数据项", "Element")), elements, index=typed, format_func=lambda code: say(form.by_code[code].label),
                key=f"{key}_element_{form.code}", width=260,
            )  # fmt: skip
        store = house().store
        period = form.data_period(view.period)
        found = store.trace(unit, period, form.code, code, chosen, basis=view.basis)
        if found is None:
            st.info(
                say(Text("{p}没有报这一项。", "Nothing was reported for it in {p}.").fill(p=period.label)),
                icon=":material/hide_source:",
            )
            return
        _card(found, form.by_code[code], unit, key)


def _form(forms: list[DataSet], preset: str | None, key: str) -> DataSet:
    codes = [form.code for form in forms]
    by_code = {form.code: form for form in forms}
    chosen = st.selectbox(
        say(Text("表", "Form")), codes, index=codes.index(preset) if preset in codes else 0,
        format_func=lambda code: say(by_code[code].label), key=f"{key}_form_{preset or ''}", width=220,
    )  # fmt: skip
    return by_code[chosen]


def value_words(found: dict[str, Any], element: Element) -> Text:
    """The traced value as people read it."""
    value = found["value"]
    if value is None:
        return STATES.get(found["status"], same(str(found["status"])))
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if element.unit == "万元":
        return kit.money(value)
    if element.is_number:
        plain = kit.number(value, 0 if float(value).is_integer() else 2)
        return Text(f"{plain} {element.unit}".strip(), plain)
    return same(masked(str(value)))


def _card(found: dict[str, Any], element: Element, unit: str, key: str) -> None:
    """The facts of one trace as a list of words, and the original workbook to take away."""

    def when(moment: str | None) -> str:
        return local_time(datetime.fromisoformat(moment)) if moment else "—"

    st.metric(say(element.label), say(value_words(found, element)))
    approved = Text("{who},{at}", "{who}, {at}").fill(who=masked(found["approved_by"] or "—"), at=when(found["approved_at"]))
    if not found["approved_by"]:
        approved = Text("未审核", "not approved yet")
    lines = [
        (Text("工作簿", "Workbook"), same(masked(f"{found['workbook']}"))),
        (Text("版本", "Version"), Text(f"第{found['version']}版", f"{found['version']}")),
        (Text("工作表与单元格", "Sheet and cell"), Text(f"《{found['sheet']}》{found['cell']}", f"“{found['sheet']}” {found['cell']}") if found["cell"] else same("—")),
        (Text("原文", "As typed"), same("—" if found["raw"] in (None, "") else masked(str(found["raw"])))),
        (Text("处理", "Normalised"), same("; ".join(found["normalised"]) or "—")),
        (Text("报送", "Sent"), Text("{who},{at}", "{who}, {at}").fill(who=masked(str(found["submitted_by"])), at=when(found["submitted_at"]))),
        (Text("审核", "Approved"), approved),
    ]  # fmt: skip
    for answer in found["answers"]:
        message = answer["message"]
        lines.append((Text("疑问与答复", "Question and answer"),
                      Text(f"{message['zh']} → {answer['reason'] or answer['answer']}", f"{message['en']} → {answer['reason'] or answer['answer']}")))  # fmt: skip
    with st.container(horizontal=True, gap="medium"):
        for label, words in lines:
            with st.container(width="content", gap=None):
                st.caption(say(label))
                st.text(say(words))
    if found["sha256"] is None or not access.may_take_originals(actor(), unit).allowed:
        return
    st.download_button(
        say(Text("下载原始工作簿", "Download the original workbook")),
        handed(partial(house().store.original, found["sha256"]), "original", unit=unit, period=found["period"], detail=found["sha256"]),
        file_name=found["workbook"], mime="application/octet-stream", key=f"original_{key}", on_click="ignore", icon=":material/description:",
    )  # fmt: skip
