"""How the month's workbook looks: one colour a shade of cell, number formats, widths; and the pen that makes each format once."""

from __future__ import annotations

from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from townboard.template.plan import CARRIED, DERIVED, LOCKED, OPEN, TYPED

FONT = "等线"
INVENTED = "示例数据,非真实 / invented figures"
INK, RULE = "#22333B", "#C9CFD3"
FILL = {TYPED: "#FFFFFF", CARRIED: "#FFF6D6", LOCKED: "#EEF0F1", DERIVED: "#EEF0F1", OPEN: "#FFFFFF"}
HEAD = {
    TYPED: ("#17616B", "#FFFFFF"), CARRIED: ("#E5B94C", INK), LOCKED: ("#8A969C", "#FFFFFF"), DERIVED: ("#8A969C", "#FFFFFF"),
    OPEN: ("#DDEBEC", INK),
}  # fmt: skip
NUMBERS = {"decimal": "#,##0.00##", "integer": "#,##0", "date": "yyyy-mm-dd"}
WIDTHS = {
    "code": 14.5, "text": 16.0, "decimal": 10.5, "integer": 9.5, "boolean": 8.5, "enum": 12.0, "date": 13.0, "month": 13.0,
}  # fmt: skip
WIDE = {"note": 20.0, "text": 60.0, "title": 30.0, "village_name": 11.0, "community_name": 15.0, "help_needed_from": 14.0}
ALIGN = {"decimal": "right", "integer": "right", "boolean": "center", "enum": "center", "date": "center", "code": "center"}


class Pen:
    """The workbook's formats, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.made: dict[tuple[str, ...], Format] = {}
        self.title = self._add(bold=True, font_size=16, font_color="#17616B", align="left")
        self.words = self._add(font_size=10, font_color="#5B6A72", align="left", text_wrap=True)

    def _add(self, **looks: Any) -> Format:
        return self.book.add_format({"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "vcenter", **looks})

    def head(self, shade: str) -> Format:
        """A column's heading, coloured like the work it asks for."""
        key = ("head", shade)
        if key not in self.made:
            back, ink = HEAD[shade]
            self.made[key] = self._add(bold=True, font_size=10, bg_color=back, font_color=ink, align="center", text_wrap=True,
                                       border=1, border_color="#FFFFFF")  # fmt: skip
        return self.made[key]

    def cell(self, shade: str, type: str, *, quoted: bool = False, align: str = "") -> Format:
        """A data cell: fill and border by shade, number format by type, unlocked where the clerk writes."""
        key = ("cell", shade, type, str(quoted), align)
        if key not in self.made:
            looks: dict[str, Any] = {
                "bg_color": FILL[shade],
                "border": 4 if shade == OPEN else 1, "border_color": "#7FA6AB" if shade == OPEN else RULE,
                "locked": shade in (LOCKED, DERIVED), "num_format": NUMBERS.get(type, "@"),
                "align": align or ALIGN.get(type, "left"),
            }  # fmt: skip
            if shade in (LOCKED, DERIVED):
                looks["font_color"] = "#56646B"
            if shade == DERIVED and type == "decimal":
                looks["num_format"] = "#,##0.00##;-#,##0.00##;;@"
            if type in ("text", "name"):
                looks |= {"text_wrap": True, "indent": 1}
            if quoted:
                looks["quote_prefix"] = True
            self.made[key] = self._add(**looks)
        return self.made[key]
