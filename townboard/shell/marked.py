"""The button that gives a clerk the own workbook back with every finding marked; the file is made when it is pressed."""

from __future__ import annotations

import streamlit as st

from townboard import annotate
from townboard.journey import Examined
from townboard.shell.handing import handed
from townboard.shell.visit import language, say
from townboard.text import Text

BUTTON = Text("下载标注了问题的原表", "Download your workbook with the problems marked")
HELP = Text("原表不变:有问题的格子上色并加批注,行尾加“错误说明”,另附错误清单。改好后直接上传即可,标注不会被读入。",
            "Your own sheets, with coloured and commented cells, a column “What to fix” and a list. Correct it and upload it as it is: the marks are not read.")  # fmt: skip


def marked_button(examined: Examined) -> None:
    """Draw it where there is something to mark."""
    if examined.refusal is not None or not examined.findings:
        return
    spoken = language()
    name = annotate.file_name(examined.name, spoken)
    st.download_button(
        say(BUTTON), handed(lambda: annotate.annotated(examined, spoken), "marked workbook", unit=examined.unit, period=str(examined.period)), name, annotate.mime(name), help=say(HELP), icon=":material/rate_review:",
        on_click="ignore", key=f"marked_{examined.unit}_{examined.period}",
    )  # fmt: skip
