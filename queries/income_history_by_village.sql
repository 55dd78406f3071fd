-- Answers: What had every village earned by each month, and what did it expect of the year?
-- Grain: one row a village and month that stands
-- Params: $units, $first_period, $period, $basis, $as_of, $goal_income_basis
-- Columns: period, unit, org_unit, in_goal_denominator, operating_income, total_income, goal_income, expected_income
-- Used by: townboard/shell/outlooks.py
with village_month as (
    select
        v.period,
        v.unit,
        v.org_unit,
        v.operating_income,
        cast(cast(v.operating_income + v.subsidy_income + v.other_income as decimal(18, 4)) as double precision) as total_income,
        v.expected_income
    from village_economy v
    join in_force f
        on f.submission_id = v.submission_id
        and f.unit = v.unit
        and f.period = v.period
        and f.data_set = 'village_economy'
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    where v.unit = any($units) and v.period >= $first_period and v.period <= $period
)
select
    m.period,
    m.unit,
    m.org_unit,
    p.in_goal_denominator,
    m.operating_income,
    m.total_income,
    case when $goal_income_basis = 'operating' then m.operating_income else m.total_income end as goal_income,
    m.expected_income
from village_month m
join org_unit p on p.code = m.org_unit and p.from_time <= $as_of and p.to_time > $as_of
order by m.period nulls last, p.sort_order nulls last, m.org_unit nulls last
