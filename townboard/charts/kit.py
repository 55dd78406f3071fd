"""What all charts share: the palette, the base layout, number formats (domain §6), status words, words about pictures.

The palette runs blue to amber, which people with red-green blindness tell apart; red is kept for goals (here red means best,
never bad), hatching for what was not reported. A status is a word and an icon; colour only helps.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from townboard.text import Language, Text, same

if TYPE_CHECKING:
    from townboard.indicators import Reading

Figure = dict[str, Any]
"""A Plotly figure: {"data": [...], "layout": {...}}. Without data it is drawn as a statement."""

BLUE, DEEP, TEAL, AMBER, RUST, VIOLET, GREY, PALE = (
    "#3478BC", "#3D5FBE", "#2A978A", "#C27E00", "#B4602A", "#8466B8", "#858F9C", "#7895BE",
)  # fmt: skip
"""Each at least 3 to 1 against the white and the dark page (tests/test_palette.py measures it)."""
SERIES = (BLUE, AMBER, TEAL, VIOLET, RUST, GREY)
"""The order in which series take their colours; the theme's chartCategoricalColors are the same."""
LIGHT, DARK = "#FFFFFF", "#1F2328"
"""Ink on a coloured ground."""
PAGE = "rgb(128, 132, 149)"
"""Ink on a hatched bar: the frame turns this grey, Streamlit's own, into the page's text colour, on a light and on a dark page."""
GOAL = "#C8383E"
"""The line of a goal: the one red in a chart."""
BAND_COLOURS = ("#A65E2E", "#C27E2E", "#DDB56B", "#7FA8D6", BLUE, DEEP)
"""Six steps from amber (short of the goal) to blue (past it); the change of hue is the goal. Drawn with an `OUTLINE`."""
LEGEND = 230
"""Pixels a chart has at least whose legend may take five rows on a telephone: half of a chart is the legend's, the rest would be cut off."""
LEGIBLE = {"mode": "hide", "minsize": 12}
"""Words in bars are legible or not there: two tiny ones beside each other would be read as eleven."""
OUTLINE = {"color": "#7D8794", "width": 1.5}
"""The edge of what is filled with a paler colour: it stands on either page."""
HATCH = {"shape": "/", "size": 6, "solidity": 0.25, "fgcolor": GREY, "bgcolor": "rgba(140,150,163,0.10)"}
"""The fill of what was not reported."""

STATUS: dict[str, tuple[Text, str, str, str]] = {
    "highest_reached": (Text("已达最高目标", "Highest goal reached"), "★", ":material/military_tech:", DEEP),
    "basic_reached": (Text("已达基本目标", "Basic goal reached"), "✓", ":material/check_circle:", BLUE),
    "on_track": (Text("进度正常", "On track"), "→", ":material/trending_up:", TEAL),
    "behind": (Text("进度滞后", "Behind"), "▼", ":material/hourglass_bottom:", AMBER),
    "not_reached": (Text("未达标(到期)", "Not reached (due)"), "✕", ":material/event_busy:", RUST),
    "no_data": (Text("无数据", "No data"), "?", ":material/help:", GREY),
    "none": (Text("无此项", "None to count"), "0", ":material/remove:", GREY),
    "not_applicable": (Text("不适用", "Not applicable"), "–", ":material/remove:", GREY),
    "context": (Text("仅供参考", "For context"), "○", ":material/info:", GREY),
}
"""Status of a reading → (words, sign, icon, colour). `none`: no data because there is nothing to count (see `standing`)."""
_BADGE = {"highest_reached": "violet", "basic_reached": "blue", "on_track": "green", "behind": "orange", "not_reached": "orange"}

NOT_REPORTED = Text("未报", "Not reported")
RETURNED = Text("退回修改", "Returned")
WAITING = Text("待审核", "Not approved yet")
"""A workbook that is there, where only approved figures count."""
NONE_HELD: Mapping[str, Text] = MappingProxyType({})


def absence(unit: str, missing: Collection[str], held_back: Mapping[str, Text]) -> Text:
    """What stands, hatched, where a unit's figures do not: its workbook is there and counts not (`held_back`: why), is not there, or
    lacks this number."""
    if unit not in missing:
        return status_words("no_data")
    return held_back.get(unit, NOT_REPORTED)


def silent(row: pd.Series[Any], language: Language) -> str:
    """The same for a row of `theme_tables.named` that was not reported."""
    state = row.get("state")
    return str(state) if state in {words.say(language) for words in (RETURNED, WAITING)} else NOT_REPORTED.say(language)


def states(frame: pd.DataFrame) -> list[str]:
    """A word for each row of `theme_tables.named`; none where it has no states."""
    return [str(said) for said in frame["state"]] if "state" in frame else []


def standing(reading: Reading) -> str:
    """The key of `STATUS` for a reading: its status, but a rate of nothing (0/0, all reported) is not one without data."""
    nothing = reading.status == "no_data" and reading.denominator == 0 and not missing(reading.numerator)
    return "none" if nothing else reading.status


def status_words(status: str) -> Text:
    """`已达基本目标` / `Basic goal reached`."""
    return STATUS[status][0]


def status_markdown(status: str, language: Language) -> str:
    """A badge with icon and word, for st.markdown."""
    words, _, icon, _ = STATUS[status]
    return f":{_BADGE.get(status, 'gray')}-badge[{icon} {words.say(language)}]"


def missing(value: Any) -> bool:
    """Whether a table's cell holds nothing: None, NaN, NaT, NA."""
    return value is None or bool(pd.isna(value))


def number(value: Any, decimals: int = 0) -> str:
    """A number rounded half up, as officials do; a dash for a missing one."""
    if missing(value):
        return "—"
    return f"{_half_up(value, decimals):,}"


def rounded(value: Any, decimals: int) -> float:
    """A number rounded half up, as a number."""
    return float(_half_up(value, decimals))


def _half_up(value: Any, decimals: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def percent(numerator: Any, denominator: Any, decimals: int = 1) -> str:
    """`45.3%` from its two sides; a dash where a side is missing or the whole is nothing."""
    if missing(numerator) or missing(denominator) or not denominator:
        return "—"
    return number(Decimal(str(numerator)) * 100 / Decimal(str(denominator)), decimals) + "%"


def small(words: str) -> str:
    """What stands beside or under a name in a chart, in smaller letters."""
    return f"<span style='font-size:12.5px'>{words}</span>"


def in_unit(place: str, unit: str) -> Text:
    """`大北村(徐沟镇)`: a village with the unit it belongs to, in words of one language."""
    return Text(f"{place}({unit})", f"{place} ({unit})")


def among(first: Text, equals: int) -> Text:
    """`西谷乡`, or `西谷乡等2个单位` where so many stand alike: a title names no one alone who is not alone."""
    if equals < 2:
        return first
    return Text(f"{first.zh}等{equals}个单位", f"{first.en} and {equals - 1} more")


def share(numerator: Any, denominator: Any) -> str:
    """`58/128`, `2,853/2,933`."""
    return f"{number(numerator)}/{number(denominator)}"


def money(value: Any) -> Text:
    """`1,062.00 万元` / `10.62 million yuan`, `22.89 万元` / `228,900 yuan`; 亿元 from 10,000 万元."""
    if missing(value):
        return same("—")
    english = f"{number(value / 100, 2)} million yuan" if abs(value) >= 100 else f"{number(value * 10000)} yuan"
    return Text(f"{number(value / 10000, 2)} 亿元" if abs(value) >= 10000 else f"{number(value, 2)} 万元", english)


def points(value: Any) -> Text:
    """A difference of two percentages: `+3.1 个百分点` / `+3.1 points`."""
    if missing(value):
        return same("—")
    return Text(f"{signed(value)} 个百分点", f"{signed(value)} percentage points")


def signed(value: float) -> str:
    """`+3.1`, `−3.1`, `0.0`: a change with its sign."""
    plain = number(abs(value), 1)
    return plain if Decimal(plain) == 0 else ("+" if value > 0 else "−") + plain


def month_short(period: str, language: Language) -> str:
    """`10月`, January with its year; `Oct`, `Jan 2022`."""
    year, month = int(period[:4]), int(period[5:])
    if language == "zh":
        return f"{year}年1月" if month == 1 else f"{month}月"
    word = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[month - 1]
    return f"{word} {year}" if month == 1 else word


def month_only(period: str, language: Language) -> str:
    """`10月`, `Oct`: the month alone, for an axis within one year."""
    return month_short(f"0000-{period[5:]}", language).replace("0年", "").replace(" 0", "")


def blank(value: Any) -> Any:
    """A value for a figure: None (a gap) where nothing stands, else a plain Python number or text."""
    if missing(value):
        return None
    return value.item() if hasattr(value, "item") else value


def rows(frame: pd.DataFrame) -> list[Any]:
    """The rows of a table, each with its columns as attributes."""
    return list(frame.itertuples(index=False))


def values(column: Iterable[Any]) -> list[Any]:
    """A column for a figure; what is missing is a gap, never a zero."""
    return [blank(value) for value in column]


def layout(*, height: int, **more: Any) -> dict[str, Any]:
    """The base layout: no title (the page says the finding), slim margins, legend on top, numbers with separators, no zooming.

    `more` is merged one level deep over it.
    """
    base: dict[str, Any] = {
        "height": height,
        "font": {"size": 14},
        "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
        "dragmode": False,
        "hovermode": "closest",
        "bargap": 0.32,
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.02,
            "yanchor": "bottom",
            "title": {"text": ""},
            "font": {"size": 14},
        },
        "xaxis": {
            "automargin": True,
            "fixedrange": True,
            "zeroline": False,
            "separatethousands": True,
            "title": {"text": "", "standoff": 0},
            "tickfont": {"size": 14},
        },
        "yaxis": {
            "automargin": True,
            "fixedrange": True,
            "zeroline": False,
            "separatethousands": True,
            "title": {"text": ""},
            "tickfont": {"size": 14},
        },
        "separators": ".,",
    }
    for key, value in more.items():
        base[key] = {**base[key], **value} if isinstance(value, dict) and isinstance(base.get(key), dict) else value
    words = base["xaxis"].get("title", {}).get("text", "")
    base["xaxis"]["title"] = {"text": words, "standoff": 10 if words else 0}  # an unset distance would keep 40 empty pixels
    return base


def goal_line(
    at: float, label: str, *, axis: str = "y", dash: str = "dash", colour: str = GOAL, side: str = "top left"
) -> Figure:
    """A straight line across the plot at a goal, with its words on it: {"shape", "annotation"} parts for a layout."""
    across = {"type": "line", "line": {"color": colour, "width": 2, "dash": dash}, "layer": "above"}
    words = {"text": label, "showarrow": False, "font": {"size": 14}}
    if axis == "y":
        right = "right" in side
        return {
            "shape": {**across, "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": at, "y1": at},
            "annotation": {**words, "xref": "paper", "x": 1 if right else 0, "xanchor": "right" if right else "left",
                           "yref": "y", "y": at, "yanchor": "top" if "bottom" in side else "bottom"},
        }  # fmt: skip
    return {
        "shape": {**across, "yref": "paper", "y0": 0, "y1": 1, "xref": "x", "x0": at, "x1": at},
        "annotation": {**words, "yref": "paper", "y": 1, "yanchor": "bottom", "xref": "x", "x": at, "xanchor": "center"},
    }


def marked(lines: Sequence[Figure]) -> dict[str, Any]:
    """Goal lines as layout keys `shapes` and `annotations`."""
    return {"shapes": [line["shape"] for line in lines], "annotations": [line["annotation"] for line in lines]}
