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
        f.unit,
        f.approved as row_approved,
        count(case when t.kind = '典型' then 1 end) as models,
        count(case when t.kind = '问题' then 1 end) as problems_found
    from in_force f
    left join problems_models t on t.submission_id = f.submission_id
    where f.data_set = 'problems_models'
        and f.period = $period
        and f.unit = any($units)
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    group by f.unit, f.approved
),
place_row as (
    select
        p.code as org_unit,
        p.unit,
        p.county,
        s.unit is not null as row_reported,
        s.unit is not null as row_sent,
        s.row_approved,
        z.unit is not null as row_exempt,
        s.models,
        s.problems_found,
        cast(null as bigint) as problems_closed
    from org_unit p
    left join standing s on s.unit = p.code
    left join exempt_unit z on z.unit = p.code
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
        models as tm01_numerator,
        problems_closed as pb01_numerator,
        problems_found as pb01_denominator
    from place_row r
)
select
    place as org_unit,
    count(*) as places,
    count(*) filter (where row_reported) as places_reported,
    count(distinct case when not row_exempt then unit end) as expected_units,
    count(distinct case when row_sent then unit end) as reported_units,
    count(distinct case when row_sent and not row_approved then unit end) as preliminary_units,
    sum(tm01_numerator) filter (where row_reported and tm01_numerator is not null) as tm01_n,
    sum(pb01_numerator) filter (where row_reported and pb01_numerator is not null and pb01_denominator is not null) as pb01_n,
    sum(pb01_denominator) filter (where row_reported and pb01_numerator is not null and pb01_denominator is not null) as pb01_d
from measured
group by place
order by place nulls last
