"""Figures of clean-and-collect: the frozen first half, what came in, the platform. Resolved debt is never added to cash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from townboard.catalogue import Element, unit_words
from townboard.charts import bars, kit
from townboard.charts.board import FIGURE, Board, Part, cell, heads
from townboard.text import Language, Text, listed, number_of

BASELINES = ("contracts_checked", "contract_amount", "fees_due", "debt_locked", "resource_area_found")
"""What the first half found and the register keeps: the second half is measured against it (domain §4.3, BASE)."""


def baseline(villages: pd.DataFrame, elements: Sequence[Element]) -> pd.DataFrame:
    """The first half in sums: element, label, unit, total (missing where no village has one) and `villages` that have one."""
    return pd.DataFrame([
        {"element": one.code, "label": one.label, "unit": unit_words(one.unit), "total": villages[one.code].sum(min_count=1),
         "villages": int(villages[one.code].notna().sum())}
        for one in elements
    ])  # fmt: skip


def baseline_board(sums: pd.DataFrame, villages: int, language: Language) -> Board:
    """The sums as a small table; `villages`: how many there are, so that nobody takes a sum for the whole."""
    titles = (Text("摸底内容", "What was found"), Text("基数", "Baseline"), Text("有基数的村", "Villages with one"))
    rows = []
    for row in kit.rows(sums):
        whole = float(row.total).is_integer() if not kit.missing(row.total) else True
        said = f"{kit.number(row.total, 0 if whole else 2)} {row.unit.say(language)}".strip()
        if row.unit == unit_words("万元"):
            said = kit.money(row.total).say(language)
        rows.append((cell(row.label.say(language)), cell(Part(said, FIGURE)), cell(f"{row.villages}/{villages}")))
    return Board(heads(titles, language), tuple(rows))


def baseline_title(sums: pd.DataFrame) -> Text:
    """`上半篇:摸排合同 5,053 份、涉及 2.36 亿元,锁定债务 …`."""
    total = {row.element: row.total for row in kit.rows(sums)}
    if all(kit.missing(value) for value in total.values()):
        return Text("上半篇:还没有基数", "First half: no baseline yet")
    return Text(
        "上半篇(摸底):合同 {n} 份、涉及 {amount};应收未收承包费 {fees},锁定债务 {debt}",
        "First half: {n:contract|contracts} worth {amount}; {fees} of fees unpaid, {debt} of debt locked",
    ).fill(n=kit.number(total["contracts_checked"]), amount=kit.money(total["contract_amount"]), fees=kit.money(total["fees_due"]),
           debt=kit.money(total["debt_locked"]))  # fmt: skip


def kept(register: pd.DataFrame, villages: pd.DataFrame) -> pd.DataFrame:
    """One row a village with its BASELINES: the register's, and where it holds none the village's own figure of the month.

    `register`: queries/baseline_by_village.sql; `villages`: queries/clean_collect_by_village.sql.
    """
    own = villages.set_index("org_unit").reindex(register["org_unit"])
    return register.assign(
        **{
            code: pd.to_numeric(register[code]).fillna(pd.Series(own[code].to_numpy(), index=register.index))
            for code in BASELINES
        }
    )


def frozen(register: pd.DataFrame, names: Mapping[str, str], language: Language) -> Text:
    """Since when the baselines stand, whose are not in the register, and whose were changed afterwards."""
    held = register[list(BASELINES)].notna()
    there = register[held.any(axis=1)]
    if there.empty:
        return Text(
            "名录里还没有冻结的基数,下面是各村上报的数。",
            "The register holds no frozen baseline; these are the villages' own figures.",
        )
    parts = [Text("基数自 {day} 起在名录中冻结,不随当月报送变化", "Frozen in the register since {day}, whatever the month brings").fill(
        day=f"{pd.Timestamp(there['recorded_at'].min()):%Y-%m-%d}")]  # fmt: skip
    without = [names[code] for code in register[~held.all(axis=1)]["org_unit"]]
    if without:
        parts.append(Text("{n} 个村名录基数不全,用上报数:{who}", "{n:village lacks|villages lack} some there, their own figures stand: {who}").fill(
            n=len(without), who=_named(without, language)))  # fmt: skip
    changed = register[register["changes"] > 0]
    if changed.empty:
        parts.append(Text("冻结后没有改动", "none was changed since"))
    else:
        parts.append(Text("冻结后改过 {n} 个村(最近 {day}):{who}", "changed since in {n:village|villages} (last {day}): {who}").fill(
            n=len(changed), day=f"{pd.Timestamp(changed['changed_at'].max()):%Y-%m-%d}", who=_named([names[code] for code in changed["org_unit"]], language)))  # fmt: skip
    return Text(";".join(part.zh for part in parts) + "。", "; ".join(part.en for part in parts) + ".")


def _named(found: Sequence[str], language: Language, most: int = 6) -> str:
    shown = listed(found[:most]).say(language)
    return shown + (Text("等", " and more").say(language) if len(found) > most else "")


def no_new_debt(villages: pd.DataFrame) -> Text | None:
    """That no village has new debt, and how many villages say so; None where one has some, or nothing is known."""
    known = villages["debt_new"].dropna()
    if known.empty or (known > 0).any():
        return None
    silent = len(villages) - len(known)
    said = Text("有数据的 {n} 个村都没有新增债务", "None of the {n:village|villages} with a figure has new debt").fill(
        n=len(known)
    )
    if not silent:
        return said
    more = Text(",另有 {n} 个村没有数据", "; {n} have no figure").fill(n=silent)
    return Text(said.zh + more.zh, said.en + more.en)


def new_debt(villages: pd.DataFrame, language: Language, most: int = 12) -> Text | None:
    """Villages with new debt by name and amount; nothing where there is none. `villages`: unit_name, name, debt_new (万元)."""
    fresh = villages[villages["debt_new"].fillna(0) > 0]
    if fresh.empty:
        return None
    found = [f"{row.unit_name} {row.name} {kit.money(row.debt_new).say(language)}" for row in fresh.itertuples(index=False)]
    more = Text("等", " and more").say(language) if len(found) > most else ""
    named = listed(found[:most]).say(language) + more
    return Text("{n} 个村出现新增债务(严禁新增):{named}", "New debt, which is forbidden ({n}): {named}").fill(
        n=len(found), named=named
    )


def _column(frame: pd.DataFrame, code: str) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in frame[code]]


def of_villages(title: Text, known: int, villages: int) -> Text:
    """A finding over sums with how many villages they are of, where some have no figure: the first half's are of all."""
    if known >= villages:
        return title
    return Text(f"{title.zh}({known}/{villages}个村有数)", f"{title.en} ({known}/{number_of(villages, 'village')} with figures)")


def cash(frame: pd.DataFrame, language: Language) -> dict[str, Any]:
    """Cash by unit: fees recovered and fees from new resources, end to end."""
    parts = [
        (Text("收回承包费", "Fees recovered").say(language), _column(frame, "fees_recovered")),
        (Text("新增资源收费", "Fees from new resources").say(language), _column(frame, "resource_fees")),
    ]
    return bars.stacked(
        list(frame["name"]),
        parts,
        language,
        unit=unit_words("万元").say(language),
        reported=[bool(v) for v in frame["reported"]],
        states=kit.states(frame),
    )


def debt(frame: pd.DataFrame, language: Language) -> dict[str, Any]:
    """Debt by unit: locked, and inside it resolved, and inside that written off (no cash)."""
    layers = [
        (Text("锁定债务", "Locked").say(language), _column(frame, "debt_locked")),
        (Text("已化解", "Resolved").say(language), _column(frame, "debt_resolved")),
        (Text("其中核销(非现金)", "Written off (no cash)").say(language), _column(frame, "debt_written_off")),
    ]
    return bars.nested(
        list(frame["name"]),
        layers,
        language,
        unit=unit_words("万元").say(language),
        reported=[bool(v) for v in frame["reported"]],
        states=kit.states(frame),
        decimals=2,
    )


def platform(frame: pd.DataFrame, language: Language) -> dict[str, Any]:
    """Villages by unit: all, on the platform, publishing their accounts every month. `frame`: name, reported, villages and the counts."""
    layers: list[tuple[str, list[float | None]]] = [
        (Text("全部村", "All villages").say(language), [float(value) for value in frame["villages"]]),
        (Text("接入平台", "On the platform").say(language), _column(frame, "villages_online")),
        (Text("按月公开财务", "Publishing accounts").say(language), _column(frame, "villages_disclosing")),
    ]
    sent = [bool(value) for value in frame["reported"]]
    shown = [(words, [value if ok else None for value, ok in zip(values, sent, strict=True)]) for words, values in layers]
    return bars.nested(
        list(frame["name"]), shown, language, unit=unit_words("村").say(language), reported=sent, states=kit.states(frame)
    )


def platform_title(frame: pd.DataFrame) -> Text:
    """`三资平台:接入 118/128 村,按月公开财务 120/128 村`, of the units that reported."""
    sent = frame[frame["reported"].astype(bool)]
    if sent.empty:
        return Text("三资平台:尚无数据", "Three-assets platform: no data yet")
    of = kit.number(sent["villages"].sum())
    return Text("三资平台:接入 {on}/{of} 村,按月公开财务 {open}/{of} 村", "Platform: {on} of {of:village|villages} on it, {open} of {of} publish accounts monthly").fill(
        on=kit.number(sent["villages_online"].sum(min_count=1)), open=kit.number(sent["villages_disclosing"].sum(min_count=1)), of=of)  # fmt: skip


def platform_words(frame: pd.DataFrame) -> Text:
    """Alerts since the start and trades of the year, in one sentence; a part nobody reported is a dash."""
    raised, handled, trades = (kit.number(frame[code].sum(min_count=1)) for code in ("alerts_raised", "alerts_handled", "trades"))
    return Text(
        "预警 {raised} 件,已处置 {handled} 件;本年平台交易 {trades} 宗,{amount}。每行数字:全部村 → 接入 → 公开。",
        "{raised:alert|alerts}, {handled} handled; {trades:trade|trades} this year worth {amount}. On each row: all villages → on the platform → publishing.",
    ).fill(raised=raised, handled=handled, trades=trades, amount=kit.money(frame["trade_amount"].sum(min_count=1)))  # fmt: skip
