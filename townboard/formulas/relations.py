"""The row relation of every indicator source: one row a place that should report, NULLs where it has not.

Each is SQL text ending in a step `place_row` with org_unit, unit, county, row_reported (its figures stand), row_sent (its unit sent
something), row_approved, row_exempt (its unit need not report the month), the elements of the data set, and the derived columns named in the functions below. Parameters: `$units`,
`$county`, `$period`, `$basis`, `$as_of`, and those of `formulas.parameters`.
"""

from __future__ import annotations

from townboard.catalogue import Catalogue, DataSet
from townboard.formulas.relations_reports import EXEMPT, PROBLEM, REPORT, TASK
from townboard.tables import stored

_STANDS = """f.data_set = '{code}'
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of"""

_ALWAYS = {
    "village_economy": frozenset({"operating_income", "subsidy_income", "other_income", "expected_income",
                                  "last_year_total_income", "last_year_operating_income"}),
    "clean_collect": frozenset({"closing_requested"}),
}  # fmt: skip
"""Elements that derived columns are made of."""

_PLACES = """p.level = '{level}'
        and p.county = $county
        and p.unit = any($units)
        and p.from_time <= $as_of
        and p.to_time > $as_of"""
"""The places that the list held at the moment asked for."""


def relation(catalogue: Catalogue, source: str, needed: frozenset[str] | None = None) -> str:
    """The relation of a data set, of the reports themselves, of tasks, or of problems and models.

    `needed` keeps to the elements with these names (all of them when None): planning a wide query costs more than answering it.
    """
    form = catalogue.data_set.get(source)
    if form is not None:
        kept = None if needed is None else needed | _ALWAYS.get(source, frozenset())
        elements = [element.code for element in stored(form) if kept is None or element.code in kept]
        special = {"village_economy": _village_economy, "clean_collect": _clean_collect}
        return special.get(source, _form)(form, elements)
    return {"report": REPORT, "task": TASK, "problem": PROBLEM}[source]


def _listed(names: list[str], indent: int) -> str:
    return (",\n" + " " * indent).join(names)


def _standing(data_set: DataSet, elements: list[str]) -> str:
    """The rows in force of one month."""
    columns = _listed([f"t.{code}" for code in ("org_unit", "carried_from", *elements)], 8)
    return f"""with {EXEMPT},
standing as (
    select
        f.approved as row_approved,
        {columns}
    from {data_set.code} t
    join in_force f
        on f.submission_id = t.submission_id
        and f.unit = t.unit
        and f.period = t.period
        and {_STANDS.format(code=data_set.code)}
    where t.period = $period and t.unit = any($units)
)"""


def _head() -> list[str]:
    return ["p.code as org_unit", "p.unit", "p.county", "s.org_unit is not null as row_reported",
            "s.org_unit is not null as row_sent", "s.row_approved", "z.unit is not null as row_exempt"]  # fmt: skip


def _form(data_set: DataSet, elements: list[str]) -> str:
    """A form of units or communities. Units that do not owe it are no rows: the development zone owes enterprises only, the platform's
    form is owed where there are villages (domain §4.0). `villages`: how many the unit has. `certificates_catalogue`: the county's register."""
    level = data_set.rows if data_set.rows in ("village", "community") else "township"
    columns = [*_head(), "n.villages", "k.number as certificates_catalogue", *(f"s.{code}" for code in elements)]
    owed = ""
    if data_set.code == "assets_platform":
        owed = "\n        and n.villages > 0"
    elif level == "township" and data_set.code != "enterprise_party":
        owed = "\n        and p.kind <> 'development zone'"
    return f"""{_standing(data_set, elements)},
village_count as (
    select v.unit, count(*) as villages
    from org_unit v
    where v.level = 'village'
        and v.from_time <= $as_of
        and v.to_time > $as_of
    group by v.unit
),
place_row as (
    select
        {_listed(columns, 8)}
    from org_unit p
    left join standing s on s.org_unit = p.code
    left join exempt_unit z on z.unit = p.unit
    left join village_count n on n.unit = p.unit
    left join register_value k
        on k.data_set = 'burden'
        and k.element = 'certificates_catalogue'
        and k.org_unit = p.county
        and k.from_time <= $as_of
        and k.to_time > $as_of
    where {_PLACES.format(level=level)}{owed}
)"""


def _village_economy(data_set: DataSet, elements: list[str]) -> str:
    """Every village. Derived: total_income (NULL when a part is), goal_income by `$goal_income_basis`, goal_threshold, last_year_income,
    operating_income__1, __2, __3 (one to three months earlier, same year), operating_income__year_ago, pace_weight (last year's own
    profile, else month/12; cut at six decimals, so that 25 of 30 in October is on pace) and forecast_income (the village's expectation on the total basis, else goal income at its pace)."""
    earlier = [f"b{months}.operating_income as operating_income__{months}" for months in (1, 2, 3)]
    columns = [
        *_head(), "p.in_goal_denominator", *(f"s.{code}" for code in elements), "s.total_income", "s.goal_income",
        "cast($goal_threshold as double precision) as goal_threshold",
        "case when $goal_income_basis = 'operating' then s.last_year_operating_income else s.last_year_total_income end"
        " as last_year_income",
        *earlier, "y.operating_income as operating_income__year_ago",
        "case\n            when y.goal_income > 0 and d.goal_income >= y.goal_income"
        "\n                then floor(1000000 * y.goal_income / nullif(d.goal_income, 0)) / 1000000"
        "\n            else floor(1000000 * $month / 12.0) / 1000000\n        end as pace_weight",
    ]  # fmt: skip
    joins = "\n".join(
        f"    left join months {alias} on {alias}.org_unit = p.code and {alias}.period = ${name}"
        for alias, name in (("b1", "back_1"), ("b2", "back_2"), ("b3", "back_3"), ("y", "year_ago"), ("d", "last_december"))
    )
    return f"""with {EXEMPT},
months as (
    select
        t.period,
        f.approved as row_approved,
        t.org_unit,
        {_listed([f"t.{code}" for code in elements], 8)},
        cast(cast(t.operating_income + t.subsidy_income + t.other_income as decimal(18, 4)) as double precision) as total_income,
        case
            when $goal_income_basis = 'operating' then t.operating_income
            else cast(cast(t.operating_income + t.subsidy_income + t.other_income as decimal(18, 4)) as double precision)
        end as goal_income
    from village_economy t
    join in_force f
        on f.submission_id = t.submission_id
        and f.unit = t.unit
        and f.period = t.period
        and {_STANDS.format(code="village_economy")}
    where t.unit = any($units)
        and t.period in ($period, $back_1, $back_2, $back_3, $year_ago, $last_december)
),
paced as (
    select
        {_listed(columns, 8)}
    from org_unit p
    left join months s on s.org_unit = p.code and s.period = $period
    left join exempt_unit z on z.unit = p.unit
{joins}
    where {_PLACES.format(level="village")}
),
place_row as (
    select
        p.*,
        coalesce(
            case when $goal_income_basis = 'total' then p.expected_income end,
            p.goal_income / nullif(p.pace_weight, 0)
        ) as forecast_income
    from paced p
)"""


def _clean_collect(data_set: DataSet, elements: list[str]) -> str:
    """Every village takes part. `closed`: by the register from the month of the closing on, carried as closed, or by an approved request;
    NULL while nothing is known of the village."""
    columns = [*_head(), "true as in_clean_collect", *(f"s.{code}" for code in elements)]
    return f"""{_standing(data_set, elements)},
closing as (
    select
        g.org_unit,
        g.number,
        row_number() over (
            partition by g.org_unit
            order by g.since desc nulls last, g.from_time desc nulls last
        ) as place
    from register_value g
    where g.data_set = 'clean_collect'
        and g.element = 'closed'
        and g.from_time <= $as_of
        and g.to_time > $as_of
        and substring(cast(g.since as varchar), 1, 7) <= $period
),
closed_village as (
    select c.org_unit
    from closing c
    where c.place = 1 and c.number = 1
),
place_row as (
    select
        {_listed(columns, 8)},
        case
            when k.org_unit is not null or s.carried_from is not null then true
            when s.org_unit is null then null
            else coalesce(s.closing_requested and s.row_approved, false)
        end as closed
    from org_unit p
    left join standing s on s.org_unit = p.code
    left join exempt_unit z on z.unit = p.unit
    left join closed_village k on k.org_unit = p.code
    where {_PLACES.format(level="village")}
)"""
