-- Answers: By which day is each unit to reach each milestone of the reform? (its own goal before the county's)
-- Grain: one row a unit and milestone that has a planned day
-- Params: $units, $as_of
-- Columns: unit, milestone, deadline, own, set_by, from_time
-- Used by: townboard/shell/enforcement_sheet.py
with standing as (
    select
        t.indicator,
        t.org_unit,
        t.deadline,
        t.set_by,
        t.from_time,
        row_number() over (
            partition by t.indicator, t.org_unit
            order by t."year" desc nulls last, t.from_time desc nulls last
        ) as place
    from target t
    join org_unit p on p.code = t.org_unit and p.from_time <= $as_of and p.to_time > $as_of
    where t.indicator in (
            'team_established_on', 'posts_approved_on', 'matters_published_on', 'staff_in_post_on', 'first_certificates_on',
            'premises_built_on', 'equipment_issued_on', 'dispatch_running_on', 'stationed_bodies_linked_on', 'three_systems_on',
            'first_general_case_on', 'case_files_passed_on'
        )
        and t.from_time <= $as_of
        and t.to_time > $as_of
),
planned as (
    select
        p.unit,
        p.sort_order,
        s.indicator as milestone,
        s.deadline,
        s.org_unit = p.code as own,
        s.set_by,
        s.from_time,
        row_number() over (
            partition by p.unit, s.indicator
            order by case when s.org_unit = p.code then 0 else 1 end nulls last
        ) as place
    from org_unit p
    join standing s on s.place = 1 and (s.org_unit = p.code or s.org_unit = p.county)
    where p.level = 'township'
        and p.unit = any($units)
        and p.from_time <= $as_of
        and p.to_time > $as_of
)
select
    n.unit,
    n.milestone,
    n.deadline,
    n.own,
    n.set_by,
    n.from_time
from planned n
where n.place = 1
order by n.sort_order nulls last, n.unit, n.milestone
