"""The frame around what is shown: headings that state the finding, charts with their table and downloads, tiles, the banner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from townboard import downloads
from townboard.charts import board_html, kit
from townboard.charts.board import Board
from townboard.punctuation import held
from townboard.shell import drilling, grids, modes, taking
from townboard.shell.view import View, as_of_line
from townboard.shell.visit import house, language, local_time, say
from townboard.text import Text

OWN_REPORTS = Text("各单位月报", "units' monthly workbooks")
_OVERDUE = Text(
    "已超过 {hours} 小时没有做成数据备份,最近一次是 {last}。请系统管理员检查备份任务。",
    "No backup has succeeded for more than {hours:hour|hours}; the last one was made {last}. The administrator should look at the backup job.",
)
_NEVER = Text(
    "数据库启用已超过 {hours} 小时,还没有做过备份。请系统管理员安排每日备份。",
    "The store is more than {hours:hour|hours} old and was never backed up. The administrator should set up the nightly backup.",
)
_DOWNLOAD = Text("表格和下载", "Table and downloads")


def banner() -> None:
    """The line that says the figures are invented, wherever they are; over real figures, that their backup is overdue."""
    if house().invented:
        st.markdown(f":orange-badge[:material/science: {downloads.BANNER}]")
    elif house().store.keeper.overdue():
        last = house().store.keeper.last
        hours = house().catalogue.settings.backup_warn_hours
        words = _OVERDUE.fill(hours=hours, last=local_time(last)) if last else _NEVER.fill(hours=hours)
        st.warning(say(words), icon=":material/backup:")


def heading(title: Text, lead: Text | None = None) -> None:
    """A page's title and one sentence under it."""
    st.title(say(title), anchor=False)
    if lead is not None:
        st.markdown(say(lead))


def tile(
    label: Text, value: str, *, status: str = "", detail: Text | None = None, note: Text | None = None, key: str | None = None,
    incomplete: Text | None = None, finding: Text | None = None, meaning: str = "",
) -> None:  # fmt: skip
    """A number to read across the room. `status` is a reading's status: shown as word and icon, never as colour alone.

    `incomplete` marks a number that some units are missing from: `8/10 个单位`; `finding`: what the number says, in a sentence;
    `meaning`: what it is, as markdown behind a question mark.
    """
    with st.container(border=True, key=key, height="stretch", gap="xsmall"):
        st.metric(say(label), value, help=meaning or None)
        marks = [kit.status_markdown(status, language())] if status else []
        if incomplete is not None:
            marks.append(f":gray-badge[:material/pending: {say(incomplete)}]")
        if marks:
            st.markdown(" ".join(marks))
        if finding is not None:
            st.markdown(f"**{held(say(finding))}**")
        if detail is not None:
            st.markdown(held(say(detail)))
        if note is not None:
            st.caption(held(say(note)))


@contextmanager
def _block(key: str, title: Text, note: Text | None) -> Iterator[None]:
    """The frame of one finding: the sentence, a line on how to read it, then what proves it."""
    with st.container(border=True, key=f"block_{key}", height="stretch"):
        st.markdown(f"##### {held(say(title))}")
        if note is not None:
            st.caption(say(note))
        yield


def _foot(
    frame: pd.DataFrame, columns: Sequence[downloads.Column], title: Text, source: Text, key: str, view: View,
    figure: Mapping[str, Any] | Board | None = None, note: Text | None = None, hint: Text | None = None,
) -> None:  # fmt: skip
    """Source and as-of time, what a click does; below, folded until asked for, the same numbers as a table, and the downloads: the table's
    and the chart as a picture."""
    said = say(Text("来源:{source} · {at}", "Source: {source} · {at}").fill(source=source, at=as_of_line(view)))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"foot_{key}"):
        st.caption(said if hint is None else f"{said} · :material/touch_app: {say(hint)}", width="content")
    if modes.is_wall():
        return
    folded = st.expander(say(_DOWNLOAD), icon=":material/table_view:", key=f"table_of_{key}", on_change="rerun", type="compact")
    if folded.open:
        with folded:
            grids.grid(frame, columns, key)
            _take_away(frame, columns, title, source, key, view)
            drawable = bool(figure.rows) if isinstance(figure, Board) else bool(figure and figure.get("data"))
            if figure is not None and drawable:
                taking.pictures(figure, columns, title, source, key, view, note)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A chart (or a board) with all that stands around it, ready to be shown: what `drawn` keeps. `alt`: the title, if not given.
    `wide`: it was made for `View.wide`: its rows are all units, the picked one is marked."""

    key: str
    title: Text
    figure: Mapping[str, Any] | Board
    source: Text
    table: pd.DataFrame
    columns: Sequence[downloads.Column]
    note: Text | None = None
    alt: Text | None = None
    wide: bool = False


def show(exhibit: Exhibit, view: View) -> None:
    """Draw an exhibit (see `chart` and `board`)."""
    view = view.wide if exhibit.wide else view
    exhibit = replace(exhibit, title=scoped(exhibit.title, view))
    if isinstance(exhibit.figure, Board):
        board(
            exhibit.figure, key=exhibit.key, title=exhibit.title, source=exhibit.source, table=exhibit.table,
            columns=exhibit.columns, view=view, note=exhibit.note,
        )  # fmt: skip
        return
    chart(
        exhibit.figure, key=exhibit.key, title=exhibit.title, source=exhibit.source, alt=exhibit.alt or exhibit.title,
        table=exhibit.table, columns=exhibit.columns, view=view, note=exhibit.note,
    )  # fmt: skip


def scoped(title: Text, view: View) -> Text:
    """`清徐县:现金增收 920.13 万元`: a finding of the whole county beside those of the unit picked says whose it is."""
    if view.picked is None:
        return title
    return Text("{county}:{said}", "{county}: {en}").fill(county=view.name(view.county), said=title.zh, en=title.en)


def chart(
    figure: Mapping[str, Any], *, key: str, title: Text, source: Text, alt: Text, table: pd.DataFrame,
    columns: Sequence[downloads.Column], view: View, note: Text | None = None,
) -> None:  # fmt: skip
    """A chart under the sentence it proves, with its source, the same numbers as a table, and downloads of both kinds.

    `figure` is a plain Plotly dict; one without data is drawn as a statement. `table` holds what is drawn, `columns` say how.
    """
    with _block(key, title, note):
        hint = None
        if figure.get("data"):
            figure, hint = drilling.plotted(figure, key, alt, view)
        else:
            st.info(say(Text("没有可画的数据。", "There is nothing to draw.")), icon=":material/hide_source:")
        _foot(table, columns, title, source, key, view, figure, note, hint)


def board(
    made: Board, *, key: str, title: Text, source: Text, table: pd.DataFrame, columns: Sequence[downloads.Column], view: View,
    note: Text | None = None,
) -> None:  # fmt: skip
    """The same frame around a board."""
    with _block(key, title, note):
        st.html(board_html.html(made))
        hint = drilling.CLICK_ROW if board_html.leads(made) and not modes.is_wall() else None
        _foot(table, columns, title, source, key, view, made, note, hint)


def table(
    frame: pd.DataFrame, columns: Sequence[downloads.Column], *, key: str, title: Text, view: View, source: Text = OWN_REPORTS,
    note: Text | None = None, select: bool = False, height: int | None = None,
) -> list[int]:  # fmt: skip
    """A table with its downloads; gives the positions of the selected rows (none unless `select`). Not on the wall."""
    if modes.is_wall():
        return []
    with _block(key, title, note):
        chosen = grids.grid(frame, columns, key, select=select, height=height)
        _take_away(frame, columns, title, source, key, view)
    return chosen


def cells(
    frame: pd.DataFrame, columns: Sequence[downloads.Column], *, key: str, title: Text, view: View, source: Text = OWN_REPORTS,
    note: Text | None = None, height: int | None = None,
) -> tuple[int, str] | None:  # fmt: skip
    """A table whose cells can be clicked, with its downloads; gives row position and column code of the click. Not on the wall."""
    if modes.is_wall():
        return None
    with _block(key, title, note):
        chosen = grids.clickable(frame, columns, key, height=height)
        _take_away(frame, columns, title, source, key, view)
    return chosen


def _take_away(
    frame: pd.DataFrame, columns: Sequence[downloads.Column], title: Text, source: Text, key: str, view: View
) -> None:  # fmt: skip
    if len(frame):
        taking.tables(lambda spoken: grids.shown(frame, columns, spoken), columns, title, source, key, view)
