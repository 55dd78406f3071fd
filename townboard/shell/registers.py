"""The office's registers and goals: typed in on the page, or brought in with a workbook. Both say what changes before they write."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from townboard import access, registering
from townboard.catalogue import DataSet, Target
from townboard.downloads import Column
from townboard.shell.asking import ask
from townboard.shell.month import SAID
from townboard.shell.panels import table
from townboard.shell.view import View, name
from townboard.shell.visit import actor, house, language, say
from townboard.store import registers
from townboard.store.history import is_of_a_year
from townboard.text import Text
from townboard.uploader_words import CHINESE

GOALS, LIMITS, PLAN = "goals", "burden_catalogue", "milestone_plan"
SPECIAL = {
    GOALS: Text("目标(基本、最高)", "Goals (basic, highest)"),
    PLAN: Text("改革节点计划日期", "Milestones: planned days"),
    LIMITS: Text("减负目录(全县)", "Burden catalogue (county)"),
}
CHANGES = [
    Column("place", Text("名称", "Place")), Column("what", Text("项目", "What")), Column("before", Text("原值", "Before")),
    Column("after", Text("新值", "After")),
]  # fmt: skip


def typed(view: View) -> None:
    """Choose what and whose, edit the present values, see what changes, record all of it or nothing."""
    st.subheader(say(Text("名录、目标和基数", "Registers, goals and baselines")), anchor=False)
    catalogue = house().catalogue
    units = [unit.code for unit in catalogue.units(view.county)]
    with st.container(horizontal=True):
        unit = st.selectbox(say(Text("单位", "Unit")), units, units.index(view.unit) if view.unit in units else 0,
                            format_func=lambda code: say(name(code)), key="register_unit", width=200)  # fmt: skip
        forms = {data_set.code: data_set.label for data_set in registering.forms(catalogue, unit)}
        words = {**SPECIAL, **forms}
        what = st.selectbox(
            say(Text("内容", "What")), list(words), format_func=lambda code: say(words[code]), key="register_what", width=280
        )
        whole = what in (GOALS, PLAN) and st.toggle(say(Text("全县", "The whole county")), True, key="register_county")
    place = view.county if what == LIMITS or whole else unit
    key = f"register_{place}_{what}_{view.period}_{view.data_version}_{language()}"
    if what == GOALS:
        _goals(view, place, key)
    elif what == PLAN:
        _plan(view, place, key)
    else:
        _values(view, unit, what, catalogue.data_set["burden" if what == LIMITS else what], key)


def _goals(view: View, place: str, key: str) -> None:
    catalogue, year = house().catalogue, view.period.year
    standing = ask(view, "targets_by_indicator", year=year)
    before = registering.goals_grid(catalogue, standing, place)
    shown = before.assign(indicator=[say(catalogue.indicator[id].label) for id in before["indicator"]])
    titles = {"indicator": Text("指标", "Indicator"), "basic": Text("基本目标", "Basic goal"), "highest": Text("最高目标", "Highest goal"),
              "deadline": Text("截止日期", "Deadline")}  # fmt: skip
    after = _edited(shown, titles, "indicator", key).assign(indicator=before["indicator"])
    goals, changes, mistakes = registering.goals_changed(before, after, catalogue, place, year)
    _offer(view, changes, mistakes, key, lambda: _record([], goals, SOURCE))


def _plan(view: View, place: str, key: str) -> None:
    """The planned days of the milestones: the county's, or a unit's own where they differ."""
    catalogue = house().catalogue
    form = catalogue.data_set["law_enforcement"]
    standing = ask(view, "targets_by_indicator", year=catalogue.settings.action_start.year)
    before = registering.plan_grid(catalogue, standing, place)
    shown = before.assign(indicator=[say(form.by_code[code].label) for code in before["indicator"]])
    titles = {"indicator": Text("改革节点", "Milestone"), "deadline": Text("计划日期(如 2022-06-30)", "Planned day (2022-06-30)")}
    after = _edited(shown, titles, "indicator", key).assign(indicator=before["indicator"])
    goals, changes, mistakes = registering.plan_changed(before, after, catalogue, place)
    _offer(view, changes, mistakes, key, lambda: _record([], goals, SOURCE))


def _values(view: View, unit: str, what: str, data_set: DataSet, key: str) -> None:
    home = house()
    history = home.store.history(unit, view.period)
    if what == LIMITS:
        before = registering.limits_grid(view.county, history)
        titles = dict(registers.BURDEN_CATALOGUE)
    else:
        before = registering.grid(home.catalogue, history, data_set, home.store.closings(unit))
        titles = {element.code: element.label for element in registering.elements(data_set)}
        titles[registering.CLOSED_MONTH] = registering.CLOSED_LABEL
        if any(is_of_a_year(code) for code in titles):
            words = Text("上年收入是 {year} 年的比较基数。", "Last year's income is the base of {year}.")
            st.caption(say(words.fill(year=view.period.year)))
    shown = before.assign(org_unit=[say(name(code)) for code in before["org_unit"]])
    after = _edited(shown, {"org_unit": Text("名称", "Place"), **titles}, "org_unit", key).assign(org_unit=before["org_unit"])
    rows, changes, mistakes = registering.values_changed(before, after, data_set, view.period)
    _offer(view, changes, mistakes, key, lambda: _record(rows, [], SOURCE))


SOURCE = "页面录入 / typed in"


def _edited(shown: pd.DataFrame, titles: dict[str, Text], fixed: str, key: str) -> pd.DataFrame:
    config = {code: say(words) for code, words in titles.items() if code in shown.columns}
    return st.data_editor(shown, column_config=config, disabled=[fixed], hide_index=True, key=key, placeholder="—", width="stretch",
                          height=min(420, 38 + 35 * len(shown)))  # fmt: skip


def _offer(
    view: View, changes: Sequence[registering.Change], mistakes: Sequence[Text], key: str, record: Callable[[], None]
) -> None:  # fmt: skip
    """What the edited grid changes, its mistakes, and the button."""
    for mistake in mistakes:
        st.error(say(mistake), icon=":material/error:")
    if not changes:
        st.caption(
            say(
                Text(
                    "直接在表中改;改了什么会列在下面,确认后才登记。",
                    "Edit the cells; what changes is listed below before it is recorded.",
                )
            )
        )
        return
    frame = pd.DataFrame([
        {"place": name(one.place), "what": one.what, "before": _plain(one.before), "after": _plain(one.after)} for one in changes
    ])  # fmt: skip
    table(
        frame,
        CHANGES,
        key="register_changes",
        view=view,
        title=Text("将改动 {n} 个值", "{n:value|values} will change").fill(n=len(changes)),
    )
    st.button(
        say(Text("登记", "Record")),
        type="primary",
        icon=":material/save:",
        key=f"go_{key}",
        disabled=bool(mistakes),
        on_click=record,
    )


def _plain(value: object) -> str:
    return "—" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def upload() -> None:
    """Bring in registers, baselines and closed villages from a workbook: every mistake at once, or all rows recorded."""
    st.markdown(f"**{say(Text('用工作簿导入', 'Import a workbook'))}**")
    st.caption(say(Text(
        "目标、上年收入、清化收基数、应覆盖数、网格数、赋权事项、证明目录、已销号村。目标表(指标、单位代码、年度、基本目标、最高目标、截止日期)、“指标”也可写改革节点,截止日期即计划日期。长表(数据集、指标项、单位代码、值,销号、上年收入和赋权事项可加“起始月”,赋权事项可加“依据”)或以表名命名的宽表,.xlsx 或 .csv。",
        "Goals, last year's income, baselines, what is due, grids, items assigned, catalogues, closed villages. A goal sheet (indicator, org_unit, year, basic, highest, deadline), a long sheet (data_set, element, "
        "org_unit, value; since for closings, last year's income and items assigned, reason for the latter) or wide sheets named by their form; .xlsx or .csv.")))  # fmt: skip
    given = st.file_uploader(say(Text("上传名录工作簿", "Upload a register workbook")), key=f"registers_{language()}")
    if language() == "zh":
        st.html(CHINESE, unsafe_allow_javascript=True)
    if given is None:
        return
    try:
        rows, goals = registers.read(given.getvalue(), house().catalogue, given.name)
    except registers.RegisterError as error:
        st.error(
            say(
                Text("名录不能导入:{n} 处错误,未改动任何数据", "Not taken: {n:mistake|mistakes}, nothing was changed").fill(
                    n=len(error.mistakes)
                )
            )
        )
        st.markdown("\n".join(f"- {say(mistake)}" for mistake in error.mistakes[:50]))
        return
    st.info(
        say(
            Text("读到 {n} 个值,确认后登记。", "{n:value was|values were} read; confirm to record.").fill(
                n=len(rows) + len(goals)
            )
        ),
        icon=":material/fact_check:",
    )
    st.button(
        say(Text("登记这些值", "Record these values")),
        type="primary",
        key="registers_go",
        on_click=_record,
        args=(rows, goals, given.name),
    )


def _record(rows: Sequence[registers.RegisterRow], goals: Sequence[Target], source: str) -> None:
    """All of it in one transaction. Who may is asked again."""
    allowed = access.may(actor(), access.REGISTER)
    if not allowed.allowed:
        st.session_state[SAID] = (False, allowed.reason)
        return
    changed = house().store.register(rows, goals, actor=actor().name, source=source)
    words = Text("已登记,{n} 个值有变化。", "Recorded; {n:value|values} changed.").fill(n=changed)
    st.session_state[SAID] = (True, words)
