-- Answers: How are each unit's villages spread over the income bands (万元, lower bound included)?
-- Grain: one row a unit with villages, reported or not
-- Params: $units, $period, $basis, $as_of, $goal_income_basis
-- Columns: unit, villages, villages_reported, band_0_5, band_5_10, band_10_30, band_30_50, band_50_100, band_100_up, not_reported
-- Used by: the command line
with reported as (
    select
        v.org_unit,
        case
            when $goal_income_basis = 'operating' then v.operating_income
            else cast(cast(v.operating_income + v.subsidy_income + v.other_income as decimal(18, 4)) as double precision)
        end as goal_income
    from village_economy v
    join in_force f
        on f.submission_id = v.submission_id
        and f.unit = v.unit
        and f.data_set = 'village_economy'
        and f.period = $period
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    where v.unit = any($units)
)
select
    p.unit,
    count(*) as villages,
    count(r.goal_income) as villages_reported,
    count(*) filter (where r.goal_income < 5) as band_0_5,
    count(*) filter (where r.goal_income >= 5 and r.goal_income < 10) as band_5_10,
    count(*) filter (where r.goal_income >= 10 and r.goal_income < 30) as band_10_30,
    count(*) filter (where r.goal_income >= 30 and r.goal_income < 50) as band_30_50,
    count(*) filter (where r.goal_income >= 50 and r.goal_income < 100) as band_50_100,
    count(*) filter (where r.goal_income >= 100) as band_100_up,
    count(*) filter (where r.goal_income is null) as not_reported
from org_unit p
join org_unit u on u.code = p.unit and u.from_time <= $as_of and u.to_time > $as_of
left join reported r on r.org_unit = p.code
where p.level = 'village'
    and p.in_goal_denominator
    and p.unit = any($units)
    and p.from_time <= $as_of
    and p.to_time > $as_of
group by p.unit, u.sort_order
order by u.sort_order nulls last, p.unit
