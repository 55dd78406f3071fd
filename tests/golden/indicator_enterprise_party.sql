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
        and f.period = t.period
        and f.data_set = 'enterprise_party'
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
        s.enterprises_registered,
        s.enterprises_operating,
        s.enterprises_above_scale,
        s.enterprises_three_members,
        s.organisations_single,
        s.organisations_joint,
        s.enterprises_joint_covered,
        s.above_scale_covered,
        s.party_members,
        s.secretaries,
        s.instructors_full_time,
        s.instructors_part_time,
        s.enterprises_work_covered
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
),
measured as (
    select
        r.unit as place,
        r.unit,
        r.row_reported,
        r.row_sent,
        r.row_approved,
        r.row_exempt,
        organisations_single + enterprises_joint_covered as pe01_numerator,
        enterprises_operating as pe01_denominator,
        organisations_single as pe02_numerator,
        enterprises_operating as pe02_denominator,
        above_scale_covered as pe03_numerator,
        enterprises_above_scale as pe03_denominator,
        organisations_single + enterprises_joint_covered + enterprises_work_covered as pe04_numerator,
        enterprises_operating as pe04_denominator,
        secretaries as pe05_numerator,
        organisations_single + organisations_joint as pe05_denominator,
        instructors_full_time + instructors_part_time as pe06_numerator,
        organisations_single + organisations_joint as pe06_denominator,
        party_members as pe07_numerator,
        organisations_single + organisations_joint as pe07_denominator
    from place_row r
)
select
    place as org_unit,
    count(*) as places,
    count(*) filter (where row_reported) as places_reported,
    count(distinct case when not row_exempt then unit end) as expected_units,
    count(distinct case when row_sent then unit end) as reported_units,
    count(distinct case when row_sent and not row_approved then unit end) as preliminary_units,
    sum(pe01_numerator) filter (where row_reported and pe01_numerator is not null and pe01_denominator is not null) as pe01_n,
    sum(pe01_denominator) filter (where row_reported and pe01_numerator is not null and pe01_denominator is not null) as pe01_d,
    sum(pe02_numerator) filter (where row_reported and pe02_numerator is not null and pe02_denominator is not null) as pe02_n,
    sum(pe02_denominator) filter (where row_reported and pe02_numerator is not null and pe02_denominator is not null) as pe02_d,
    sum(pe03_numerator) filter (where row_reported and pe03_numerator is not null and pe03_denominator is not null) as pe03_n,
    sum(pe03_denominator) filter (where row_reported and pe03_numerator is not null and pe03_denominator is not null) as pe03_d,
    sum(pe04_numerator) filter (where row_reported and pe04_numerator is not null and pe04_denominator is not null) as pe04_n,
    sum(pe04_denominator) filter (where row_reported and pe04_numerator is not null and pe04_denominator is not null) as pe04_d,
    sum(pe05_numerator) filter (where row_reported and pe05_numerator is not null and pe05_denominator is not null) as pe05_n,
    sum(pe05_denominator) filter (where row_reported and pe05_numerator is not null and pe05_denominator is not null) as pe05_d,
    sum(pe06_numerator) filter (where row_reported and pe06_numerator is not null and pe06_denominator is not null) as pe06_n,
    sum(pe06_denominator) filter (where row_reported and pe06_numerator is not null and pe06_denominator is not null) as pe06_d,
    sum(pe07_numerator) filter (where row_reported and pe07_numerator is not null and pe07_denominator is not null) as pe07_n,
    sum(pe07_denominator) filter (where row_reported and pe07_numerator is not null and pe07_denominator is not null) as pe07_d
from measured
group by place
order by place nulls last
