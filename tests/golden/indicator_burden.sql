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
        t.duties_baseline,
        t.duties_now,
        t.signs_baseline,
        t.signs_now,
        t.certificates_baseline,
        t.certificates_now,
        t.forms_baseline,
        t.forms_now,
        t.violations_found,
        t.violations_corrected
    from burden t
    join in_force f
        on f.submission_id = t.submission_id
        and f.unit = t.unit
        and f.period = t.period
        and f.data_set = 'burden'
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
        s.duties_baseline,
        s.duties_now,
        s.signs_baseline,
        s.signs_now,
        s.certificates_baseline,
        s.certificates_now,
        s.forms_baseline,
        s.forms_now,
        s.violations_found,
        s.violations_corrected
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
        duties_baseline - duties_now as br01_numerator,
        duties_baseline as br01_denominator,
        signs_baseline - signs_now as br02_numerator,
        signs_baseline as br02_denominator,
        certificates_now <= certificates_catalogue as br03_numerator,
        certificates_catalogue is not null and certificates_now is not null as br03_denominator,
        forms_baseline - forms_now as br04_numerator,
        forms_baseline as br04_denominator,
        violations_corrected as br05_numerator,
        violations_found as br05_denominator
    from place_row r
)
select
    place as org_unit,
    count(*) as places,
    count(*) filter (where row_reported) as places_reported,
    count(distinct case when not row_exempt then unit end) as expected_units,
    count(distinct case when row_sent then unit end) as reported_units,
    count(distinct case when row_sent and not row_approved then unit end) as preliminary_units,
    sum(br01_numerator) filter (where row_reported and br01_numerator is not null and br01_denominator is not null) as br01_n,
    sum(br01_denominator) filter (where row_reported and br01_numerator is not null and br01_denominator is not null) as br01_d,
    sum(br02_numerator) filter (where row_reported and br02_numerator is not null and br02_denominator is not null) as br02_n,
    sum(br02_denominator) filter (where row_reported and br02_numerator is not null and br02_denominator is not null) as br02_d,
    case when count(*) filter (where br03_denominator and br03_numerator is not null) > 0 then count(*) filter (where br03_denominator and br03_numerator) end as br03_n,
    count(*) filter (where br03_denominator) as br03_d,
    sum(br04_numerator) filter (where row_reported and br04_numerator is not null and br04_denominator is not null) as br04_n,
    sum(br04_denominator) filter (where row_reported and br04_numerator is not null and br04_denominator is not null) as br04_d,
    sum(br05_numerator) filter (where row_reported and br05_numerator is not null and br05_denominator is not null) as br05_n,
    sum(br05_denominator) filter (where row_reported and br05_numerator is not null and br05_denominator is not null) as br05_d
from measured
group by place
order by place nulls last
