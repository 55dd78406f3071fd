"""The sentences over the economy charts: each states the finding, in both languages, from the numbers drawn below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from townboard.charts import kit
from townboard.charts.economy import (
    ABSENT,
    CLOSE,
    NEAR,
    OPERATING,
    STAGES,
    SUBSIDISED,
    band_counts,
    band_words,
    standing_of,
)
from townboard.comparing import BANDS
from townboard.periods import Period
from townboard.text import Text, number_of

NOTHING = Text("本月还没有村集体经济数据", "No village income has been reported for this month")


def months_title(
    months: pd.DataFrame, basic: float | None, line: Sequence[float] | None = None, *, own: bool = False
) -> Text:  # fmt: skip
    """Where the share stands against what is due by now, and how many months are gaps: `10月有 58/128 个村达标(45.3%),时序应达 50.0%,慢 4.7
    个百分点`. `own`: `line` is last year's own months, which is another pace than the calendar's."""
    known = months[months["numerator"].notna()]
    if known.empty:
        return NOTHING
    last = known.iloc[-1]
    said = Text("{m}有 {share} 个村达标({pc})", "{me}: {share} villages at the goal ({pc})").fill(
        m=kit.month_short(last["period"], "zh"), me=kit.month_short(last["period"], "en"),
        share=kit.share(last["numerator"], last["denominator"]), pc=kit.percent(last["numerator"], last["denominator"]),
    )  # fmt: skip
    if basic is not None:
        month = int(last["period"][5:])
        pace = line[month - 1] if line else basic * month / 12
        now = float(last["numerator"]) * 100 / float(last["denominator"])
        due = Text("按上年进度应达", "due by last year's months") if own else Text("时序应达", "due by now")
        words = Text(",与{due}的 {p}% 持平", ", level with the {p}% {due}")
        if abs(now - pace) >= 0.05:
            fast = Text(",{due} {p}%,快 {d} 个百分点", ", {d} points ahead of the {p}% {due}")
            words = fast if now > pace else Text(",{due} {p}%,慢 {d} 个百分点", ", {d} points behind the {p}% {due}")
        more = words.fill(d=kit.number(abs(now - pace), 1), p=kit.number(pace, 1), due=due)
        said = Text(said.zh + more.zh, said.en + more.en)
    blank = int(months.iloc[: int(known.index[-1]) + 1]["numerator"].isna().sum())
    if not blank:
        return said
    more = Text(";有{n}个月没有数据(留空)", "; {n:month has|months have} no data (gaps)").fill(n=blank)
    return Text(said.zh + more.zh, said.en + more.en)


def bands_title(villages: pd.DataFrame) -> Text:
    """`最多的一档是10–30万(52个村);10万以下6个村,百万元村3个`."""
    counts = band_counts(villages)
    if not sum(counts):
        return NOTHING
    top = max(range(len(counts)), key=lambda n: (counts[n], -n))
    words = band_words(*BANDS[top])
    return Text(
        f"最多的是{words.zh}一档({counts[top]}个村);10万以下{counts[0] + counts[1]}个村,百万元村{counts[5]}个",
        f"Most villages ({counts[top]}) are at {words.en}; {counts[0] + counts[1]} below 100k, {counts[5]} at one million yuan or more",
    )


def around_title(villages: pd.DataFrame, threshold: float) -> Text:
    """`27–30万元的村有14个,另有9个村只靠补助达标`."""
    stands = standing_of(villages, threshold)
    if (stands == ABSENT).all():
        return NOTHING
    close, helped = int((stands == CLOSE).sum()), int((stands == SUBSIDISED).sum())
    if not close and not helped:
        return Text(
            "27–30万元之间没有村,也没有只靠补助和其他收入达标的村",
            "No village is close to the goal, and none reached it only with subsidies",
        )
    return Text(
        f"有{close}个村离30万元不到{threshold - NEAR:g}万元;{helped}个村只靠补助和其他收入达标",
        f"{number_of(close, 'village is', 'villages are')} within {(threshold - NEAR) * 10:g}k of the goal; {helped} reached it only with subsidies and other income",
    )


def near_title(near: pd.DataFrame, threshold: float, gap: int, *, old: int = 0) -> Text:
    """`27–30万元的14个村合计还差21.30万元`: how far the nearest villages are, and whether they would close the gap.

    `gap`: villages still needed by the newest report of each, `old` of them from an earlier month.
    """
    if near.empty:
        return Text("没有27–30万元之间的村", "No village stands between 270,000 and 300,000 yuan")
    short = float((threshold - near["goal_income"]).sum())
    said = Text(
        f"{len(near)}个村在{NEAR:g}–{threshold:g}万元之间,合计还差{kit.number(short, 2)}万元",
        f"{number_of(len(near), 'village stands', 'villages stand')} between {NEAR * 10:g},000 and {threshold * 10:g},000 yuan, {kit.money(short).en} short in all",
    )
    if gap <= 0:
        return said
    if len(near) >= gap:
        more = Text(f";其中{gap}个村达标就能补上缺口", f"; {gap} of them would close the gap")
    else:
        more = Text(
            f";全部达标也还差{gap - len(near)}个村",
            f"; even all of them leave the goal {number_of(gap - len(near), 'village')} short",
        )
    if old:
        more = Text(f"{more.zh}(未报的按上次报数)", f"{more.en} (the missing by their newest report)")
    return Text(said.zh + more.zh, said.en + more.en)


def income_title(months: pd.DataFrame, threshold: float) -> Text:
    """`截至10月97/128个村总收入 3,512.40 万元,经营性占 88.1%;为村均30万元按月折算的 98.3%`."""
    known = months[months["total_income"].notna()]
    if known.empty:
        return NOTHING
    last = known.iloc[-1]
    pace = float(last["villages_reported"]) * threshold * int(last["period"][5:]) / 12
    total, own = kit.money(last["total_income"]), kit.percent(last["operating_income"], last["total_income"])
    some, villages = kit.number(last["villages_reported"]), kit.number(last["villages"])
    whose = Text(f"{some}/{villages}个村", f" of {some}/{number_of(villages, 'village')}")
    return Text("截至{m}{who}总收入 {t},经营性占 {own};为村均30万元按月折算的 {pc}",
                "Income{who_en} to {me}: {te}, {own} of it operating; {pc} of 300,000 yuan a village by the month").fill(
        who=whose.zh, who_en=whose.en,
        m=kit.month_short(last["period"], "zh"), me=kit.month_short(last["period"], "en"), t=total.zh, te=total.en, own=own,
        pc=kit.percent(last["total_income"], pace),
    )  # fmt: skip


def grown(ago: Period, change: float | None) -> Text:
    """How to read the bars, and the growth of operating income on the same month of last year (villages that reported both)."""
    said = Text("万元,本年累计;斜纹:当月有村没有数据", "10,000 yuan, year to date; hatched: some villages had no figure")
    more = Text(f";{ago.label.zh}没有数据,不作同比", f"; {ago.label.en} has no figures to compare with")
    if change is not None:
        more = Text(
            f";经营性收入同比 {kit.signed(change)}%(两年都报的村)",
            f"; operating income {kit.signed(change)}% on last year (villages in both)",
        )
    return Text(said.zh + more.zh, said.en + more.en)


def standing_title(villages: pd.DataFrame, threshold: float) -> Text:
    """`总收入口径58个村达标,经营性口径49个,相差9个村`."""
    stands = standing_of(villages, threshold)
    if (stands == ABSENT).all():
        return NOTHING
    own, helped = int((stands == OPERATING).sum()), int((stands == SUBSIDISED).sum())
    if not own + helped:
        return Text("两个口径都还没有村达标", "No village has reached the goal, on either basis")
    if not helped:
        return Text(
            f"两个口径都是{own}个村达标,没有靠补助和其他收入达标的村",
            f"{number_of(own, 'village')} reached it on both bases; none by subsidies and other income",
        )
    return Text(
        f"总收入口径{own + helped}个村达标,经营性口径{own}个;相差的{helped}个村靠补助和其他收入达标",
        f"{number_of(own + helped, 'village')} reached on total income, {own} on operating income; "
        f"the {number_of(helped, 'between relies', 'between rely')} on subsidies and other income",
    )


def cooperation_title(counts: Mapping[str, int], reported: int, villages: int) -> Text:
    """`与神农集团合作(97/128个村):31个村已签约、在建或见效,其中见效5个`; without a report nothing is known, which is not none."""
    if not reported:
        return NOTHING
    signed = sum(counts.get(stage, 0) for stage in STAGES[1:])
    return Text(
        f"与神农集团合作({reported}/{villages}个村有数):{signed}个村已签约、在建或见效,其中见效{counts.get('见效', 0)}个;意向{counts.get('意向', 0)}个",
        f"Shennong Group ({reported}/{number_of(villages, 'village')} with figures): {number_of(signed, 'village')} signed, building or yielding "
        f"({counts.get('见效', 0)} yielding); {number_of(counts.get('意向', 0), 'intends', 'intend')} to",
    )
