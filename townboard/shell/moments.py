"""Earlier moments that any page can be looked at as of: month deadlines, meetings whose pack was frozen, or any date and time; and what
the list of places has become since."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from townboard.deadlines import due_at
from townboard.periods import Period
from townboard.shell.once import for_all
from townboard.shell.url_state import moment_code, moment_of
from townboard.shell.visit import house, local_time, say
from townboard.store.audit import meetings
from townboard.text import NOTHING, Text, listed, masked, same

NEWEST, OTHER = "", "other"
_KEY, _TYPED = "townboard_as_of", "townboard_as_of_typed"
_MOST = 12
"""Deadlines offered, newest first."""
_PLACES = Text(
    "**此后单位和村名单有变动**:{changes}。本页按当时的名单计算,应计的村和单位与现在不同。",
    "**The list of places has changed since**: {changes}. This page goes by the list of that moment: what counts is not what counts now.",
)
_PLACES_UNDATED = Text(
    "**此后单位和村名单有过变动**:{changes}。当时系统还没有保存历次名单,本页按变动后的名单计算,应计的村和单位与当时不同。",
    "**The list of places has changed since**: {changes}. Former lists were not kept yet, so this page goes by the list after these "
    "changes: what counts is not what counted then.",
)
MOST_NAMED = 12
"""Changes of the list that are named one by one."""
Put = Callable[..., None]


def named(county: str, periods: Sequence[Period], now: datetime) -> dict[str, Text]:
    """Code of a moment → what it was: meetings whose pack was frozen, newest first, then the deadlines of months, newest first."""
    settings = house().catalogue.settings
    found: dict[str, Text] = {}
    store = house().store
    for at, meeting in _meetings(store.folder, store.writes, county):
        found[moment_code(at, settings.clock_offset_hours)] = Text("{name}({at})", "{name} ({at})").fill(
            name=same(masked(meeting)), at=local_time(at))  # fmt: skip
    for period in periods[:_MOST]:
        due = due_at(period, settings)
        if due <= now:
            words = Text("{p}报送截止({at})", "Deadline of {p} ({at})")
            found.setdefault(moment_code(due, settings.clock_offset_hours), words.fill(p=period.label, at=local_time(due)))
    return found


@for_all(64)
def _meetings(store: Path, writes: int, county: str) -> list[tuple[datetime, str]]:
    return meetings(house().store.rows, county)


def pick(chosen: str | None, county: str, periods: Sequence[Period], put: Put) -> None:
    """The control among the filters: now, a named moment, or a date and time. `chosen` and what is put are codes of the link."""
    clock = house().catalogue.settings.clock_offset_hours
    now = datetime.now(UTC).replace(tzinfo=None)
    words = {NEWEST: Text("最新数据", "Newest"), **named(county, periods, now), OTHER: Text("其他时点…", "Another moment…")}
    if chosen and chosen not in words:
        words = {NEWEST: words[NEWEST], chosen: same(local_time(moment_of(chosen, clock))), **words}
    labels = {code: say(text) for code, text in words.items()}
    typing = st.session_state.get(_KEY) == OTHER
    if not typing:
        st.session_state[_KEY] = chosen or NEWEST

    def picked() -> None:
        if st.session_state[_KEY] != OTHER:
            put(as_of=st.session_state[_KEY] or None)

    def typed() -> None:
        at: datetime | None = st.session_state[_TYPED]
        st.session_state[_KEY] = NEWEST
        if at is not None:
            put(as_of=at.strftime("%Y-%m-%dT%H:%M"))

    st.selectbox(
        say(Text("时点", "As of")), list(labels), format_func=labels.__getitem__, key=_KEY, on_change=picked, width=190,
        filter_mode=None, help=say(Text("按以前某一时刻的数据显示,如某次调度会时。", "Show the figures as they stood earlier, for instance at a meeting.")),
    )  # fmt: skip
    if typing:
        st.datetime_input(
            say(Text("日期和时间", "Date and time")), value=None, key=_TYPED, on_change=typed, width=220, format="YYYY-MM-DD", step=900,
        )  # fmt: skip


def say_places(county: str, at: datetime) -> None:
    """What the list of places has gained or lost since, and which list counts: the one of then, where it was kept."""
    changed = house().store.places_changed(county, at)
    for words, box, own in (
        (_PLACES, st.info, [one.words for one in changed if one.dated]),
        (_PLACES_UNDATED, st.warning, [one.words for one in changed if not one.dated]),
    ):
        if own:
            more = Text(f"等{len(own)}处", f" and others, {len(own)} in all") if len(own) > MOST_NAMED else NOTHING
            changes = listed(own[:MOST_NAMED])
            box(say(words.fill(changes=Text(changes.zh + more.zh, changes.en + more.en))), icon=":material/edit_location:")
