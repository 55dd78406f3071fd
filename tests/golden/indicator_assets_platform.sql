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
        t.villages_online,
        t.alerts_raised,
        t.alerts_handled,
        t.trades,
        t.trade_amount,
        t.villages_disclosing
    from assets_platform t
    join in_force f
        on f.submission_id = t.submission_id
        and f.unit = t.unit
        and f.period = t.period
        and f.data_set = 'assets_platform'
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
        s.villages_online,
        s.alerts_raised,
        s.alerts_handled,
        s.trades,
        s.trade_amount,
        s.villages_disclosing
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
        and n.villages > 0
),
measured as (
    select
        r.unit as place,
        r.unit,
        r.row_reported,
        r.row_sent,
        r.row_approved,
        r.row_exempt,
        alerts_handled as qh09_numerator,
        alerts_raised as qh09_denominator,
        villages_online as qh11_numerator,
        villages as qh11_denominator
    from place_row r
)
select
    place as org_unit,
    count(*) as places,
    count(*) filter (where row_reported) as places_reported,
    count(distinct case when not row_exempt then unit end) as expected_units,
    count(distinct case when row_sent then unit end) as reported_units,
    count(distinct case when row_sent and not row_approved then unit end) as preliminary_units,
    sum(qh09_numerator) filter (where row_reported and qh09_numerator is not null and qh09_denominator is not null) as qh09_n,
    sum(qh09_denominator) filter (where row_reported and qh09_numerator is not null and qh09_denominator is not null) as qh09_d,
    sum(qh11_numerator) filter (where row_reported and qh11_numerator is not null and qh11_denominator is not null) as qh11_n,
    sum(qh11_denominator) filter (where row_reported and qh11_numerator is not null and qh11_denominator is not null) as qh11_d
from measured
group by place
order by place nulls last
