"""One form of the monthly workbook: its elements, and the relations between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from townboard.catalogue.elements import Element, Expression
from townboard.periods import Period
from townboard.text import Text


@dataclass(frozen=True, slots=True)
class Constraint:
    """A relation between elements of one row. `finding` is the id raised when it does not hold."""

    left: Expression
    operator: str  # <= | >= | = | needs
    right: Expression
    finding: str
    rule: str
    sentence: Text


@dataclass(frozen=True, slots=True)
class Percentage:
    """A percentage clerks type although it follows from other cells: recomputed, compared, never stored."""

    label: Text
    aliases: tuple[str, ...]
    numerator: Expression
    denominator: Expression


@dataclass(frozen=True)
class DataSet:
    """One form of the monthly workbook."""

    code: str
    form: str
    sheet: str
    label: Text
    aliases: tuple[str, ...]
    rows: str  # unit | village | community | task | free
    cycle: str  # monthly | quarterly
    elements: tuple[Element, ...]
    constraints: tuple[Constraint, ...] = ()
    percentages: tuple[Percentage, ...] = ()
    row_names: tuple[str, ...] = ()

    @cached_property
    def by_code(self) -> dict[str, Element]:
        """Elements by code."""
        return {element.code: element for element in self.elements}

    @cached_property
    def related(self) -> tuple[tuple[str, bool], ...]:
        """The elements that constraints, percentages or row checks compare, and whether the office keeps each."""
        sides = [side for entry in self.constraints for side in (entry.left, entry.right)]
        sides += [side for entry in self.percentages for side in (entry.numerator, entry.denominator)]
        named = {term.symbol for side in sides for term in side.terms} | {"progress"}
        return tuple((element.code, element.fill == "prefilled") for element in self.elements if element.code in named)

    @cached_property
    def stored(self) -> tuple[Element, ...]:
        """The elements that have a column in the store."""
        return tuple(element for element in self.elements if element.is_stored)

    def asked(self, period: Period) -> tuple[Element, ...]:
        """The elements of the month's sheet, in the order of the form."""
        return tuple(element for element in self.elements if element.asked_in(period))

    def due_in(self, period: Period) -> bool:
        """Whether the form is due that month."""
        return self.cycle == "monthly" or period.closes_quarter

    def data_period(self, period: Period) -> Period:
        """The month whose report stands for `period`: itself, or the last quarter month."""
        return period if self.cycle == "monthly" else period.last_quarter_month
