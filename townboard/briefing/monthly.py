"""The monthly brief (月度通报): the goal, the four tasks, the ranking, who is behind, problems; every unit in the annex."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from townboard import atlas, forecast
from townboard.briefing import unit_table
from townboard.briefing.look import Look, figure, status
from townboard.briefing.sheet import Block, Break, Chart, Heading, Sheet, Signed, Table, Words
from townboard.charts import economy, economy_words, goal, goal_words, kit, overview, trends
from townboard.charts.readings_board import goals, quarter
from townboard.comparing import BANDS, FEWEST
from townboard.indicators import Reading
from townboard.text import Text, masked, number_of

TASKS = (
    (Text("综合执法", "Law enforcement"), "LE01"), (Text("村集体经济", "Village economy"), "CE01"),
    (Text("清化收", "Clean and collect"), "QH02"), (Text("街道社区", "Street communities"), "CM06"),
    (Text("非公党建", "Private enterprises"), "PE01"),
)  # fmt: skip
LEADING = tuple(id for _, id in TASKS)
KEY = ("CE01", "CE05", "CE09", "QH01", "QH02", "QH03", "QH04", "QH08", "LE01", "LE03", "LE05", "LE06", "CM06", "CM07", "CM09",
       "PE01", "PE04", "BR04", "RP01")  # fmt: skip
"""What a unit's table in the annex holds, where it means anything there."""
RANKED = "CE01"
PROBLEMS = ("问题", "需协调")
LETTERS = {"zh": 16.0, "en": 12.0}
"""Points: Chinese official text is set in size 3."""
SOURCE = Text("来源:各单位月报", "Source: units' monthly workbooks")
_PARTS = (
    Text("一、总体进展", "1. The goal"), Text("二、四项任务", "2. The four tasks"), Text("三、达标村占比排名", "3. Ranking by share of villages"),
    Text("四、进度滞后", "4. Behind schedule"), Text("五、存在问题", "5. Problems"), Text("附件:各单位主要指标", "Annex: every unit's main figures"),
)  # fmt: skip


def brief(look: Look) -> Sheet:
    """The month's brief as a document; its charts are not drawn yet."""
    county, month = look.name(look.county), look.say(look.period.label)
    title = Text(
        f"{county}抓党建促基层治理能力提升专项行动月度通报",
        f"{county}: monthly brief of the special action on grassroots governance",
    )
    parts = (_goal, _tasks, ranking, _behind, _problems, _annex)
    blocks = [block for words, part in zip(_PARTS, parts, strict=True) for block in (*_begin(look, words, part), *part(look))]
    return Sheet(look.say(title), [month, look.say(look.coverage)], look.mark, look.language, blocks, LETTERS[look.language])


def _begin(look: Look, words: Text, part: object) -> list[Block]:
    """A part's heading; the text is signed before its annex."""
    heading = Heading(look.say(words))
    return [Signed(signed(look)), Break(), heading] if part is _annex else [heading]


def signed(look: Look) -> list[str]:
    """The office that issues, and the day."""
    office = Text("{county}专项行动专办", "Special-action office, {county}").fill(
        county=look.catalogue.org_unit[look.county].label
    )
    made = look.made
    day = look.say(Text(f"{made.year}年{made.month}月{made.day}日", f"{made.day} {made:%B %Y}")) if made else ""
    return [look.say(office), *([day] if day else [])]


def _goal(look: Look) -> Iterator[Block]:
    whole, own, gap = (_one(look, id) for id in ("CE01", "CE05", "CE02"))
    yield Words(ended(look, goal_words.standing(look.period.label, whole.numerator, whole.denominator, whole.basic)))
    if kit.missing(whole.value):
        return
    yield Words(look.say(Text(
        f"按经营性收入计算为 {figure(look, own)};距目标还差 {kit.number(gap.value)} 个村,未报的村不算达标。状态:{status(look, whole)}。",
        f"On operating income it is {figure(look, own)}; {number_of(kit.number(gap.value), 'village is', 'villages are')} still needed, the unreported do not count. "
        f"Status: {status(look, whole)}.")))  # fmt: skip
    yield _over_months(look, whole)
    yield units_chart(look, whole)
    yield Words(look.say(_bands(look)))


def units_chart(look: Look, whole: Reading) -> Chart:
    """The economy page's share of villages by unit."""
    labels = {code: look.catalogue.org_unit[code].label for code in look.units}
    units = goal.by_units(look.ask("income_by_village"), {code: look.say(label) for code, label in labels.items()})
    drawn = goal.by_unit(units, basic=whole.basic, language=look.language, held_back=look.held_back)
    return Chart(drawn, look.say(goal_words.units_standing(units, labels, basic=whole.basic)), look.say(SOURCE))


def _over_months(look: Look, whole: Reading) -> Chart:
    """The economy page's first chart under its own sentence: share by month, pace of the year, forecast of December."""
    first, settings = f"{look.period.year}-01", look.catalogue.settings
    year = goal.months_of(look.ask("goal_share_by_period", first_period=first), first, f"{look.period.year}-12")
    history = look.ask("income_history_by_village", first_period=f"{look.period.year - 1}-01")
    pace, ahead, rests_on = None, None, forecast.LINEAR
    if whole.basic is not None:
        pace, rests_on = forecast.pace_line(history, look.period.year, basic=whole.basic)
        count = sum(place.in_goal_denominator for unit in look.units for place in look.catalogue.children(unit, "village"))
        ahead = forecast.outlook(
            history, look.period, count, basic=whole.basic, threshold=settings.goal_threshold, basis=settings.goal_income_basis
        )
    drawn = goal.over_months(
        year, basic=whole.basic, highest=whole.highest, basis=settings.goal_income_basis, language=look.language, pace=pace, ahead=ahead,
        own=rests_on == forecast.PROFILE,
    )  # fmt: skip
    drawn = trends.marked(drawn, list(year["period"]), atlas.occasions(), RANKED, look.language)
    so_far = year[year["period"] <= str(look.period)]
    return Chart(
        drawn, look.say(economy_words.months_title(so_far, whole.basic, pace, own=rests_on == forecast.PROFILE)), look.say(SOURCE)
    )


def ended(look: Look, words: Text) -> str:
    """A page's heading as a sentence of a text."""
    return look.say(words) + ("。" if look.language == "zh" else ".")


def _bands(look: Look) -> Text:
    """How many villages stand in each band of income."""
    counts = economy.band_counts(look.ask("income_by_village"))
    words = [economy.band_words(low, high) for low, high in BANDS]
    zh = "、".join(f"{word.zh} {count} 个" for word, count in zip(words, counts, strict=True))
    en = ", ".join(f"{word.en}: {count}" for word, count in zip(words, counts, strict=True))
    return Text(f"按收入分档,{zh}。", f"Villages by income band: {en}.")


def _tasks(look: Look) -> Iterator[Block]:
    found = {(reading.org_unit, reading.id): reading for reading in
             [*look.readings("county", LEADING), *look.readings("township", LEADING)]}  # fmt: skip
    heads = [look.say(Text("单位", "Unit")), *(labelled(look, found[look.county, id]) for id in LEADING)]
    rows = [
        [look.name(code), *(_cell(look, found.get((code, id)), code) for id in LEADING)] for code in (look.county, *look.units)
    ]
    yield Table(heads, rows, (0.13, *(0.174,) * len(LEADING)))
    targets = [
        f"{look.say(words)} {look.say(goals(found[look.county, id], look.catalogue.indicator[id]))}" for words, id in TASKS
    ]
    yield Words(look.say(Text("目标:", "Goals: ")) + ("；" if look.language == "zh" else "; ").join(targets), small=True)


def labelled(look: Look, reading: Reading) -> str:
    """An indicator's name, and under it of which quarter its figures are."""
    said = quarter(reading, look.catalogue)
    label = look.say(look.catalogue.indicator[reading.id].label)
    return label if said is None else f"{label}\n{look.say(said)}"


def _cell(look: Look, reading: Reading | None, code: str) -> str:
    if reading is None or reading.status == "not_applicable":
        return "–"
    if kit.missing(reading.value):
        return look.say(kit.absence(code, look.missing, look.held_back))
    return f"{figure(look, reading)}\n{status(look, reading)}"


def ranks(readings: Sequence[Reading]) -> dict[str, int]:
    """Org unit → rank by exact share; ties share a rank, units with too few villages or no figure have none."""
    shares = {
        reading.org_unit: Fraction(int(reading.numerator or 0), int(reading.denominator))
        for reading in readings
        if reading.value is not None and reading.denominator and reading.denominator >= FEWEST
    }
    return {code: 1 + sum(other > share for other in shares.values()) for code, share in shares.items()}


def ranking(look: Look) -> Iterator[Block]:
    """The units by their share of villages at the goal, and who is not among them."""
    readings = look.readings("township", (RANKED,))
    placed = ranks(readings)
    order = sorted((reading for reading in readings if reading.org_unit in placed), key=lambda reading: placed[reading.org_unit])
    heads = [
        Text("名次", "Rank"),
        Text("单位", "Unit"),
        Text("达标村", "Villages"),
        Text("占比", "Share"),
        Text("状态", "Status"),
    ]
    rows = [[str(placed[reading.org_unit]), look.name(reading.org_unit), f"{kit.share(reading.numerator, reading.denominator)}",
             kit.percent(reading.numerator, reading.denominator), status(look, reading)] for reading in order]  # fmt: skip
    yield Table([look.say(head) for head in heads], rows, (0.1, 0.25, 0.2, 0.15, 0.3), frozenset({0, 2, 3}))
    note = Text(
        f"占比相同的名次并列;不足{FEWEST}个村或未报的单位不排名。",
        f"Equal shares share a rank; units with fewer than {number_of(FEWEST, 'village')} or no report are not ranked.",
    )
    yield Words(look.say(note), small=True)


def _behind(look: Look) -> Iterator[Block]:
    found = look.readings("township", LEADING)
    frame = overview.behind(found)
    labels = {reading.id: labelled(look, reading) for reading in found}
    names = {code: look.catalogue.org_unit[code].label for code in look.units}
    yield Words(ended(look, overview.behind_title(frame, names, len(LEADING))))
    if frame.empty:
        return
    heads = (Text("单位", "Unit"), Text("指标", "Indicator"), Text("现值", "Value"), Text("进度", "Progress"), Text("时序", "Due"),
             Text("差距(百分点)", "Gap (points)"))  # fmt: skip
    rows = [[look.name(row.org_unit), labels[row.id], f"{kit.number(row.value, 1)}% {row.sides}",
             f"{kit.number(row.progress, 1)}%", f"{kit.number(row.pace, 1)}%", kit.signed(row.difference)] for row in kit.rows(frame)]  # fmt: skip
    yield Table([look.say(head) for head in heads], rows, (0.15, 0.28, 0.2, 0.1, 0.1, 0.17), frozenset({2, 3, 4, 5}))
    yield Words(ended(look, overview.RANKED), small=True)


def _problems(look: Look) -> Iterator[Block]:
    yield Words(ended(look, look.coverage))
    debts = [reading for reading in look.readings("township", ("QH10",)) if reading.value]
    for reading in debts:
        words = Text("{unit}有 {n} 个村新增债务。", "{unit}: new debt in {n:village|villages}.")
        yield Words(look.say(words.fill(unit=look.name(reading.org_unit), n=kit.number(reading.value))))
    rows = problems(look)
    if rows:
        heads = (Text("单位", "Unit"), Text("类型", "Kind"), Text("事项", "Matter"), Text("需协调单位", "Help from"))
        yield Table([look.say(head) for head in heads], rows, (0.16, 0.12, 0.54, 0.18))
    else:
        yield Words(look.say(Text("各单位本月没有上报问题。", "No unit reported a problem this month.")))


def problems(look: Look, unit: str = "") -> list[list[str]]:
    """What units report as a problem or in need of coordination: unit, kind, title and text, who is to help."""
    form = look.catalogue.data_set["problems_models"]
    words = {choice.zh: look.say(choice) for code in ("kind", "help_needed_from") for choice in form.by_code[code].values}
    colon = "\uff1a" if look.language == "zh" else ": "
    return [
        [look.name(row.unit), words.get(row.kind, row.kind),
         colon.join(masked(part).strip() for part in (row.title, row.text) if not kit.missing(part)),
         "—" if kit.missing(row.help_needed_from) else words.get(row.help_needed_from, row.help_needed_from)]
        for row in kit.rows(look.ask("problems_models_by_item"))
        if row.kind in PROBLEMS and unit in ("", row.unit)
    ]  # fmt: skip


def _annex(look: Look) -> Iterator[Block]:
    found = look.readings("township", KEY)
    for code in look.units:
        yield Heading(look.name(code), 2)
        yield from unit_table.of_annex(look, [reading for reading in found if reading.org_unit == code], code)


def _one(look: Look, id: str) -> Reading:
    return look.readings("county", (id,))[0]
