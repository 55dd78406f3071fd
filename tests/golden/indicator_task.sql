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
    select f.unit, f.approved as row_approved, count(t.item) as tasks
    from in_force f
    left join task_progress t on t.submission_id = f.submission_id and t.item <> ''
    where f.data_set = 'task_progress'
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
        s.tasks > 0 as row_reported,
        s.unit is not null as row_sent,
        s.row_approved,
        z.unit is not null as row_exempt,
        s.tasks,
        cast(null as bigint) as tasks_due,
        cast(null as bigint) as tasks_met,
        cast(null as bigint) as tasks_overdue,
        cast(null as bigint) as tasks_basic,
        cast(null as bigint) as tasks_highest
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
        tasks_met as tk01_numerator,
        tasks_due as tk01_denominator,
        tasks_overdue as tk02_numerator,
        tasks_basic as tk03_numerator,
        tasks as tk03_denominator,
        tasks_highest as tk04_numerator,
        tasks as tk04_denominator
    from place_row r
)
select
    place as org_unit,
    count(*) as places,
    count(*) filter (where row_reported) as places_reported,
    count(distinct case when not row_exempt then unit end) as expected_units,
    count(distinct case when row_sent then unit end) as reported_units,
    count(distinct case when row_sent and not row_approved then unit end) as preliminary_units,
    sum(tk01_numerator) filter (where row_reported and tk01_numerator is not null and tk01_denominator is not null) as tk01_n,
    sum(tk01_denominator) filter (where row_reported and tk01_numerator is not null and tk01_denominator is not null) as tk01_d,
    sum(tk02_numerator) filter (where row_reported and tk02_numerator is not null) as tk02_n,
    sum(tk03_numerator) filter (where row_reported and tk03_numerator is not null and tk03_denominator is not null) as tk03_n,
    sum(tk03_denominator) filter (where row_reported and tk03_numerator is not null and tk03_denominator is not null) as tk03_d,
    sum(tk04_numerator) filter (where row_reported and tk04_numerator is not null and tk04_denominator is not null) as tk04_n,
    sum(tk04_denominator) filter (where row_reported and tk04_numerator is not null and tk04_denominator is not null) as tk04_d
from measured
group by place
order by place nulls last
