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
        t.community_code,
        t.community_name,
        t.compounds,
        t.coverage_1_done,
        t.coverage_2_done,
        t.coverage_3_done,
        t.coverage_4_done,
        t.coverage_5_done,
        t.coverage_1_due,
        t.coverage_2_due,
        t.coverage_3_due,
        t.coverage_4_due,
        t.coverage_5_due,
        t.unserviced_compounds,
        t.unserviced_resolved,
        t.resolved_by_company,
        t.resolved_by_community,
        t.resolved_by_owners,
        t.grids,
        t.grid_workers,
        t.grid_events_reported,
        t.grid_events_closed,
        t.cadres_assigned,
        t.note
    from community_coverage t
    join in_force f
        on f.submission_id = t.submission_id
        and f.unit = t.unit
        and f.period = t.period
        and f.data_set = 'community_coverage'
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
        s.community_code,
        s.community_name,
        s.compounds,
        s.coverage_1_done,
        s.coverage_2_done,
        s.coverage_3_done,
        s.coverage_4_done,
        s.coverage_5_done,
        s.coverage_1_due,
        s.coverage_2_due,
        s.coverage_3_due,
        s.coverage_4_due,
        s.coverage_5_due,
        s.unserviced_compounds,
        s.unserviced_resolved,
        s.resolved_by_company,
        s.resolved_by_community,
        s.resolved_by_owners,
        s.grids,
        s.grid_workers,
        s.grid_events_reported,
        s.grid_events_closed,
        s.cadres_assigned,
        s.note
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
    where p.level = 'community'
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
        coverage_1_done as cm01_numerator,
        coverage_1_due as cm01_denominator,
        coverage_2_done as cm02_numerator,
        coverage_2_due as cm02_denominator,
        coverage_3_done as cm03_numerator,
        coverage_3_due as cm03_denominator,
        coverage_4_done as cm04_numerator,
        coverage_4_due as cm04_denominator,
        coverage_5_done as cm05_numerator,
        coverage_5_due as cm05_denominator,
        coverage_1_done >= coverage_1_due and coverage_2_done >= coverage_2_due and coverage_3_done >= coverage_3_due and coverage_4_done >= coverage_4_due and coverage_5_done >= coverage_5_due as cm06_numerator,
        true as cm06_denominator,
        unserviced_resolved as cm07_numerator,
        unserviced_compounds as cm07_denominator,
        grid_workers as cm08_numerator,
        grids as cm08_denominator,
        grid_events_closed as cm09_numerator,
        grid_events_reported as cm09_denominator,
        cadres_assigned as cm10_numerator,
        1 as cm10_denominator
    from place_row r
)
select
    place as org_unit,
    count(*) as places,
    count(*) filter (where row_reported) as places_reported,
    count(distinct case when not row_exempt then unit end) as expected_units,
    count(distinct case when row_sent then unit end) as reported_units,
    count(distinct case when row_sent and not row_approved then unit end) as preliminary_units,
    sum(cm01_numerator) filter (where row_reported and cm01_numerator is not null and cm01_denominator is not null) as cm01_n,
    sum(cm01_denominator) filter (where row_reported and cm01_numerator is not null and cm01_denominator is not null) as cm01_d,
    sum(cm02_numerator) filter (where row_reported and cm02_numerator is not null and cm02_denominator is not null) as cm02_n,
    sum(cm02_denominator) filter (where row_reported and cm02_numerator is not null and cm02_denominator is not null) as cm02_d,
    sum(cm03_numerator) filter (where row_reported and cm03_numerator is not null and cm03_denominator is not null) as cm03_n,
    sum(cm03_denominator) filter (where row_reported and cm03_numerator is not null and cm03_denominator is not null) as cm03_d,
    sum(cm04_numerator) filter (where row_reported and cm04_numerator is not null and cm04_denominator is not null) as cm04_n,
    sum(cm04_denominator) filter (where row_reported and cm04_numerator is not null and cm04_denominator is not null) as cm04_d,
    sum(cm05_numerator) filter (where row_reported and cm05_numerator is not null and cm05_denominator is not null) as cm05_n,
    sum(cm05_denominator) filter (where row_reported and cm05_numerator is not null and cm05_denominator is not null) as cm05_d,
    case when count(*) filter (where cm06_denominator and cm06_numerator is not null) > 0 then count(*) filter (where cm06_denominator and cm06_numerator) end as cm06_n,
    count(*) filter (where cm06_denominator) as cm06_d,
    sum(cm07_numerator) filter (where row_reported and cm07_numerator is not null and cm07_denominator is not null) as cm07_n,
    sum(cm07_denominator) filter (where row_reported and cm07_numerator is not null and cm07_denominator is not null) as cm07_d,
    sum(cm08_numerator) filter (where row_reported and cm08_numerator is not null and cm08_denominator is not null) as cm08_n,
    sum(cm08_denominator) filter (where row_reported and cm08_numerator is not null and cm08_denominator is not null) as cm08_d,
    sum(cm09_numerator) filter (where row_reported and cm09_numerator is not null and cm09_denominator is not null) as cm09_n,
    sum(cm09_denominator) filter (where row_reported and cm09_numerator is not null and cm09_denominator is not null) as cm09_d,
    sum(cm10_numerator) filter (where row_reported and cm10_numerator is not null and cm10_denominator is not null) as cm10_n,
    sum(cm10_denominator) filter (where row_reported and cm10_numerator is not null and cm10_denominator is not null) as cm10_d
from measured
group by place
order by place nulls last
