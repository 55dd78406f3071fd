"""Burden reduction: duties, signs, certificates and forms from the baseline to now; and the cells that we ourselves ask for."""

from __future__ import annotations

import streamlit as st

from townboard import shell
from townboard.charts import burden
from townboard.shell import burden_sheet
from townboard.text import Text


def page() -> None:
    """Layout only."""
    if not shell.may_open("burden"):
        return
    shell.heading(Text("基层减负", "Burden reduction"),
                  Text("压减工作事务、牌子、证明和报表;也公开我们自己要求填报的格数。",
                       "Fewer duties, signs, certificates and forms; and, in the open, how many cells we ourselves ask for."))  # fmt: skip
    shell.banner()
    view = shell.view()
    said = Text("季报:减负数字为{quarter}末。", "Quarterly: the figures are those of {quarter}.")
    st.caption(shell.say(said.fill(quarter=burden_sheet.quarter(view).label)))
    shell.show(burden_sheet.rates(view), view)
    shell.show(burden_sheet.before_and_now(view.wide, _kind(view)), view.wide)
    st.subheader(shell.say(Text("我们自己的负担:每月填报格数", "Our own burden: cells typed each month")), anchor=False)
    here, beside = st.columns(2)
    with here:
        shell.show(burden_sheet.typed(view.wide)[0], view.wide)
    with beside:
        shell.show(burden_sheet.typed(view)[1], view)


def _kind(view: shell.View) -> str:
    data_set = shell.house().catalogue.data_set["burden"]
    return st.segmented_control(
        shell.say(Text("看哪一类", "Show")), burden.KINDS, default=burden.KINDS[0], required=True, key="br_kind",
        format_func={code: data_set.by_code[f"{code}_now"].label.say(view.language) for code in burden.KINDS}.__getitem__,
    ) or burden.KINDS[0]  # fmt: skip
