-- Answers: How did each unit's village income and its villages at the goal grow, month by month?
-- Grain: one row a unit and month in which something stands
-- Params: $units, $first_period, $period, $basis, $as_of, $goal_income_basis, $goal_threshold
-- Columns: period, unit, approved, villages_in_unit, villages_reported, operating_income, subsidy_income, other_income, total_income, goal_income, villages_at_goal, villages_at_goal_operating
-- Used by: townboard/shell/economy_sheet.py, townboard/shell/trends.py
with village_month as (
    select
        v.period,
        v.unit,
        p.in_goal_denominator,
        f.approved,
        v.operating_income,
        v.subsidy_income,
        v.other_income,
        cast(cast(v.operating_income + v.subsidy_income + v.other_income as decimal(18, 4)) as double precision) as total_income
    from village_economy v
    join in_force f
        on f.submission_id = v.submission_id
        and f.unit = v.unit
        and f.period = v.period
        and f.data_set = 'village_economy'
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    join org_unit p on p.code = v.org_unit and p.from_time <= $as_of and p.to_time > $as_of
    where v.unit = any($units) and v.period >= $first_period and v.period <= $period
),
with_goal as (
    select
        m.*,
        case when $goal_income_basis = 'operating' then m.operating_income else m.total_income end as goal_income
    from village_month m
),
villages as (
    select p.unit, count(*) as villages_in_unit
    from org_unit p
    where p.level = 'village'
        and p.in_goal_denominator
        and p.from_time <= $as_of
        and p.to_time > $as_of
    group by p.unit
)
select
    m.period,
    m.unit,
    min(case when m.approved then 1 else 0 end) = 1 as approved,
    n.villages_in_unit,
    count(*) filter (where m.goal_income is not null) as villages_reported,
    sum(m.operating_income) as operating_income,
    sum(m.subsidy_income) as subsidy_income,
    sum(m.other_income) as other_income,
    sum(m.total_income) as total_income,
    sum(m.goal_income) as goal_income,
    count(*) filter (where m.in_goal_denominator and m.goal_income >= $goal_threshold) as villages_at_goal,
    count(*) filter (where m.in_goal_denominator and m.operating_income >= $goal_threshold) as villages_at_goal_operating
from with_goal m
join villages n on n.unit = m.unit
group by m.period, m.unit, n.villages_in_unit
order by m.period nulls last, m.unit nulls last
