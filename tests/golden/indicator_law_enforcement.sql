with exempt_unit as (
    select m.unit
    from month_event m
    where m.period = $period
        and m.unit = any($units)
        and m."at" <= $as_of
        and m.event in ('exempted', 'exemption_revoked')
    group by m.unit
    having max(case when m.event = 'exempted' then m.n else 0 end) > max(case when m.event = 'exempted' then 0 else m.n end)
),
standing as (
    select
        f.approved as row_approved,
        t.org_unit,
        t.carried_from,
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
        and f.period = t.period
        and f.data_set = 'law_enforcement'
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    where t.period = $period and t.unit = any($units)
),
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
        p.code as org_unit,
        p.unit,
        p.county,
        s.org_unit is not null as row_reported,
        s.org_unit is not null as row_sent,
        s.row_approved,
        z.unit is not null as row_exempt,
        n.villages,
        k.number as certificates_catalogue,
        s.matters_assigned,
        s.matters_exercised,
        s.staff_quota,
        s.staff_on_post,
        s.staff_certified,
        s.training_attendance,
        s.patrols,
        s.cases_simple,
        s.cases_general,
        s.cases_closed,
        s.orders_received,
        s.orders_closed,
        s.joint_operations,
        s.decisions_overturned,
        s.team_established_on,
        s.posts_approved_on,
        s.matters_published_on,
        s.staff_in_post_on,
        s.first_certificates_on,
        s.premises_built_on,
        s.equipment_issued_on,
        s.dispatch_running_on,
        s.stationed_bodies_linked_on,
        s.three_systems_on,
        s.first_general_case_on,
        s.case_files_passed_on
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
    where p.level = 'township'
        and p.county = $county
        and p.unit = any($units)
        and p.from_time <= $as_of
        and p.to_time > $as_of
        and p.kind <> 'development zone'
),
measured as (
    select
        r.unit as place,
        r.unit,
        r.row_reported,
        r.row_sent,
        r.row_approved,
        r.row_exempt,
        case when team_established_on is not null then 1 else 0 end + case when posts_approved_on is not null then 1 else 0 end + case when matters_published_on is not null then 1 else 0 end + case when staff_in_post_on is not null then 1 else 0 end + case when first_certificates_on is not null then 1 else 0 end + case when premises_built_on is not null then 1 else 0 end + case when equipment_issued_on is not null then 1 else 0 end + case when dispatch_running_on is not null then 1 else 0 end + case when stationed_bodies_linked_on is not null then 1 else 0 end + case when three_systems_on is not null then 1 else 0 end + case when first_general_case_on is not null then 1 else 0 end + case when case_files_passed_on is not null then 1 else 0 end as le01_numerator,
        12 as le01_denominator,
        case when team_established_on is not null then 1 else 0 end + case when posts_approved_on is not null then 1 else 0 end + case when matters_published_on is not null then 1 else 0 end + case when staff_in_post_on is not null then 1 else 0 end + case when first_certificates_on is not null then 1 else 0 end + case when premises_built_on is not null then 1 else 0 end + case when equipment_issued_on is not null then 1 else 0 end + case when dispatch_running_on is not null then 1 else 0 end as le01_basic_numerator,
        8 as le01_basic_denominator,
        case when team_established_on is not null then 1 else 0 end + case when posts_approved_on is not null then 1 else 0 end + case when matters_published_on is not null then 1 else 0 end + case when staff_in_post_on is not null then 1 else 0 end + case when first_certificates_on is not null then 1 else 0 end + case when premises_built_on is not null then 1 else 0 end + case when equipment_issued_on is not null then 1 else 0 end + case when dispatch_running_on is not null then 1 else 0 end + case when stationed_bodies_linked_on is not null then 1 else 0 end + case when three_systems_on is not null then 1 else 0 end + case when first_general_case_on is not null then 1 else 0 end + case when case_files_passed_on is not null then 1 else 0 end = 12 as le02_numerator,
        staff_certified as le03_numerator,
        staff_on_post as le03_denominator,
        staff_on_post as le04_numerator,
        staff_quota as le04_denominator,
        matters_exercised as le05_numerator,
        matters_assigned as le05_denominator,
        orders_closed as le06_numerator,
        orders_received as le06_denominator,
        cases_simple + cases_general as le07_numerator,
        decisions_overturned as le08_numerator
    from place_row r
)
select
    place as org_unit,
    count(*) as places,
    count(*) filter (where row_reported) as places_reported,
    count(distinct case when not row_exempt then unit end) as expected_units,
    count(distinct case when row_sent then unit end) as reported_units,
    count(distinct case when row_sent and not row_approved then unit end) as preliminary_units,
    sum(le01_numerator) filter (where row_reported and le01_numerator is not null and le01_denominator is not null) as le01_n,
    sum(le01_denominator) filter (where row_reported and le01_numerator is not null and le01_denominator is not null) as le01_d,
    sum(le01_basic_numerator) filter (where row_reported and le01_numerator is not null and le01_denominator is not null) as le01_bn,
    sum(le01_basic_denominator) filter (where row_reported and le01_numerator is not null and le01_denominator is not null) as le01_bd,
    case when count(*) filter (where row_reported and le02_numerator is not null) > 0 then count(*) filter (where row_reported and le02_numerator is not null and le02_numerator) end as le02_n,
    sum(le03_numerator) filter (where row_reported and le03_numerator is not null and le03_denominator is not null) as le03_n,
    sum(le03_denominator) filter (where row_reported and le03_numerator is not null and le03_denominator is not null) as le03_d,
    sum(le04_numerator) filter (where row_reported and le04_numerator is not null and le04_denominator is not null) as le04_n,
    sum(le04_denominator) filter (where row_reported and le04_numerator is not null and le04_denominator is not null) as le04_d,
    sum(le05_numerator) filter (where row_reported and le05_numerator is not null and le05_denominator is not null) as le05_n,
    sum(le05_denominator) filter (where row_reported and le05_numerator is not null and le05_denominator is not null) as le05_d,
    sum(le06_numerator) filter (where row_reported and le06_numerator is not null and le06_denominator is not null) as le06_n,
    sum(le06_denominator) filter (where row_reported and le06_numerator is not null and le06_denominator is not null) as le06_d,
    sum(le07_numerator) filter (where row_reported and le07_numerator is not null) as le07_n,
    sum(le08_numerator) filter (where row_reported and le08_numerator is not null) as le08_n
from measured
group by place
order by place nulls last
