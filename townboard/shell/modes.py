"""Ways of showing a page, in its address: `mode=meeting` (one chart a screen, large, arrow keys or `turn=SECONDS`) and `mode=print`.

On the wall nothing can be clicked but the way out. What is drawn larger is `charts.large`; the browser's part is `door.scripts`.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

import streamlit as st

from townboard.door.scripts import FOLLOWING, KEYBOARD, MEETING, PRINTING
from townboard.downloads import BANNER
from townboard.shell.visit import house, say
from townboard.text import Text

MODE, TURN, ON, PRINT = "mode", "turn", "meeting", "print"
TURNS: Final = ("", "10", "20", "30", "60")
_SECONDS = "townboard_turn"

WALL: Final = """<style>
html, body { overflow: hidden !important; }
[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"] { display: none !important; }
.st-key-goal_tiles, [class*="st-key-block_"] {
  position: fixed !important; inset: 0; z-index: 1000000; box-sizing: border-box; padding: 4.6rem 3rem 1rem !important;
  width: 100vw !important; max-width: none !important; height: 100vh !important; overflow: hidden; border: 0 !important; border-radius: 0 !important;
  background: light-dark(#FFFFFF, #15181D) !important;
}
.st-key-goal { position: fixed !important; top: 4.2rem; left: 3rem; right: 3rem; z-index: 1; width: auto !important; }
.st-key-goal h3 { font-size: min(2.3rem, 2.3vw) !important; }
.st-key-goal_tiles { padding-top: 9.5rem !important; }
[class*="st-key-block_"] h5 { font-size: 2.3rem !important; line-height: 1.25; }
[class*="st-key-block_"] > [data-testid="stElementContainer"] [data-testid="stCaptionContainer"],
[class*="st-key-foot_"] [data-testid="stCaptionContainer"] { font-size: 1.15rem !important; }
@media (max-width: 1600px) { [class*="st-key-tile_"] p { word-break: normal !important; } }
.townboard-place { text-decoration: none !important; pointer-events: none; }
[data-testid="stMetric"] *, [class*="st-key-tile_"] .stMarkdownBadge { white-space: normal !important; overflow: visible !important; height: auto !important; }
[class*="st-key-pictures_"], [class*="st-key-table_of_"], [class*="st-key-block_"] [data-testid="stExpander"],
[class*="st-key-block_"] [data-testid="stDownloadButton"], [class*="st-key-block_"] [data-testid="stElementToolbar"] { display: none !important; }
.townboard-wall { position: fixed; top: 0; left: 0; right: 0; z-index: 1000005; padding: 0.9rem 14rem 0 3rem; font-size: min(1.25rem, 1.15vw); opacity: 0.86; }
.townboard-count { margin-left: 1.2rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.st-key-meeting_leave { position: fixed !important; top: 0.7rem; right: 1.4rem; z-index: 1000006; width: auto !important; }
</style>"""
"""The wall's own style, a constant."""


def is_wall() -> bool:
    """Whether the page is projected."""
    return st.query_params.get(MODE) == ON


def is_paper() -> bool:
    """Whether the page is made ready for the printer: tables whole, in HTML, instead of a window to scroll in."""
    return st.query_params.get(MODE) == PRINT


def _print() -> None:
    st.query_params[MODE] = PRINT


def _enter() -> None:
    st.query_params[MODE] = ON
    seconds = st.session_state.get(_SECONDS, "")
    if seconds:
        st.query_params[TURN] = seconds


def _leave() -> None:
    for key in (MODE, TURN):
        st.query_params.pop(key, None)


def switch() -> None:
    """At the foot of the sidebar: onto the wall, turned by hand or by itself. On the wall: the way out."""
    scripts = "".join(f"<script>{script}</script>" for script in (KEYBOARD, PRINTING, FOLLOWING))
    st.html(scripts, unsafe_allow_javascript=True, width="content")
    if is_wall():
        st.html(WALL)
        st.html(f"<script>{MEETING}</script>", unsafe_allow_javascript=True, width="content")
        st.button(say(Text("退出会议模式 (Esc)", "Leave (Esc)")), key="meeting_leave", on_click=_leave, icon=":material/close:")
        return
    if is_paper():
        with st.sidebar:
            st.info(
                say(
                    Text(
                        "打印版:表格已全部展开。按 Ctrl+P 打印或存为 PDF。",
                        "Ready for paper: tables are whole. Ctrl+P prints, or saves as PDF.",
                    )
                ),
                icon=":material/print:",
            )
            st.button(
                say(Text("退出打印版", "Back to the page")),
                key="print_leave",
                on_click=_leave,
                icon=":material/close:",
                width="stretch",
            )
        return
    words = {"": Text("手动翻页", "Turn by hand"), **{s: Text(f"每 {s} 秒翻页", f"Every {s} seconds") for s in TURNS if s}}
    with st.sidebar, st.popover(say(Text("会议模式", "Meeting mode")), icon=":material/present_to_all:", width="stretch"):
        st.caption(say(Text("一屏一图,← → 或翻页笔翻页,Esc 退出。", "One chart a screen; ← → or a clicker turns, Esc leaves.")))
        st.selectbox(
            say(Text("翻页", "Turning")), TURNS, format_func=lambda code: say(words[code]), key=_SECONDS, filter_mode=None
        )
        st.button(say(Text("开始", "Start")), key="meeting_enter", on_click=_enter, type="primary", icon=":material/play_arrow:")
    with st.sidebar:
        st.button(
            say(Text("打印版", "Print version")), key="print_enter", on_click=_print, icon=":material/print:", width="stretch"
        )


def heads(*parts: Text) -> None:
    """What stands above every slide and at the head of every sheet of paper: place, month, basis, who is in the figures, as-of."""
    words = " · ".join(say(part) for part in parts)
    mark = BANNER if house().invented else ""
    st.html(
        f'<style>@page {{ @top-left {{ content: "{_quoted(words)}"; }} @top-right {{ content: "{_quoted(mark)}"; }} }}</style>'
    )
    if is_wall():
        told = escape(f"{words} · {mark}" if mark else words)
        st.html(f'<div class="townboard-wall">{told}<span class="townboard-count"></span></div>')


def _quoted(words: str) -> str:
    """Words that can stand between quotes in a style."""
    return re.sub(r'[\\"<>{}\r\n]', " ", words)
