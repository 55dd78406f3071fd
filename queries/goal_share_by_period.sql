-- Answers: How many of all villages had reached the income goal, month by month, on the chosen and on the operating basis?
-- Grain: one row a month in which something stands
-- Params: $units, $first_period, $period, $basis, $as_of, $goal_income_basis, $goal_threshold
-- Columns: period, numerator, numerator_operating, denominator, value, value_operating, villages_reported, units_reported, units_preliminary
-- Used by: townboard/shell/economy_sheet.py, townboard/server.py
with village_month as (
    select
        v.period,
        v.unit,
        f.approved,
        v.operating_income,
        case
            when $goal_income_basis = 'operating' then v.operating_income
            else cast(cast(v.operating_income + v.subsidy_income + v.other_income as decimal(18, 4)) as double precision)
        end as goal_income
    from village_economy v
    join in_force f
        on f.submission_id = v.submission_id
        and f.unit = v.unit
        and f.period = v.period
        and f.data_set = 'village_economy'
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    join org_unit p on p.code = v.org_unit and p.in_goal_denominator and p.from_time <= $as_of and p.to_time > $as_of
    where v.unit = any($units) and v.period >= $first_period and v.period <= $period
),
months as (
    select
        m.period,
        count(*) filter (where m.goal_income >= $goal_threshold) as numerator,
        count(*) filter (where m.operating_income >= $goal_threshold) as numerator_operating,
        count(m.goal_income) as villages_reported,
        count(distinct m.unit) as units_reported,
        count(distinct case when not m.approved then m.unit end) as units_preliminary
    from village_month m
    group by m.period
),
villages as (
    select count(*) as denominator
    from org_unit p
    where p.level = 'village'
        and p.in_goal_denominator
        and p.unit = any($units)
        and p.from_time <= $as_of
        and p.to_time > $as_of
)
select
    m.period,
    m.numerator,
    m.numerator_operating,
    n.denominator,
    100.0 * m.numerator / nullif(n.denominator, 0) as value,
    100.0 * m.numerator_operating / nullif(n.denominator, 0) as value_operating,
    m.villages_reported,
    m.units_reported,
    m.units_preliminary
from months m
cross join villages n
order by m.period nulls last
