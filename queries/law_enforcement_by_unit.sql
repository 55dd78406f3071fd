-- Answers: Which milestones has each unit reached, with what staff, matters and orders?
-- Grain: one row a unit
-- Params: $units, $period, $basis, $as_of
-- Columns: unit, org_unit, reported, matters_assigned, matters_exercised, staff_quota, staff_on_post, staff_certified, training_attendance, patrols, cases_simple, cases_general, cases_closed, orders_received, orders_closed, joint_operations, decisions_overturned, team_established_on, posts_approved_on, matters_published_on, staff_in_post_on, first_certificates_on, premises_built_on, equipment_issued_on, dispatch_running_on, stationed_bodies_linked_on, three_systems_on, first_general_case_on, case_files_passed_on
-- Used by: townboard/shell/enforcement_sheet.py, townboard/exploring.py
with reported as (
    select
        t.unit,
        t.org_unit,
        t.matters_assigned,
        t.matters_exercised,
        t.staff_quota,
        t.staff_on_post,
        t.staff_certified,
        t.training_attendance,
        t.patrols,
        t.cases_simple,
        t.cases_general,
        t.cases_closed,
        t.orders_received,
        t.orders_closed,
        t.joint_operations,
        t.decisions_overturned,
        t.team_established_on,
        t.posts_approved_on,
        t.matters_published_on,
        t.staff_in_post_on,
        t.first_certificates_on,
        t.premises_built_on,
        t.equipment_issued_on,
        t.dispatch_running_on,
        t.stationed_bodies_linked_on,
        t.three_systems_on,
        t.first_general_case_on,
        t.case_files_passed_on
    from law_enforcement t
    join in_force f
        on f.submission_id = t.submission_id
        and f.unit = t.unit
        and f.data_set = 'law_enforcement'
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
    r.matters_assigned,
    r.matters_exercised,
    r.staff_quota,
    r.staff_on_post,
    r.staff_certified,
    r.training_attendance,
    r.patrols,
    r.cases_simple,
    r.cases_general,
    r.cases_closed,
    r.orders_received,
    r.orders_closed,
    r.joint_operations,
    r.decisions_overturned,
    r.team_established_on,
    r.posts_approved_on,
    r.matters_published_on,
    r.staff_in_post_on,
    r.first_certificates_on,
    r.premises_built_on,
    r.equipment_issued_on,
    r.dispatch_running_on,
    r.stationed_bodies_linked_on,
    r.three_systems_on,
    r.first_general_case_on,
    r.case_files_passed_on
from org_unit p
left join reported r on r.org_unit = p.code
where p.level = 'township'
    and p.unit = any($units)
    and p.from_time <= $as_of
    and p.to_time > $as_of
order by p.sort_order nulls last, p.code
