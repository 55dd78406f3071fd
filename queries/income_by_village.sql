-- Answers: What has every village earned this year so far, has it reached the goal, and how sure is the figure?
-- Grain: one row a village, reported or not
-- Params: $units, $period, $basis, $as_of, $goal_income_basis, $goal_threshold
-- Columns: unit, org_unit, in_goal_denominator, reported, approved, submission_id, state, operating_income, subsidy_income, other_income, total_income, goal_income, at_goal, at_goal_operating, annual_target, last_year_total_income, last_year_operating_income, expected_income, main_source, cooperation_stage, land_compensation, note
-- Used by: townboard/shell/economy_sheet.py, pages/township.py, townboard/exploring.py
with last_event as (
    select
        e.submission_id,
        e.state,
        row_number() over (
            partition by e.submission_id
            order by e."at" desc nulls last, case when e.state = 'submitted' then 1 else 0 end, e.state, e.actor
        ) as place
    from event e
    where e."at" <= $as_of
),
reported as (
    select
        v.org_unit,
        f.approved,
        v.submission_id,
        e.state,
        v.operating_income,
        v.subsidy_income,
        v.other_income,
        cast(cast(v.operating_income + v.subsidy_income + v.other_income as decimal(18, 4)) as double precision) as total_income,
        v.annual_target,
        v.last_year_total_income,
        v.last_year_operating_income,
        v.expected_income,
        v.main_source,
        v.cooperation_stage,
        v.land_compensation,
        v.note
    from village_economy v
    join in_force f
        on f.submission_id = v.submission_id
        and f.unit = v.unit
        and f.data_set = 'village_economy'
        and f.period = $period
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    left join last_event e on e.submission_id = v.submission_id and e.place = 1
    where v.unit = any($units)
),
final as (
    select
        r.*,
        case when $goal_income_basis = 'operating' then r.operating_income else r.total_income end as goal_income
    from reported r
)
select
    p.unit,
    p.code as org_unit,
    p.in_goal_denominator,
    r.org_unit is not null as reported,
    r.approved,
    r.submission_id,
    r.state,
    r.operating_income,
    r.subsidy_income,
    r.other_income,
    r.total_income,
    r.goal_income,
    r.goal_income >= $goal_threshold as at_goal,
    r.operating_income >= $goal_threshold as at_goal_operating,
    r.annual_target,
    r.last_year_total_income,
    r.last_year_operating_income,
    r.expected_income,
    r.main_source,
    r.cooperation_stage,
    r.land_compensation,
    r.note
from org_unit p
left join final r on r.org_unit = p.code
where p.level = 'village'
    and p.unit = any($units)
    and p.from_time <= $as_of
    and p.to_time > $as_of
order by p.sort_order nulls last, p.code
