"""A unit's main figures as a table: this month's first, then what is carried from earlier months, then the quarterly ones, each under its words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from townboard.briefing.look import Look, figure, status
from townboard.briefing.sheet import Block, Table, Words
from townboard.charts import kit
from townboard.charts.board import step_words
from townboard.charts.readings_board import CARRIED, goals, remark
from townboard.indicators import Reading
from townboard.text import NOTHING, Language, Text, listed

PAGE: dict[Language, tuple[float, ...]] = {
    "zh": (0.23, 0.21, 0.095, 0.215, 0.095, 0.155),
    "en": (0.25, 0.18, 0.09, 0.185, 0.1, 0.195),
}
"""The columns of a meeting page, so wide that few cells take two lines."""
_INDICATOR, _VALUE, _STATUS = Text("指标", "Indicator"), Text("数值", "Value"), Text("状态", "Status")
_CARRIED, _QUARTERLY = Text("沿用以前月份的数", "what is carried from earlier months"), Text("季报", "quarterly figures")
_REPORTING = Text("报送情况", "its reporting record")


def of_annex(look: Look, readings: Sequence[Reading], code: str) -> Iterator[Block]:
    """The table of the brief's annex, under what is to be said of the unit."""
    known = with_figures(readings)
    yield from said(look, known, code)
    if known:
        heads = (_INDICATOR, _VALUE, Text("目标", "Goals"), _STATUS)
        rows = _rows(look, known, lambda one: [figure(look, one), look.say(goals(one, look.catalogue.indicator[one.id])) or "—"])
        yield Table([look.say(head) for head in heads], rows, (0.3, 0.22, 0.28, 0.2))


def of_page(
    look: Look, readings: Sequence[Reading], code: str, county: Mapping[str, Reading], steps: Mapping[tuple[str, str], float]
) -> Iterator[Block]:
    """The table of a unit's meeting page: with the change since last month (`steps`) and the county's own figures beside."""
    known = with_figures(readings)
    if not known:
        return

    def cells(one: Reading) -> list[str]:
        step = steps.get((code, one.id))
        whole = county.get(one.id)
        return [
            figure(look, one),
            "—" if step is None else step_words(step),
            "—" if whole is None else figure(look, whole),
            _aims(one),
        ]

    heads = (
        _INDICATOR,
        _VALUE,
        Text("比上月", "On last month"),
        Text("全县", "County"),
        Text("基本/最高目标", "Goals: basic / highest"),
        _STATUS,
    )
    yield Table([look.say(head) for head in heads], _rows(look, known, cells), PAGE[look.language])


def with_figures(readings: Sequence[Reading]) -> list[Reading]:
    """Those that have something to say."""
    return [reading for reading in readings if reading.status != "not_applicable" and reading.value is not None]


def said(look: Look, known: Sequence[Reading], code: str) -> Iterator[Block]:
    """That the unit has not reported, and what its figures below are then; or that it has none."""
    if code not in look.missing:
        if not known:
            yield Words(look.say(Text("本月没有数据。", "No figures this month.")))
        return
    head = Text("本月未报", "Has not reported this month")
    if code in look.held_back:
        why = look.held_back[code]
        head = Text("本月月报{why}、未计入", "This month's report is not counted: {why_en}").fill(
            why=why.zh, why_en=why.en.lower()
        )
    there = {_kind(look, one) for one in known}
    kinds = [kind for kind in (_REPORTING, _CARRIED, _QUARTERLY) if kind in there]
    named = listed(kinds[:-1])
    both = Text(f"{named.zh}和{kinds[-1].zh}", f"{named.en} and {kinds[-1].en}") if len(kinds) > 1 else listed(kinds)
    stands = Text("{head};下表只有{kinds}。", "{head}; the table holds only {kinds}.") if kinds else Text("{head}。", "{head}.")
    yield Words(look.say(stands.fill(head=head, kinds=both)))


def _kind(look: Look, reading: Reading) -> Text:
    words = remark(reading, look.catalogue)
    return _REPORTING if words is None else _CARRIED if words == CARRIED else _QUARTERLY


def _rows(look: Look, known: Sequence[Reading], cells: Callable[[Reading], list[str]]) -> list[list[str]]:
    """A row a reading; before those that are not this month's, a row that says what they are."""
    groups: dict[Text, list[Reading]] = {NOTHING: [], CARRIED: []}
    for one in known:
        groups.setdefault(remark(one, look.catalogue) or NOTHING, []).append(one)
    rows = []
    for words, found in groups.items():
        head = look.say(words)
        rows += [[head[:1].upper() + head[1:]]] if found and head else []
        rows += [[look.say(look.catalogue.indicator[one.id].label), *cells(one), status(look, one)] for one in found]
    return rows


def _aims(reading: Reading) -> str:
    """`60/80%`: both goals in few letters, or the one that is set; a dash where none is."""
    aims = [float(aim) for aim in (reading.basic, reading.highest) if aim is not None]
    said = "/".join(kit.number(aim, 0 if aim.is_integer() else 1) for aim in aims)
    return f"{said}{'%' if reading.unit == '%' else ''}" if aims else "—"
