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
        t.contracts_checked,
        t.contract_amount,
        t.problem_contracts,
        t.contracts_rectified,
        t.contracts_online,
        t.fees_due,
        t.fees_recovered,
        t.debt_locked,
        t.debt_resolved,
        t.debt_written_off,
        t.debt_new,
        t.resource_area_found,
        t.resource_area_charged,
        t.resource_fees,
        t.files_archived,
        t.closing_requested,
        t.note
    from clean_collect t
    join in_force f
        on f.submission_id = t.submission_id
        and f.unit = t.unit
        and f.period = t.period
        and f.data_set = 'clean_collect'
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    where t.period = $period and t.unit = any($units)
),
closing as (
    select
        g.org_unit,
        g.number,
        row_number() over (
            partition by g.org_unit
            order by g.since desc nulls last, g.from_time desc nulls last
        ) as place
    from register_value g
    where g.data_set = 'clean_collect'
        and g.element = 'closed'
        and g.from_time <= $as_of
        and g.to_time > $as_of
        and substring(cast(g.since as varchar), 1, 7) <= $period
),
closed_village as (
    select c.org_unit
    from closing c
    where c.place = 1 and c.number = 1
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
        true as in_clean_collect,
        s.contracts_checked,
        s.contract_amount,
        s.problem_contracts,
        s.contracts_rectified,
        s.contracts_online,
        s.fees_due,
        s.fees_recovered,
        s.debt_locked,
        s.debt_resolved,
        s.debt_written_off,
        s.debt_new,
        s.resource_area_found,
        s.resource_area_charged,
        s.resource_fees,
        s.files_archived,
        s.closing_requested,
        s.note,
        case
            when k.org_unit is not null or s.carried_from is not null then true
            when s.org_unit is null then null
            else coalesce(s.closing_requested and s.row_approved, false)
        end as closed
    from org_unit p
    left join standing s on s.org_unit = p.code
    left join exempt_unit z on z.unit = p.unit
    left join closed_village k on k.org_unit = p.code
    where p.level = 'village'
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
        closed as qh01_numerator,
        in_clean_collect as qh01_denominator,
        contracts_rectified as qh02_numerator,
        problem_contracts as qh02_denominator,
        fees_recovered as qh03_numerator,
        fees_due as qh03_denominator,
        debt_resolved as qh04_numerator,
        debt_locked as qh04_denominator,
        resource_area_charged as qh05_numerator,
        resource_area_found as qh05_denominator,
        resource_fees as qh06_numerator,
        fees_recovered + resource_fees as qh07_numerator,
        contracts_online as qh08_numerator,
        contracts_checked as qh08_denominator,
        debt_new > 0 as qh10_numerator
    from place_row r
)
select
    place as org_unit,
    count(*) as places,
    count(*) filter (where row_reported) as places_reported,
    count(distinct case when not row_exempt then unit end) as expected_units,
    count(distinct case when row_sent then unit end) as reported_units,
    count(distinct case when row_sent and not row_approved then unit end) as preliminary_units,
    case when count(*) filter (where qh01_denominator and qh01_numerator is not null) > 0 then count(*) filter (where qh01_denominator and qh01_numerator) end as qh01_n,
    count(*) filter (where qh01_denominator) as qh01_d,
    sum(qh02_numerator) filter (where row_reported and qh02_numerator is not null and qh02_denominator is not null) as qh02_n,
    sum(qh02_denominator) filter (where row_reported and qh02_numerator is not null and qh02_denominator is not null) as qh02_d,
    sum(qh03_numerator) filter (where row_reported and qh03_numerator is not null and qh03_denominator is not null) as qh03_n,
    sum(qh03_denominator) filter (where row_reported and qh03_numerator is not null and qh03_denominator is not null) as qh03_d,
    sum(qh04_numerator) filter (where row_reported and qh04_numerator is not null and qh04_denominator is not null) as qh04_n,
    sum(qh04_denominator) filter (where row_reported and qh04_numerator is not null and qh04_denominator is not null) as qh04_d,
    sum(qh05_numerator) filter (where row_reported and qh05_numerator is not null and qh05_denominator is not null) as qh05_n,
    sum(qh05_denominator) filter (where row_reported and qh05_numerator is not null and qh05_denominator is not null) as qh05_d,
    sum(qh06_numerator) filter (where row_reported and qh06_numerator is not null) as qh06_n,
    sum(qh07_numerator) filter (where row_reported and qh07_numerator is not null) as qh07_n,
    sum(qh08_numerator) filter (where row_reported and qh08_numerator is not null and qh08_denominator is not null) as qh08_n,
    sum(qh08_denominator) filter (where row_reported and qh08_numerator is not null and qh08_denominator is not null) as qh08_d,
    case when count(*) filter (where row_reported and qh10_numerator is not null) > 0 then count(*) filter (where row_reported and qh10_numerator is not null and qh10_numerator) end as qh10_n
from measured
group by place
order by place nulls last
