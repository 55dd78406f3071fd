"""What is being looked at: county, month, unit, preliminary or approved. Filters on the page, codes in the link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from townboard import access
from townboard.periods import Period
from townboard.shell import standing
from townboard.shell.url_state import BASES, Choice, read
from townboard.shell.visit import actor, house, language, local_time, say, store_folder
from townboard.text import Language, Text, same

CHOICE_KEY = "townboard_choice"
"""Session key: the Choice that holds from page to page."""
BASIS_WORDS = {"preliminary": Text("含未审核", "Preliminary"), "approved": Text("仅已审核", "Approved only")}


@dataclass(frozen=True, slots=True)
class View:
    """One look at the figures. `units` are the units in scope and filter, in official order; `expected` those that owe the
    month's workbook (who is `exempt` does not), `reported` those whose figures stand on this basis, `unapproved` those of them not yet
    approved, `partial` those of them that lack forms, with the forms, `returned` those whose workbook was sent back: it counts nowhere.
    """

    county: str
    period: Period
    unit: str | None
    units: tuple[str, ...]
    basis: str
    as_of: datetime | None
    language: Language
    data_version: int
    store: str
    expected: tuple[str, ...]
    reported: tuple[str, ...]
    unapproved: tuple[str, ...]
    last_sent: datetime | None
    returned: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()
    partial: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The units whose workbook of the month is due and not there, in official order."""
        return tuple(unit for unit in self.expected if unit not in self.reported)


def name(code: str) -> Text:
    """A place's name in both languages."""
    return house().catalogue.org_unit[code].label


def coverage_line(view: View) -> Text:
    """「8/10 个单位已报;部分报送:西谷乡(缺清化收);退回修改、不计入:孟封镇;未报:清源镇;含 2 个单位未审核数据」 — who is in the figures, who not."""
    came = [unit for unit in view.expected if unit in view.reported]
    said = Text("{n}/{of} 个单位已报", "{n} of {of} units reported").fill(n=len(came), of=len(view.expected))
    if not view.expected:
        said = Text("本月无应报单位", "No report is due this month")
    absent = Text(";未报:{names}", "; not reported: {names}")
    if view.basis == "approved":
        absent = Text(";未报或未审核:{names}", "; not reported or not approved: {names}")
    parts = [
        (Text(";部分报送:{names}", "; partial: {names}"), [lacking(unit, forms) for unit, forms in view.partial]),
        (Text(";退回修改、未计入:{names}", "; returned and not counted: {names}"), [name(unit) for unit in view.missing if unit in view.returned]),
        (absent, [name(unit) for unit in view.missing if unit not in view.returned]),
        (Text(";免报:{names}", "; exempt: {names}"), [name(unit) for unit in view.exempt]),
    ]  # fmt: skip
    if view.unapproved:
        parts.append((Text(";含 {n} 个单位未审核数据", "; {n} not yet approved").fill(n=len(view.unapproved)), [same("")]))
    for words, names in parts:
        if names:
            listed = Text("、".join(one.zh for one in names), ", ".join(one.en for one in names))
            said = Text(said.zh + words.fill(names=listed).zh, said.en + words.fill(names=listed).en)
    return said


def lacking(unit: str, forms: Sequence[str]) -> Text:
    """`西谷乡(缺清化收、三资平台)`: a unit and the forms its report lacks."""
    labels = [house().catalogue.data_set[form].label for form in forms]
    return Text("{unit}(缺{forms})", "{unit} (without {forms})").fill(
        unit=name(unit), forms=Text("、".join(one.zh for one in labels), ", ".join(one.en for one in labels))
    )


def as_of_line(view: View) -> Text:
    """「数据截至 2022-11-02 17:20」: when the latest workbook in these figures was sent."""
    if view.as_of is not None:
        return Text("数据截至 {at}", "Data as of {at}").fill(at=local_time(view.as_of))
    if view.last_sent is None:
        return Text("尚无数据", "No data yet")
    return Text("数据截至 {at}", "Data as of {at}").fill(at=local_time(view.last_sent))


def _counties() -> list[str]:
    catalogue = house().catalogue
    own = catalogue.settings.county
    others = [unit.code for unit in catalogue.org_units if unit.level == "county" and unit.code != own]
    return [code for code in (own, *others) if access.scope(actor(), catalogue, code)]


def _remember(key: str) -> None:
    """A filter was changed: put its code where the next run finds it, in the link and in the visit."""
    value = st.session_state[f"townboard_{key}"]
    kept: Choice = st.session_state.get(CHOICE_KEY, Choice())
    picked = {**kept.written(), key: value or ""}
    if key == "county":
        picked.pop("unit", None)
        st.query_params.pop("unit", None)
    st.session_state[CHOICE_KEY] = Choice(**{k: v for k, v in picked.items() if v})  # type: ignore[arg-type]
    if value:
        st.query_params[key] = value
    else:
        st.query_params.pop(key, None)


def _pick(key: str, label: Text, chosen: str, words: dict[str, str], width: int) -> None:
    """One filter: a select box whose state is set from the link before it is drawn. `words`: code → what is read."""
    st.session_state[f"townboard_{key}"] = chosen
    st.selectbox(
        say(label), list(words), format_func=words.__getitem__, key=f"townboard_{key}", on_change=_remember, args=(key,),
        width=width, filter_mode=None,
    )  # fmt: skip


def _pick_basis(chosen: str) -> None:
    """Preliminary or approved only."""
    st.session_state["townboard_basis"] = chosen
    words = {code: say(label) for code, label in BASIS_WORDS.items()}
    st.segmented_control(
        say(Text("数据口径", "Figures")), BASES, format_func=words.__getitem__, required=True, key="townboard_basis",
        on_change=_remember, args=("basis",),
    )  # fmt: skip


def view(
    *, unit_filter: bool = True, period_filter: bool = True, basis_filter: bool = True, one_unit: bool = False
) -> View:  # fmt: skip
    """Draw the filters and the line that says who is in the figures; give what they say. Reads and writes the link.

    `one_unit`: the page is about one unit; without a choice it is the first one that reported.
    """
    home, spoken, who = house(), language(), actor()
    counties = _counties()
    all_units = [unit for county in counties for unit in access.scope(who, home.catalogue, county)]
    choice = read(st.query_params, counties, all_units).over(st.session_state.get(CHOICE_KEY, Choice()))
    county = choice.county if choice.county in counties else (counties[0] if counties else home.catalogue.settings.county)
    scope = access.scope(who, home.catalogue, county)
    version = home.store.data_version()
    start = home.catalogue.settings.action_start
    found = standing.standings(str(store_folder()), version, scope)
    periods = standing.months(found, start)
    period = Period.parse(choice.period) if choice.period in {str(p) for p in periods} else standing.latest(found, start)
    unit = choice.unit if choice.unit in scope else None
    if len(scope) == 1 and unit_filter:
        unit = scope[0]
    only_approved = access.approved_only(who)
    basis = "approved" if only_approved else choice.basis or "preliminary"
    if one_unit and unit is None and scope:
        there = standing.of_month(found, period, basis, scope)
        unit = next(iter(there), scope[0])

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="townboard_filters"):
        if len(counties) > 1:
            _pick("county", Text("县(区)", "County"), county, {code: say(name(code)) for code in counties}, 150)
        if period_filter:
            _pick("period", Text("报告期", "Month"), str(period), {str(one): say(one.label) for one in periods}, 160)
        if unit_filter:
            everyone = {} if one_unit or len(scope) == 1 else {"": say(Text("全部单位", "All units"))}
            _pick("unit", Text("单位", "Unit"), unit or "", {**everyone, **{code: say(name(code)) for code in scope}}, 190)
        if basis_filter and not only_approved:
            _pick_basis(basis)

    units = (unit,) if unit and unit_filter else tuple(scope)
    there = standing.of_month(found, period, basis, units)
    odd, month = standing.unusual(str(store_folder()), version, scope), str(period)
    exempt = tuple(code for code in units if (code, month) in odd.exempt)
    due = {code: [form.code for form in home.catalogue.figures_due(code, period)] for code in there}
    partial = ((code, tuple(form for form in due[code] if form not in one.forms)) for code, one in there.items())
    look = View(
        county=county, period=period, unit=unit if unit_filter else None, basis=basis, as_of=None, language=spoken,
        data_version=version, store=str(store_folder()), units=units,
        expected=tuple(one.code for one in home.catalogue.expected_units(county, period) if one.code in units and one.code not in exempt),
        exempt=exempt, returned=tuple(code for code in units if (code, month) in odd.returned),
        partial=tuple((code, forms) for code, forms in partial if forms),
        reported=tuple(there), unapproved=tuple(code for code, one in there.items() if not one.approved),
        last_sent=max((one.sent for one in there.values()), default=None),
    )  # fmt: skip
    kept = Choice(county, str(period), choice.unit if one_unit else unit, basis, spoken)
    st.session_state[CHOICE_KEY] = kept
    if kept.written() != {key: st.query_params.get(key) for key in kept.written()}:
        st.query_params.update(kept.written())
    _coverage(look)
    return look


def same_units(view: View, period: Period) -> tuple[str, ...]:
    """The units looked at that reported both the view's month and another one: what two months may be compared on."""
    found = standing.standings(view.store, view.data_version, view.units)
    other = standing.of_month(found, period, view.basis, view.units)
    return tuple(unit for unit in view.reported if unit in other)


def _coverage(view: View) -> None:
    """The sentence under the filters: always there, and louder when something is missing or not yet approved."""
    partial = bool(view.missing or view.unapproved or view.partial)
    icon = ":material/pending:" if partial else ":material/task_alt:"
    st.caption(f"{icon} {say(coverage_line(view))} · {say(as_of_line(view))}")
