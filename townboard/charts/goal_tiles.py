"""The four tiles of the goal: share, gap, time and pace, forecast. Each is plain words; one sentence of each is its finding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from townboard.charts import board, kit, outlook
from townboard.charts.overview import days_left
from townboard.forecast import Outlook
from townboard.text import Text, number_of, same

if TYPE_CHECKING:
    from townboard.indicators import Reading


NO_FIGURES = Text("还没有数据", "no figures yet")


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with its words. `counts_units`: whether units missing from the month are missing from the number."""

    key: str
    label: Text
    value: Text
    detail: Text
    finding: Text
    note: Text
    status: str = ""
    counts_units: bool = False


def tiles(whole: Reading, own: Reading, found: Outlook, short: float, action_end: date, today: date) -> list[Tile]:
    """`whole`, `own`: the goal on its basis and on operating income; `short`: 万元 that the nearest villages lack to close the gap."""
    return [_share(whole, own, found), _gap(found, short, whole), _time(whole, found, action_end, today), _forecast(found)]


def _share(whole: Reading, own: Reading, found: Outlook) -> Tile:
    n_of = board.sides(whole) or "—"
    basic = whole.basic or 0
    pace = basic * int(whole.period[5:]) / 12
    finding = outlook.time_words(whole.value, basic, pace) if basic else Text("没有设定目标", "No goal is set")
    note = Text("经营性口径 {pc}({sides})", "on operating income {pc} ({sides})").fill(
        pc=kit.percent(own.numerator, own.denominator), sides=board.sides(own))  # fmt: skip
    if kit.missing(own.numerator):
        note = Text("经营性口径也没有数据", "no figure on operating income either")
    if not kit.missing(whole.numerator) and not kit.missing(own.numerator):
        helped = int((whole.numerator or 0) - (own.numerator or 0))
        note = Text(f"{note.zh},{helped}个村靠补助和其他收入达标", f"{note.en}; {helped} with subsidies and other income")
    detail = Text(f"**{n_of}** 个村", f"**{n_of}** villages") if not kit.missing(whole.numerator) else NO_FIGURES
    if found.older_reached:
        with_them = Text(";未报的按上次报数是 {n}({pc})", "; {n} ({pc}) with the missing units' last figures").fill(
            n=kit.share(found.known, found.villages), pc=kit.percent(found.known, found.villages))  # fmt: skip
        detail = Text(detail.zh + with_them.zh, detail.en + with_them.en)
    return Tile("share", Text("达到30万元的村", "Villages at 300,000 yuan"), same(kit.percent(whole.numerator, whole.denominator)),
                detail, finding, note, whole.status, counts_units=True)  # fmt: skip


def _gap(found: Outlook, short: float, whole: Reading) -> Tile:
    label, status = Text("距目标还差", "Still needed"), whole.status
    goal = Text("目标 {n} 个村(共 {of} 个村)", "goal: {n} of {of:village|villages}").fill(n=found.needed, of=found.villages)
    if kit.missing(whole.numerator):
        return Tile("gap", label, same("—"), NO_FIGURES, NO_FIGURES, goal, "no_data", True)
    value = Text("{n} 个村", "{n:village|villages}").fill(n=found.gap)
    money = outlook.money_words(short, found.gap_known) if found.gap_known else Text("目标村数已够", "enough villages")
    return Tile("gap", label, value, money, outlook.gap_words(found), goal, status if found.gap else "", True)


def _time(whole: Reading, found: Outlook, action_end: date, today: date) -> Tile:
    deadline = date.fromisoformat(whole.deadline) if whole.deadline else date(found.period.year, 12, 31)
    days, since = days_left(found.period, deadline, today)
    start = today if found.period.end <= today <= deadline else found.period.end
    note = Text("截止 {d},{since};{end}", "due {d}, {since_en}; {end_en}").fill(
        d=deadline.isoformat(), since=since.zh, since_en=since.en, end=outlook.countdown(action_end, start).zh, end_en=outlook.countdown(action_end, start).en)  # fmt: skip
    return Tile("days", Text("距截止日", "Until the deadline"), Text(f"{days} 天", f"{number_of(days, 'day')}"), outlook.pace_words(found),
                outlook.arrival_words(found), note)  # fmt: skip


def _forecast(found: Outlook) -> Tile:
    if found.silent >= found.villages:
        return Tile("forecast", Text("年底预计达标", "Year-end forecast"), same("—"), NO_FIGURES, NO_FIGURES, same(""), "no_data")
    value = Text(f"{found.forecast} 个村", f"{number_of(found.forecast, 'village')}")
    pc = kit.percent(found.forecast, found.villages)
    return Tile("forecast", Text(f"年底预计达标({pc})", f"Year-end forecast ({pc})"), value, outlook.range_words(found),
                outlook.forecast_words(found), outlook.tested_words(found), counts_units=False)  # fmt: skip
