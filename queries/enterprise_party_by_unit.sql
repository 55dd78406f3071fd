-- Answers: What does each unit say of party building in private enterprises? ($period is a quarter month)
-- Grain: one row a unit
-- Params: $units, $period, $basis, $as_of
-- Columns: unit, org_unit, reported, enterprises_registered, enterprises_operating, enterprises_above_scale, enterprises_three_members, organisations_single, organisations_joint, enterprises_joint_covered, above_scale_covered, party_members, secretaries, instructors_full_time, instructors_part_time, enterprises_work_covered
-- Used by: townboard/shell/coverage_sheet.py, townboard/exploring.py
with reported as (
    select
        t.unit,
        t.org_unit,
        t.enterprises_registered,
        t.enterprises_operating,
        t.enterprises_above_scale,
        t.enterprises_three_members,
        t.organisations_single,
        t.organisations_joint,
        t.enterprises_joint_covered,
        t.above_scale_covered,
        t.party_members,
        t.secretaries,
        t.instructors_full_time,
        t.instructors_part_time,
        t.enterprises_work_covered
    from enterprise_party t
    join in_force f
        on f.submission_id = t.submission_id
        and f.unit = t.unit
        and f.data_set = 'enterprise_party'
        and f.period = $period
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    where t.unit = any($units)
)
select
    p.unit,
    p.code as org_unit,
    r.org_unit is not null as reported,
    r.enterprises_registered,
    r.enterprises_operating,
    r.enterprises_above_scale,
    r.enterprises_three_members,
    r.organisations_single,
    r.organisations_joint,
    r.enterprises_joint_covered,
    r.above_scale_covered,
    r.party_members,
    r.secretaries,
    r.instructors_full_time,
    r.instructors_part_time,
    r.enterprises_work_covered
from org_unit p
left join reported r on r.org_unit = p.code
where p.level = 'township'
    and p.unit = any($units)
    and p.from_time <= $as_of
    and p.to_time > $as_of
order by p.sort_order nulls last, p.code
