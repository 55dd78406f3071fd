"""The frame of every page: a few lines of style, the page's language for browsers and screen readers, the language switch."""

from __future__ import annotations

from typing import Final

import streamlit as st

from townboard.door.guarding import LANGUAGE_SCRIPTS
from townboard.shell.visit import LANGUAGE_KEY, language
from townboard.text import LANGUAGES, Language

STYLE: Final = """<style>
[class*="st-key-tile_"] { background: color-mix(in srgb, currentColor 2%, transparent); }
[class*="st-key-tile_"] [data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; }
[class*="st-key-block_"] h5, .st-key-goal h3, [class*="st-key-tile_"] p { text-wrap: balance; }
table.townboard :is(th, .small) { text-wrap: balance; }
table.townboard .wraps .small { display: inline-block; }
:lang(zh) :is([class*="st-key-block_"] h5, .st-key-goal h3, [class*="st-key-tile_"] p) { word-break: keep-all; overflow-wrap: anywhere; }
.townboard-scroll { overflow-x: auto; }
table.townboard { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
table.townboard th, table.townboard td {
  padding: 0.42rem 0.6rem; text-align: left; vertical-align: top; border-bottom: 1px solid color-mix(in srgb, currentColor 13%, transparent);
}
table.townboard thead th { font-weight: 650; border-bottom-width: 2px; }
table.townboard tbody th { font-weight: 600; white-space: nowrap; }
table.townboard tbody th.wraps { white-space: normal; min-width: 7.2em; }
:lang(zh) table.townboard thead th:not(.small) { word-break: keep-all; }
table.townboard tbody th.place { white-space: normal; min-width: 5.5em; max-width: 9em; }
table.townboard.paper { font-size: 0.75rem; } table.townboard.paper :is(th, td) { padding: 0.3rem 0.35rem; word-break: keep-all; }
table.townboard thead th.small { white-space: normal; font-weight: 600; }
table.townboard thead .small, table.townboard .wraps .small { white-space: normal; }
table.townboard .step { font-weight: 600; }
.townboard-scroll tbody th.place { position: sticky; left: 0; background: light-dark(#FFFFFF, #15181D); }
table.townboard tbody th .small { font-weight: 400; white-space: normal; }
table.townboard .figure { font-variant-numeric: tabular-nums; font-weight: 650; white-space: nowrap; }
table.townboard .small { font-size: 0.84rem; opacity: 0.86; white-space: nowrap; }
table.townboard .mark { display: inline-block; padding: 0 0.42rem; border-radius: 0.6rem; font-size: 0.84rem; white-space: nowrap; }
table.townboard a.townboard-place { color: inherit; text-decoration: underline; text-underline-offset: 0.2em; }
table.townboard tbody tr:has(a.townboard-place):not(:has(a.townboard-place ~ a.townboard-place)) { cursor: pointer; }
table.townboard tbody tr:has(a.townboard-place):hover td { background-color: color-mix(in srgb, currentColor 4%, transparent); }
table.townboard .absent { background: repeating-linear-gradient(135deg,
  color-mix(in srgb, currentColor 13%, transparent) 0 2px, transparent 2px 9px); }
.townboard-cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1rem; }
.townboard-cards article { border: 1px solid color-mix(in srgb, currentColor 18%, transparent); border-radius: 0.5rem; padding: 1rem; break-inside: avoid; }
.townboard-cards h4 { font-size: 1rem !important; margin: 0 0 0.6rem; padding: 0; } .townboard-cards dl { margin: 0 !important; padding: 0; }
.townboard-cards :is(dt, dd) { display: inline; margin: 0 !important; padding: 0; } .townboard-cards dt { opacity: 0.72; margin-right: 0.5rem !important; } .townboard-cards dd::after { content: "\\A"; white-space: pre; }
.townboard-cards code { font-size: 0.82rem; margin-left: 0.3rem; padding: 0.05rem 0.35rem; border-radius: 0.3rem; background: color-mix(in srgb, currentColor 8%, transparent); font-weight: 400; }
.st-key-townboard_crumbs [data-testid="stPageLink"] a > span:has([data-testid="stIconMaterial"]) { display: none; }
.st-key-townboard_crumbs { gap: 0.35rem !important; }
.st-key-townboard_filters [data-testid="stButtonGroup"] button { min-height: 2.5rem; }
.st-key-townboard_crumbs button { padding-left: 0; padding-right: 0; }
.st-key-townboard_crumbs button p { text-decoration: underline; }
.st-key-townboard_crumbs [data-testid="stPageLink"] a { gap: 0; padding-left: 0; padding-right: 0; background: none; text-decoration: underline; }
.js-plotly-plot text[style*="rgb(128, 132, 149)"] { fill: currentColor !important; }
.townboard-a4, [data-testid="stHeaderActionElements"] { display: none; }
:focus-visible:not(input, textarea, [role="dialog"]) { outline: 2px solid currentColor !important; outline-offset: -2px; }
@page { size: A4; margin: 15mm 10mm 12mm; @top-left { font-size: 8pt; } @top-right { font-size: 8pt; } @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; } }
@media print {
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"], [data-testid="stExpander"], [data-testid="stButton"], [data-testid="stDownloadButton"],
  [data-testid="stSelectbox"], [data-testid="stButtonGroup"], [data-testid="stTextInput"], [data-testid="stPopover"], [data-testid="stElementToolbar"],
  .st-key-townboard_filters { display: none !important; }
  html, body, #root, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"] {
    position: static !important; height: auto !important; overflow: visible !important; display: block !important; }
  [data-testid="stMainBlockContainer"] { padding: 0 !important; max-width: none !important; }
  [data-testid="stHorizontalBlock"] { display: flex !important; flex-direction: row !important; flex-wrap: wrap !important; }
  [data-testid="stColumn"] { flex: 0 1 calc(50% - 1rem) !important; width: calc(50% - 1rem) !important; min-width: 0 !important; max-width: none !important; }
  [data-testid="stColumn"]:has(.townboard-scroll, [data-testid="stDataFrame"]) { flex: 1 1 100% !important; width: 100% !important; }
  [class*="st-key-block_"], [class*="st-key-tile_"] { break-inside: avoid; }
  .townboard-scroll, [class*="st-key-chart_wide_"] { overflow: visible !important; }
  [class*="st-key-chart_wide_"] [data-testid="stFullScreenFrame"] { min-width: 0; }
  [data-townboard-cut]::before { content: "✂ 此表只印出屏幕上看得到的部分。要整张表:按 Ctrl+P,或先点左侧“打印版”,或下载 Excel。"; font-size: 8.5pt; font-weight: 700; }
  :lang(en) [data-townboard-cut]::before { content: "✂ Only the part of this table that the screen shows is printed. For the whole: press Ctrl+P, or take the print version in the sidebar, or the Excel file."; }
  table.townboard { font-size: 8.5pt; }
  table.townboard .small, table.townboard tbody th { white-space: normal; }
  table.townboard.paper { font-size: 6.5pt; } table.townboard.paper th, table.townboard.paper td { padding: 0.3mm 0.6mm; white-space: normal; }
  table.townboard tr { break-inside: avoid; }
  table.townboard thead { display: table-header-group; }
  [class*="st-key-chart_"], [data-testid="stFullScreenFrame"], [data-testid="stFullScreenFrame"] > div, [data-testid="stPlotlyChart"], .js-plotly-plot,
  .plot-container { width: 100% !important; height: auto !important; min-height: 0 !important; }
  .stApp:has(.townboard-a4) [data-testid="stElementContainer"]:not(:has(.townboard-a4)), .stApp:has(.townboard-a4) [class*="st-key-block_"],
  .stApp:has(.townboard-a4) [data-testid="stHorizontalBlock"] { display: none !important; }
  .townboard-a4 { display: block; font-size: 8pt; line-height: 1.25; color: #000; background: #fff; }
  .townboard-a4 h1 { font-size: 15pt !important; margin: 0 0 1mm; padding: 0; } .townboard-a4 h2 { font-size: 9.5pt !important; margin: 2mm 0 1mm; padding: 0; }
  .townboard-a4 p { margin: 0 0 1mm; font-size: 8pt; } .townboard-a4 .themes { columns: 2; column-gap: 4mm; }
  .townboard-a4 table { width: 100%; border-collapse: collapse; break-inside: avoid; margin: 0 0 2mm; }
  .townboard-a4 caption { text-align: left; font-weight: 700; font-size: 9.5pt; } .townboard-a4 th, .townboard-a4 td {
    border-bottom: 0.2mm solid #bbb; padding: 0.25mm 0.6mm; text-align: left; font-size: 7pt; vertical-align: top; }
  .townboard-a4 .villages { columns: 5; column-gap: 3mm; font-size: 7.5pt; } .townboard-a4 .villages span { display: block; break-inside: avoid; }
}
@media (max-width: 640px) {
  h1 { font-size: 1.5rem !important; }
  table.townboard tbody th.wraps { min-width: 4.8em; font-size: 0.9rem; }
  table.townboard .wraps ~ td .small { font-size: 0.76rem; white-space: normal; }
  :lang(en) table.townboard .wraps ~ td .figure { white-space: normal; }
  table.townboard .mark { font-size: 0.76rem; padding: 0 0.3rem; }
  :lang(zh) [class*="st-key-tile_"] p { word-break: normal; }
  :is(.st-key-chart_goal_months, .st-key-chart_income_months, .st-key-chart_br_months, .st-key-chart_place_income) :is(.xtick, .textpoint):nth-last-child(even) { display: none; }
  .st-key-goal_tiles [data-testid="stColumn"] { min-width: calc(50% - 1rem); flex: 1 1 calc(50% - 1rem); }
  .st-key-goal_tiles [data-testid="stMetricValue"] { font-size: 1.6rem; }
  table.townboard th, table.townboard td { padding: 0.35rem 0.3rem; }
  [data-testid="stMainBlockContainer"] { padding-left: 0.9rem; padding-right: 0.9rem; }
  [data-testid="stButton"] button p { white-space: normal !important; text-align: left; }
  [data-testid="stButtonGroup"] { max-width: 100%; } [data-testid="stButtonGroup"] [role="radiogroup"] { flex-wrap: wrap; }
}
@media (max-width: 900px) {
  [class*="st-key-chart_wide_"] { overflow-x: auto; }
  [class*="st-key-chart_wide_"] [data-testid="stFullScreenFrame"] { min-width: 60rem; }
}
</style>"""
"""Constant: nothing a person typed ever stands in it. The grey in which Streamlit writes a chart's words (3.7 to 1 on white) becomes the page's. Colours are mixed from the theme's own text colour."""

_LANGUAGE_TAG: Final[dict[Language, str]] = {"zh": "zh-CN", "en": "en"}
_NAMES: Final[dict[Language, str]] = {"zh": "中文", "en": "English"}
_SWITCH = "townboard_language_switch"


def frame() -> None:
    """Put the style in, and tell the browser which language the page speaks (fonts and screen readers go by it)."""
    st.html(STYLE)
    script = LANGUAGE_SCRIPTS[_LANGUAGE_TAG[language()]]
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True, width="content")


def _switched() -> None:
    chosen = st.session_state[_SWITCH]
    st.session_state[LANGUAGE_KEY] = chosen
    st.query_params["lang"] = chosen


def language_switch() -> None:
    """The switch at the foot of the sidebar; what is chosen stands in the link."""
    st.session_state[_SWITCH] = language()
    with st.sidebar:
        st.segmented_control(
            "语言 / Language", LANGUAGES, format_func=_NAMES.__getitem__, required=True, key=_SWITCH, on_change=_switched
        )
