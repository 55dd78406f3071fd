"""The filters of a page and what they give: a `View`. What is picked stands in the link as codes, and holds from page to page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import streamlit as st

from townboard import access
from townboard.catalogue import Catalogue
from townboard.periods import Period
from townboard.shell import crumbs, modes, moments, standing
from townboard.shell.url_state import BASES, KEYS, WORDS, Choice, is_whole, moment_of, read, strange
from townboard.shell.view import BASIS_WORDS, LOOK_KEY, View, as_of_line, coverage_line
from townboard.shell.visit import actor, house, language, local_time, say, store_folder
from townboard.text import Text

CHOICE_KEY = "townboard_choice"
"""Session key: the Choice that holds from page to page."""
_NOT_FOLLOWED = Text(
    "链接里的{what}不存在,或不在您可查看的范围内,没有采用;下面按默认显示。",
    "The link's {what} does not exist or is outside what you may see; it was not followed, the default is shown.",
)
_NO_UNITS = Text(
    "所选县(区)没有链接里的{what},没有采用;下面按默认显示。",
    "The county picked does not have the link's {what}; it was not followed, the default is shown.",
)
_EARLIER = Text(
    "**历史时点**:按 {at} 时的数据显示,以后的报送、审核和更正都不计入。", "**An earlier moment**: figures as they stood at {at}; later reports, reviews and corrections are left out."
)  # fmt: skip


def _counties() -> list[str]:
    catalogue = house().catalogue
    own = catalogue.settings.county
    others = [unit.code for unit in catalogue.org_units if unit.level == "county" and unit.code != own]
    return [code for code in (own, *others) if access.scope(actor(), catalogue, code)]


def put(**codes: str | None) -> None:
    """Pick codes: they stand in the link and in the visit before the next run reads them; None takes a code out.

    Another county or unit takes out what was picked inside the former one.
    """
    if "county" in codes:
        codes = {"unit": None, **codes}
    if "unit" in codes:
        codes = {"village": None, **codes}
    kept: Choice = st.session_state.get(CHOICE_KEY, Choice())
    picked = {**kept.written(), **codes}
    st.session_state[CHOICE_KEY] = Choice(**{key: value for key, value in picked.items() if value})  # type: ignore[arg-type]
    _write({key: codes.get(key, st.query_params.get(key)) for key in (*st.query_params, *codes)})


def _write(codes: Mapping[str, str | None]) -> None:
    """The link's parameters, all at once: each change is a step of the browser's back button."""
    wanted = {key: value for key, value in codes.items() if value}
    if wanted != dict(st.query_params):
        st.query_params.from_dict(wanted)


def _remember(key: str) -> None:
    """A filter was changed."""
    put(**{key: st.session_state[f"townboard_{key}"] or None})


def _pick(key: str, label: Text, chosen: str, words: dict[str, str], width: int) -> None:
    """One filter: a select box whose state is set from the link before it is drawn. `words`: code → what is read."""
    st.session_state[f"townboard_{key}"] = chosen
    st.selectbox(
        say(label), list(words), format_func=words.__getitem__, key=f"townboard_{key}", on_change=_remember, args=(key,),
        width=width, filter_mode=None,
    )  # fmt: skip


def _pick_basis(chosen: str) -> None:
    st.session_state["townboard_basis"] = chosen
    words = {code: say(label) for code, label in BASIS_WORDS.items()}
    st.segmented_control(
        say(Text("数据口径", "Figures")), BASES, format_func=words.__getitem__, required=True, key="townboard_basis",
        on_change=_remember, args=("basis",),
    )  # fmt: skip


def _followed(
    counties: Sequence[str], units: Sequence[str], with_villages: bool, with_moment: bool
) -> tuple[Choice, list[tuple[str, str]]]:
    """What the link asks for, its gaps filled from the visit unless it says everything; and what of it is not followed. A page that
    looks at no village passes over one; villages are those of the moment asked for."""
    link = dict(st.query_params)
    if not with_villages:
        link.pop("village", None)
    kept: Choice = Choice() if is_whole(link) else st.session_state.get(CHOICE_KEY, Choice())
    catalogue = house().store.catalogue_at(_moment(read(link, counties, units).over(kept).as_of) if with_moment else None)
    below = {
        place.code: unit for unit in units for level in ("village", "community") for place in catalogue.children(unit, level)
    }
    asked = read(link, counties, units, below)
    return asked.over(kept), strange(link, asked)


def _moment(written: str | None) -> datetime | None:
    """A link's moment, if it has one."""
    return moment_of(written, house().catalogue.settings.clock_offset_hours) if written else None


def view(
    *, unit_filter: bool = True, period_filter: bool = True, basis_filter: bool = True, one_unit: bool = False,
    village_filter: bool = False, band_filter: bool = False,
) -> View:  # fmt: skip
    """Draw where one is, the filters, and the line that says who is in the figures; give what they say. Reads and writes the link.

    `basis_filter`: figures may be chosen by approval and moment; without it the page is about now. `one_unit`: the page is about one unit; without a choice it is the first one that reported. `village_filter`: one of its villages
    or communities may be picked too. `band_filter`: a click may pick an income band.
    """
    crumbs.travel()
    home, who = house(), actor()
    counties = _counties()
    all_units = [unit for county in counties for unit in access.scope(who, home.catalogue, county)]
    choice, missed = _followed(counties, all_units, village_filter, basis_filter)
    county = choice.county if choice.county in counties else (counties[0] if counties else home.catalogue.settings.county)
    if choice.unit and "county" not in st.query_params and choice.unit in all_units:
        county = home.catalogue.org_unit[choice.unit].parent
    as_of = _moment(choice.as_of) if basis_filter else None
    listed = home.store.catalogue_at(as_of)
    there_then = {one.code for one in listed.units(county)}
    scope = tuple(code for code in access.scope(who, home.catalogue, county) if code in there_then)
    version, start = home.store.data_version(), home.catalogue.settings.action_start
    newest = standing.standings(str(store_folder()), version, scope)
    periods = standing.months(newest, start)
    period = Period.parse(choice.period) if choice.period in {str(p) for p in periods} else standing.latest(newest, start)
    unit = choice.unit if choice.unit in scope else None
    unfit = [(key, code) for key, code, now in (("period", choice.period, str(period)), ("unit", choice.unit, unit))
             if code and code != now and code == st.query_params.get(key)]  # fmt: skip
    if len(scope) == 1 and unit_filter:
        unit = scope[0]
    only_approved = access.approved_only(who)
    basis = "approved" if only_approved else choice.basis or "preliminary"
    found = newest if as_of is None else standing.standings(str(store_folder()), version, scope, as_of)
    if one_unit and unit is None and scope:
        there = standing.of_month(found, period, basis, scope)
        unit = next(iter(there), scope[0])
    village = choice.village if village_filter and unit and choice.village else None
    if village and listed.org_unit[village].parent != unit:
        village = None
    choice = replace(choice, village=village, band=choice.band if band_filter else None)

    about = home.store.data_version(period) if basis_filter else version
    around = _look(choice, county, period, None, scope, basis, as_of, found, about)
    looked = around
    if unit and unit_filter:
        looked = _look(
            choice,
            county,
            period,
            unit,
            (unit,),
            basis,
            as_of,
            found,
            about,
            replace(around, picked=unit) if len(scope) > 1 else None,
        )
    crumbs.show(looked, put)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="townboard_filters"):
        if len(counties) > 1:
            _pick("county", Text("县(区)", "County"), county, {code: say(looked.name(code)) for code in counties}, 150)
        if period_filter:
            _pick("period", Text("报告期", "Month"), str(period), {str(one): say(one.label) for one in periods}, 160)
        if unit_filter:
            everyone = {} if one_unit or len(scope) == 1 else {"": say(Text("全部单位", "All units"))}
            _pick("unit", Text("单位", "Unit"), unit or "", {**everyone, **{code: say(looked.name(code)) for code in scope}}, 170)
        if village_filter and unit:
            _pick("village", Text("村(社区)", "Village or community"), village or "", _places(unit, listed), 190)
        if basis_filter and not only_approved:
            _pick_basis(basis)
        if basis_filter:
            moments.pick(choice.as_of, county, periods, put)
    kept = Choice(county, str(period), choice.unit if one_unit else unit, basis, language(), village, choice.band,
                  choice.as_of if basis_filter else None)  # fmt: skip
    st.session_state[CHOICE_KEY] = Choice(kept.county, kept.period, kept.unit, kept.basis, kept.lang, as_of=choice.as_of)
    passed_over = (
        "" if band_filter else "band"
    )  # left in the link: a rewriting on arrival would be one more step of the back button
    _write({**{key: value for key, value in st.query_params.items() if key not in KEYS or key == passed_over}, **kept.written()})
    _say(looked, missed, unfit)
    st.session_state[LOOK_KEY] = looked
    return looked


def _places(unit: str, catalogue: Catalogue) -> dict[str, str]:
    """Code → name of a unit's villages and communities, after "all"."""
    below = (*catalogue.children(unit, "village"), *catalogue.children(unit, "community"))
    return {"": say(Text("全部", "All")), **{place.code: say(place.label) for place in below}}


def _look(
    choice: Choice, county: str, period: Period, unit: str | None, units: tuple[str, ...], basis: str, as_of: datetime | None,
    found: Sequence[standing.Standing], about: int, around: View | None = None,
) -> View:  # fmt: skip
    """The view of some units: who owes, who reported, what is not approved or lacks forms. `about`: the version of the data it shows."""
    home, month = house(), str(period)
    listed = home.store.catalogue_at(as_of)
    version, store = home.store.data_version(), str(store_folder())
    there = standing.of_month(found, period, basis, units)
    sent = standing.of_month(found, period, "preliminary", units)
    odd = standing.unusual(store, version, access.scope(actor(), home.catalogue, county), as_of)
    exempt = tuple(code for code in units if (code, month) in odd.exempt)
    due = {code: [form.code for form in listed.figures_due(code, period)] for code in there}
    partial = ((code, tuple(form for form in due[code] if form not in one.forms)) for code, one in there.items())
    return View(
        county=county, period=period, unit=unit, basis=basis, as_of=as_of, language=language(), data_version=about, store=store,
        units=tuple(units),
        expected=tuple(one.code for one in listed.expected_units(county, period) if one.code in units and one.code not in exempt),
        exempt=exempt, returned=tuple(code for code in units if (code, month) in odd.returned),
        waiting=tuple(code for code in sent if code not in there),
        partial=tuple((code, forms) for code, forms in partial if forms),
        reported=tuple(there), unapproved=tuple(code for code, one in there.items() if not one.approved),
        last_sent=max((one.sent for one in there.values()), default=None), village=choice.village if unit else None,
        band=choice.band, around=around,
        before=max((one.sent for one in found if one.basis == basis and one.unit in units and one.period < month), default=None),
    )  # fmt: skip


def _say(view: View, missed: Sequence[tuple[str, str]], unfit: Sequence[tuple[str, str]]) -> None:
    """What of the link was not followed; the moment if it is an earlier one; who is in the figures — always, and louder when
    something is missing or not yet approved."""
    for words, codes in ((_NOT_FOLLOWED, missed), (_NO_UNITS, unfit)):
        for key, _ in codes:
            st.warning(say(words.fill(what=WORDS[key])), icon=":material/link_off:")
    if view.as_of is not None:
        st.info(say(_EARLIER.fill(at=local_time(view.as_of))), icon=":material/history:")
        moments.say_places(view.county, view.as_of)
    partial = bool(view.missing or view.unapproved or view.partial)
    icon = ":material/pending:" if partial else ":material/task_alt:"
    st.caption(f"{icon} {say(coverage_line(view))} · {say(as_of_line(view))}")
    modes.heads(
        view.name(view.unit or view.county), view.period.label, BASIS_WORDS[view.basis], coverage_line(view), as_of_line(view)
    )
