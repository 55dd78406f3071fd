"""Where a number came from: workbook, sheet, cell, what stood there, what was made of it, who and when; and the original to take away.

A click on a number of a table opens it (`opened`); the panel lets any number of a unit be picked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st

from townboard import access
from townboard.catalogue import DataSet, Element
from townboard.charts import kit
from townboard.periods import Period
from townboard.provenance import answer_text, step_text
from townboard.shell.asking import seen_data_sets
from townboard.shell.handing import handed
from townboard.shell.once import for_all
from townboard.shell.view import View
from townboard.shell.visit import actor, can, house, local_time, say
from townboard.text import Text, masked, same

STATES = {
    "reported": Text("已报", "reported"), "missing": Text("空", "blank"), "not_applicable": Text("不涉及", "not applicable"),
}  # fmt: skip
TITLE = Text("数字从哪里来", "Where a number comes from")
_SEEN = "townboard_traced"
"""Session key: table → the click that was answered last."""


def newly(key: str, picked: tuple[int, str] | None) -> tuple[int, str] | None:
    """A click on a table that was not answered yet: a selection stays through reruns, its answer is given once."""
    seen: dict[str, tuple[int, str] | None] = st.session_state.setdefault(_SEEN, {})
    fresh = picked if picked != seen.get(key) else None
    seen[key] = picked
    return fresh


def opened(view: View, unit: str, data_set: str, place: str, element: str, *, period: Period | None = None) -> None:
    """The dialog of one number (of the view's month, if none is named); other elements of the same place can be picked in it."""
    form = house().catalogue.data_set[data_set]
    month = period or form.data_period(view.period)

    @st.dialog(say(TITLE), width="medium")
    def dialog() -> None:
        codes = _elements(form)
        at = codes.index(element) if element in codes else _first_typed(form, codes)
        st.markdown(f"**{say(view.name(place))}** · {say(month.label)} · 《{form.sheet}》")
        code = st.selectbox(
            say(Text("数据项", "Element")), codes, index=at, format_func=lambda code: say(form.by_code[code].label),
            key=f"traced_{data_set}_{place}_{element}",
        )  # fmt: skip
        traced(view, unit, form, place, code, "dialog", period=month)

    dialog()


def trace_panel(view: View, unit: str, *, key: str = "trace") -> None:
    """The source of any number of a unit, picked by form, place and element."""
    catalogue = view.catalogue
    seen = seen_data_sets()
    forms = [form for form in catalogue.owes(unit)
             if form.code in seen and form.rows in ("unit", "village", "community") and form.code != "cover"]  # fmt: skip
    if not forms or not can(access.READ, unit):
        return
    with st.container(border=True, key=f"block_{key}"):
        st.markdown(f"##### {say(TITLE)}")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            form = _form(forms, key)
            places = [one.code for one in catalogue.rows_of(form, unit)]
            chosen = st.selectbox(
                say(Text("村、社区或单位", "Village, community or unit")), places, format_func=lambda code: say(view.name(code)),
                key=f"{key}_place_{form.code}", width=220,
            )  # fmt: skip
            codes = _elements(form)
            code = st.selectbox(
                say(Text("数据项", "Element")), codes, index=_first_typed(form, codes),
                format_func=lambda code: say(form.by_code[code].label), key=f"{key}_element_{form.code}", width=260,
            )  # fmt: skip
        traced(view, unit, form, chosen, code, key)


def _form(forms: Sequence[DataSet], key: str) -> DataSet:
    by_code = {form.code: form for form in forms}
    chosen = st.selectbox(
        say(Text("表", "Form")), list(by_code), format_func=lambda code: say(by_code[code].label), key=f"{key}_form_", width=220,
    )  # fmt: skip
    return by_code[chosen]


def _elements(form: DataSet) -> list[str]:
    return [element.code for element in form.elements
            if element.code == "total_income" or (element.is_stored and element.type not in ("code", "month"))]  # fmt: skip


def _first_typed(form: DataSet, codes: Sequence[str]) -> int:
    return next((n for n, code in enumerate(codes) if form.by_code[code].fill == "typed"), 0)


def traced(
    view: View, unit: str, form: DataSet, place: str, element: str, key: str, *, period: Period | None = None
) -> None:  # fmt: skip
    """The facts of one number as they stand on the view's basis (of the view's month, if none is named); for a sum those of its parts.

    Nothing of units and forms that the visitor may not see.
    """
    if form.code not in seen_data_sets() or not can(access.READ, unit):
        return
    period = period or form.data_period(view.period)
    basis = "approved" if access.approved_only(actor()) else view.basis
    found = _found(view.store, house().store.data_version(period), unit, period, form.code, element, place, basis, view.as_of)
    if found is None:
        said = Text("{p}没有报这一项。", "Nothing was reported for it in {p}.").fill(p=period.label)
        st.info(say(said), icon=":material/hide_source:")
        return
    st.metric(say(form.by_code[element].label), say(value_words(found, form.by_code[element])))
    for part in found.get("parts", ()):
        with st.container(border=True):
            st.markdown(f"**{say(form.by_code[part['element']].label)}** {say(value_words(part, form.by_code[part['element']]))}")
            _facts(part, form)
    if "parts" not in found:
        _facts(found, form)
    _original(found, unit, key)


@for_all(512)
def _found(
    store: str, version: int, unit: str, period: Period, form: str, element: str, place: str, basis: str, as_of: datetime | None
) -> dict[str, Any] | None:  # fmt: skip
    return house().store.trace(unit, period, form, element, place, basis=basis, as_of=as_of)


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


def facts(found: dict[str, Any], form: DataSet) -> list[tuple[Text, Text]]:
    """(what, words) of a trace, line by line."""
    nothing = same("—")
    place = Text(f"《{found['sheet']}》{found['cell']}", f"“{found['sheet']}” {found['cell']}") if found["cell"] else nothing
    steps = [step_text(step, form) for step in found["normalised"]]
    made = (
        Text(";".join(step.zh for step in steps), "; ".join(step.en for step in steps))
        if steps
        else Text("原样读取", "read as it stands")
    )
    approved = Text("未审核", "not approved yet")
    if found["approved_by"]:
        approved = Text("{who},{at}", "{who}, {at}").fill(who=masked(found["approved_by"]), at=_when(found["approved_at"]))
    raw = same(masked(str(found["raw"]))) if found["raw"] not in (None, "") else nothing
    return [
        (Text("工作簿", "Workbook"), same(masked(found["workbook"])) if found["workbook"] else nothing),
        (Text("版本", "Version"), Text(f"第{found['version']}版", f"{found['version']}")),
        (Text("工作表与单元格", "Sheet and cell"), place),
        (Text("原文", "As typed"), raw),
        (Text("处理", "What was made of it"), made),
        (Text("报送", "Sent"), Text("{who},{at}", "{who}, {at}").fill(who=masked(str(found["submitted_by"])), at=_when(found["submitted_at"]))),
        (Text("审核", "Approved"), approved),
        *((Text("疑问与答复", "Question and answer"), Text(*map(masked, answer_text(answer)))) for answer in found["answers"]),
    ]  # fmt: skip


def _when(moment: str | None) -> str:
    return local_time(datetime.fromisoformat(moment)) if moment else "—"


def _facts(found: dict[str, Any], form: DataSet) -> None:
    with st.container(horizontal=True, gap="medium"):
        for label, words in facts(found, form):
            with st.container(width="content", gap=None):
                st.caption(say(label))
                st.text(say(words))


def _original(found: dict[str, Any], unit: str, key: str) -> None:
    """The button for the original, for who may take it; where its bytes are gone or changed, that is said instead."""
    sha256 = found["sha256"]
    if sha256 is None or not access.may_take_originals(actor(), unit).allowed:
        return
    try:
        house().store.original(sha256)
    except (KeyError, ValueError):
        words = Text("原始工作簿已丢失或损坏,请联系系统管理员从备份恢复。",
                     "The original workbook is lost or damaged; the administrator can restore it from a backup.")  # fmt: skip
        st.warning(say(words), icon=":material/broken_image:")
        return
    st.download_button(
        say(Text("下载原始工作簿", "Download the original workbook")),
        handed(partial(house().store.original, sha256), "original", unit=unit, period=found["period"], detail=sha256),
        file_name=found["workbook"], mime="application/octet-stream", key=f"original_{key}", on_click="ignore", icon=":material/description:",
    )  # fmt: skip
