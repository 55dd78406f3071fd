"""What is being looked at: county, month, unit, preliminary or approved, now or at an earlier moment; and who is in the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from townboard.catalogue import Catalogue
from townboard.charts.kit import RETURNED, WAITING
from townboard.periods import Period
from townboard.shell import standing
from townboard.shell.visit import house, local_time
from townboard.text import Language, Text, listed, same

LOOK_KEY = "townboard_look"
"""Session key: the View of the page that is open."""
BASIS_WORDS = {"preliminary": Text("含未审核", "Preliminary"), "approved": Text("仅已审核", "Approved only")}


@dataclass(frozen=True, slots=True)
class View:
    """One look at the figures. `units` are the units in scope and filter, in official order; `expected` those that owe the
    month's workbook (who is `exempt` does not), `reported` those whose figures stand on this basis, `unapproved` those of them not yet
    approved, `partial` those of them that lack forms, with the forms, `returned` those whose workbook was sent back: it counts nowhere; `waiting`
    those whose workbook waits for approval where only approved figures count.

    `as_of`: the moment (naive UTC) the figures are shown as they stood at; None for now. `village`: the village or community that the
    township page looks at. `band`: the income band picked (see `url_state.BANDS`). `around`: the same look without the unit picked,
    in which `picked` names it. `before`: when the newest workbook of an earlier month was sent.
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
    waiting: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()
    partial: tuple[tuple[str, tuple[str, ...]], ...] = ()
    village: str | None = None
    band: str | None = None
    around: View | None = None
    picked: str | None = None
    before: datetime | None = None

    @property
    def wide(self) -> View:
        """The look at all units, for charts whose rows are units: the one picked is marked in them, the others stay."""
        return self.around or self

    @property
    def missing(self) -> tuple[str, ...]:
        """The units whose workbook of the month is due and not there, in official order."""
        return tuple(unit for unit in self.expected if unit not in self.reported)

    @property
    def held_back(self) -> dict[str, Text]:
        """The units whose workbook is there and does not count here, and why."""
        return dict.fromkeys(self.waiting, WAITING) | dict.fromkeys(
            (code for code in self.returned if code not in self.reported), RETURNED
        )

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue, with the places that the list held at the moment looked at."""
        return house().catalogue if self.as_of is None else house().store.catalogue_at(self.as_of)

    def name(self, code: str) -> Text:
        """A place's name in both languages, as it was at the moment looked at."""
        return self.catalogue.org_unit[code].label


def name(code: str) -> Text:
    """A place's name in both languages, as it is now."""
    return house().catalogue.org_unit[code].label


def coverage_line(view: View) -> Text:
    """「8/10 个单位已报;部分报送:西谷乡(缺清化收);退回修改、不计入:孟封镇;未报:清源镇;含 2 个单位未审核数据」 — who is in the figures, who not."""
    came = [unit for unit in view.expected if unit in view.reported]
    said = Text("{n}/{of} 个单位已报", "{n} of {of:unit|units} reported")
    if view.basis == "approved":
        said = Text("{n}/{of} 个单位已审核", "{n} of {of:unit|units} approved")
    said = said.fill(n=len(came), of=len(view.expected))
    if not view.expected:
        said = Text("本月无应报单位", "No report is due this month")
    parts = [
        (Text(";部分报送:{names}", "; partial: {names}"), [lacking(view.name(unit), forms) for unit, forms in view.partial]),
        (Text(";退回修改、未计入:{names}", "; returned and not counted: {names}"), [view.name(unit) for unit in view.missing if unit in view.returned]),
        (Text(";待审核、未计入:{names}", "; not approved yet and not counted: {names}"), [view.name(unit) for unit in view.missing if unit in view.waiting]),
        (Text(";未报:{names}", "; not reported: {names}"), [view.name(unit) for unit in view.missing if unit not in view.held_back]),
        (Text(";免报:{names}", "; exempt: {names}"), [view.name(unit) for unit in view.exempt]),
    ]  # fmt: skip
    if view.unapproved:
        parts.append((Text(";含 {n} 个单位未审核数据", "; {n} not yet approved").fill(n=len(view.unapproved)), [same("")]))
    for words, names in parts:
        if names:
            more = words.fill(names=listed(names))
            said = Text(said.zh + more.zh, said.en + more.en)
    return said


def lacking(unit: Text, forms: Sequence[str]) -> Text:
    """`西谷乡(缺清化收、三资平台)`: a unit's name and the forms its report lacks."""
    labels = [house().catalogue.data_set[form].label for form in forms]
    return Text("{unit}(缺{forms})", "{unit} (without {forms})").fill(unit=unit, forms=listed(labels))


def as_of_line(view: View) -> Text:
    """「数据截至 2022-11-02 17:20」: when the latest workbook in these figures was sent; or the earlier moment that is shown."""
    if view.as_of is not None:
        return Text("历史时点:{at}", "As it stood at {at}").fill(at=local_time(view.as_of))
    if view.last_sent is None and view.before is not None:
        return Text("本月尚无数据,最近一次报送 {at}", "No data this month, last sent {at}").fill(at=local_time(view.before))
    if view.last_sent is None:
        return Text("尚无数据", "No data yet")
    return Text("数据截至 {at}", "Data as of {at}").fill(at=local_time(view.last_sent))


def same_units(view: View, period: Period) -> tuple[str, ...]:
    """The units looked at that reported both the view's month and another one: what two months may be compared on."""
    found = standing.standings(view.store, view.data_version, view.units, view.as_of)
    other = standing.of_month(found, period, view.basis, view.units)
    return tuple(unit for unit in view.reported if unit in other)
