"""The audit trail on its page: is the chain whole, the rows asked for, and their download."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import streamlit as st

from townboard import downloads, trail
from townboard.catalogue import OrgUnit
from townboard.deadlines import local_date
from townboard.shell.handing import handed
from townboard.shell.visit import house, language, local_time, say
from townboard.store.audit import listed
from townboard.store.audit import people as everybody
from townboard.text import Text, same

TITLE = Text("操作记录 {n} 条", "{n:entry|entries} of the audit trail")
SOURCE = Text("本系统操作记录", "The audit trail of this system")
WHOLE = Text("校验通过:共 {n} 条,没有被改动、删除或调换。末条校验码 `{hash}`,可抄存备查。",
             "The chain is whole: {n:row|rows}, none changed, taken out or moved. The last row's check code is `{hash}`; keep a copy elsewhere.")  # fmt: skip
_FORMATS = (
    ("xlsx", Text("下载 Excel", "Download Excel"), downloads.xlsx),
    ("csv", Text("下载 CSV", "Download CSV"), downloads.csv),
)


def today() -> date:
    """The county's calendar day."""
    return local_date(datetime.now(UTC).replace(tzinfo=None), house().catalogue.settings)


def people() -> list[str]:
    """Everybody who stands in the trail."""
    return everybody(house().store.rows)


def units() -> list[OrgUnit]:
    """The own county's reporting units."""
    known = house().catalogue
    return list(known.units(known.settings.county))


def verified() -> None:
    """Whether the chain is whole, said with the hash of its end."""
    found = house().store.verify_audit()
    for words in found.untold[-5:]:
        st.warning(say(words), icon=":material/help_center:")
    if found.is_whole:
        st.success(say(WHOLE.fill(n=found.head.n, hash=found.head.hash[:16])), icon=":material/verified_user:")
        return
    lines = "\n".join(f"- {say(mistake)}" for mistake in found.mistakes[:20])
    words = Text(
        "校验未通过,请保留现场并联系管理员:", "The chain is broken; leave everything as it is and ask the administrator:"
    )
    st.error(f"{say(words)}\n\n{lines}", icon=":material/gpp_bad:")


def listing(first: date, last: date, *, actor: str, unit: str, actions: Sequence[str]) -> None:
    """The rows of the days asked for, newest first, and both downloads."""
    home, spoken = house(), language()
    off = timedelta(hours=home.catalogue.settings.clock_offset_hours)
    begin, end = datetime.combine(first, time()) - off, datetime.combine(last, time()) - off + timedelta(days=1)
    frame = trail.in_words(listed(home.store.rows, begin, end, actor=actor, actions=actions, unit=unit), home.catalogue, spoken)
    title = TITLE.fill(n=len(frame))
    with st.container(border=True, key="block_audit"):
        st.markdown(f"##### {say(title)}")
        if frame.empty:
            st.info(say(Text("没有符合条件的记录。", "Nothing was recorded that fits.")), icon=":material/hide_source:")
            return
        heads = {column.code: column.heading(spoken) for column in trail.COLUMNS}
        config = {code: st.column_config.TextColumn(words) for code, words in heads.items() if code != "n"}
        config["n"] = st.column_config.NumberColumn(heads["n"], width="small", format="%d")
        config["detail"] = st.column_config.TextColumn(heads["detail"], width="large")
        config["hash"] = st.column_config.TextColumn(heads["hash"], width="small")
        st.dataframe(frame, hide_index=True, column_config=config, key="grid_audit", height=min(620, 80 + 35 * len(frame)))
        named = home.catalogue.org_unit
        filters = (
            (Text("日期", "Dates"), same(f"{first} – {last}")),
            (Text("操作人", "Who"), same(actor) if actor else Text("全部", "all")),
            (Text("单位", "Unit"), named[unit].label if unit in named else Text("全部", "all")),
            (Text("操作", "What"), Text("、".join(trail.words(one).zh for one in actions) or "全部",
                                       ", ".join(trail.words(one).en for one in actions) or "all")),
        )  # fmt: skip
        made = local_time(datetime.now(UTC).replace(tzinfo=None, microsecond=0))
        about = downloads.About(title=title, filters=filters, as_of=made, missing=(), source=SOURCE, invented=home.invented)
        detail = "; ".join(f"{label.en}: {value.en}" for label, value in filters)
        stem = Text("操作记录 {first} {last}", "audit {first} {last}").fill(first=first, last=last)
        with st.container(horizontal=True, gap="small"):
            for ending, words, write in _FORMATS:
                st.download_button(
                    say(words), handed(lambda write=write: write(frame, trail.COLUMNS, about, spoken), "audit", detail=detail),  # type: ignore[misc]
                    downloads.name(stem, spoken, ending, invented=about.invented), key=f"{ending}_audit", on_click="ignore",
                    icon=":material/download:",
                )  # fmt: skip
