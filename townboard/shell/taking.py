"""Taking away what is shown: a table as xlsx, csv and parquet, a chart or a board as PNG and SVG with its words in it. Made on the click,
guarded and put on record; pictures are drawn in a browser of the server, off the page's thread, while the button turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from townboard import downloads
from townboard.briefing import easel
from townboard.catalogue import unit_words
from townboard.charts.board import Board
from townboard.charts.framed import Frame
from townboard.shell.file_names import called
from townboard.shell.handing import handed
from townboard.shell.once import in_run
from townboard.shell.view import BASIS_WORDS, View, as_of_line, coverage_line
from townboard.shell.visit import house, say
from townboard.text import Language, Text, listed

_FORMATS = (
    (
        "xlsx",
        Text("下载 Excel", "Download Excel"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        downloads.xlsx,
    ),
    ("csv", Text("下载 CSV", "Download CSV"), "text/csv", downloads.csv),
    ("parquet", Text("下载 Parquet", "Download Parquet"), "application/vnd.apache.parquet", downloads.parquet_table),
)
_PICTURES = (("png", Text("图片 PNG", "Picture PNG"), "image/png"), ("svg", Text("矢量图 SVG", "Vector SVG"), "image/svg+xml"))
_HELP = Text("标题、单位、来源、截至时间都在图里", "Title, units, source and as-of time are in the picture")


@in_run
def _filters(view: View) -> tuple[tuple[Text, Text], ...]:
    return (
        (Text("范围", "Place"), view.name(view.unit or view.county)),
        (Text("报告期", "Month"), view.period.label),
        (Text("数据口径", "Figures"), BASIS_WORDS[view.basis]),
        (Text("报送情况", "Reports"), coverage_line(view)),
    )


def about(view: View, title: Text, source: Text) -> downloads.About:
    """What a download says of itself: filters, as-of time, who is missing, and whether the figures are invented."""
    return downloads.About(
        title=title,
        filters=_filters(view),
        as_of=as_of_line(view).say(view.language),
        missing=tuple(view.name(unit) for unit in view.missing),
        source=source,
        invented=house().invented,
    )


def stem(view: View, key: str, title: Text) -> Text:
    """The file's name without its ending: place, month, what it is."""
    what = called(key, title)
    month, place = view.period.label, view.name(view.unit or view.county)
    return Text(f"{place.zh} {month.zh} {what.zh}", f"{place.en} {month.en} {what.en}")


def _recorded(make: Callable[[], bytes], key: str, view: View) -> Callable[[], bytes]:
    """What a button calls: asked again on the click, and noted with its filters."""
    filters = "; ".join(f"{label.en}: {value.en}" for label, value in _filters(view))
    return handed(make, key, unit=view.unit or "", period=str(view.period), detail=filters[:300])


def tables(
    shown: Callable[[Language], pd.DataFrame], columns: Sequence[downloads.Column], title: Text, source: Text, key: str, view: View
) -> None:  # fmt: skip
    """The downloads of a table. `shown` gives its rows in a language, as they stand on the screen."""
    spoken, file_name = view.language, stem(view, key, title)

    def made(write: Callable[..., bytes]) -> Callable[[], bytes]:
        def written() -> bytes:
            return write(*downloads.spread(shown(spoken), columns), about(view, title, source), spoken)

        return _recorded(written, key, view)

    with st.container(horizontal=True, gap="small"):
        for ending, words, mime, write in _FORMATS:
            st.download_button(
                say(words), made(write), downloads.name(file_name, spoken, ending, invented=house().invented), mime, key=f"{ending}_{key}",
                on_click="ignore", icon=":material/download:",
            )  # fmt: skip


def frame_of(
    title: Text, source: Text, columns: Sequence[downloads.Column], view: View, note: Text | None, *, invented: bool
) -> Frame:
    """The words around a chart's picture: title, units and note, source and as-of, place and basis, who is in the figures."""
    spoken = view.language
    units = list(
        filter(None, (unit_words(column.unit or ("%" if column.kind == "percent" else "")).say(spoken) for column in columns))
    )
    counted = Text("计量单位:{u}", "Units: {u}").fill(u=listed(dict.fromkeys(units))).say(spoken) if units else ""
    place, month, basis = view.name(view.unit or view.county), view.period.label, BASIS_WORDS[view.basis]
    origin = Text("来源:{source} · {at}", "Source: {source} · {at}").fill(source=source, at=as_of_line(view))
    scope = Text(f"{place.zh} · {month.zh} · {basis.zh}", f"{place.en} · {month.en} · {basis.en}")
    return Frame(
        title.say(spoken), (counted, note.say(spoken) if note else ""),
        (origin.say(spoken), f"{scope.say(spoken)} · {coverage_line(view).say(spoken)}"),
        downloads.INVENTED.say(spoken) if invented else "",
    )  # fmt: skip


def pictures(
    figure: Mapping[str, Any] | Board, columns: Sequence[downloads.Column], title: Text, source: Text, key: str, view: View,
    note: Text | None,
) -> None:  # fmt: skip
    """The two pictures of a chart or a board, one click each; nothing on a machine without a browser that draws."""
    if not easel.can_draw():
        return
    file_name, invented = stem(view, key, title), house().invented

    def made(ending: str) -> Callable[[], bytes]:
        def drawn() -> bytes:
            from townboard.briefing.pictures import taken

            return taken(figure, frame_of(title, source, columns, view, note, invented=invented), ending)

        return _recorded(drawn, f"{key} {ending}", view)

    with st.container(horizontal=True, gap="small"):
        for ending, button, mime in _PICTURES:
            st.download_button(
                say(button), made(ending), downloads.name(file_name, view.language, ending, invented=invented), mime,
                key=f"{ending}_{key}", on_click="ignore", icon=":material/image:", help=say(_HELP),
            )  # fmt: skip
