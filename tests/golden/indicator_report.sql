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
version as (
    select
        s.id,
        s.unit,
        s.version,
        s.submitted_at,
        s.due_at,
        s.missing,
        s.typed_cells,
        s.data_cells,
        row_number() over (partition by s.unit order by s.version desc) as place_last
    from submission s
    where s.period = $period
        and s.unit = any($units)
        and s.submitted_at <= $as_of
        and not exists (select 1 from event x where x.submission_id = s.id and x.state = 'withdrawn' and x."at" <= $as_of)
),
whole as (
    select v.unit, v.submitted_at, v.due_at, row_number() over (partition by v.unit order by v.version) as place
    from version v
    where coalesce(v.missing, '') = ''
),
extension as (
    select m.unit, m.due_at, row_number() over (partition by m.unit order by m.n desc) as place
    from month_event m
    where m.period = $period and m.unit = any($units) and m."at" <= $as_of and m.event = 'extension_granted'
),
happened as (
    select v.unit, v.id, v.place_last, e.state, e."at" as happened_at
    from version v
    join event e on e.submission_id = v.id
    where e."at" <= $as_of
),
reviewed as (
    select
        h.unit,
        min(case when h.state = 'approved' then h.happened_at end) as approved_first,
        count(distinct case when h.state = 'approved' then h.happened_at end) as approvals,
        min(case when h.state = 'returned' then h.happened_at end) as returned_first,
        max(case when h.state = 'approved' and h.place_last = 1 then 1 else 0 end) as last_approved
    from happened h
    group by h.unit
),
explained as (
    select v.unit, count(*) as explanations
    from finding g
    join version v on v.id = g.submission_id and v.place_last = 1
    where g.severity = 'asks' and g.answer = 'keep'
    group by v.unit
),
place_row as (
    select
        p.code as org_unit,
        p.unit,
        p.county,
        exists (select 1 from submission a where a.county = p.county and a.period = $period and a.submitted_at <= $as_of) as row_reported,
        l.id is not null as row_sent,
        w.last_approved = 1 as row_approved,
        false as row_exempt,
        1 as due,
        case when a.submitted_at <= a.due_at or a.submitted_at <= g.due_at then 1 else 0 end as on_time,
        case when w.approved_first is not null then 1 end as approved,
        case
            when w.approved_first is null then null
            when w.returned_first < w.approved_first then 0
            else 1
        end as first_pass,
        case when l.id is null then null when w.approvals > 1 then w.approvals - 1 else 0 end as revisions,
        case when l.id is null then null when w.last_approved = 1 then 0 else coalesce(x.explanations, 0) end as explanations_pending,
        l.typed_cells,
        l.data_cells
    from org_unit p
    left join whole a on a.unit = p.code and a.place = 1
    left join extension g on g.unit = p.code and g.place = 1
    left join version l on l.unit = p.code and l.place_last = 1
    left join reviewed w on w.unit = p.code
    left join explained x on x.unit = p.code
    left join exempt_unit z on z.unit = p.code
    where p.level = 'township'
        and p.county = $county
        and p.unit = any($units)
        and p.from_time <= $as_of
        and p.to_time > $as_of
        and (p.kind <> 'development zone' or $closes_quarter)
        and z.unit is null
),
measured as (
    select
        r.unit as place,
        r.unit,
        r.row_reported,
        r.row_sent,
        r.row_approved,
        r.row_exempt,
        typed_cells as br06_numerator,
        data_cells - typed_cells as br07_numerator,
        data_cells as br07_denominator,
        on_time as rp01_numerator,
        due as rp01_denominator,
        first_pass as rp02_numerator,
        approved as rp02_denominator,
        explanations_pending as rp03_numerator,
        revisions as rp04_numerator
    from place_row r
)
select
    place as org_unit,
    count(*) as places,
    count(*) filter (where row_reported) as places_reported,
    count(distinct case when not row_exempt then unit end) as expected_units,
    count(distinct case when row_sent then unit end) as reported_units,
    count(distinct case when row_sent and not row_approved then unit end) as preliminary_units,
    sum(br06_numerator) filter (where row_reported and br06_numerator is not null) as br06_n,
    count(*) filter (where row_reported and br06_numerator is not null) as br06_d,
    sum(br07_numerator) filter (where row_reported and br07_numerator is not null and br07_denominator is not null) as br07_n,
    sum(br07_denominator) filter (where row_reported and br07_numerator is not null and br07_denominator is not null) as br07_d,
    sum(rp01_numerator) filter (where row_reported and rp01_numerator is not null and rp01_denominator is not null) as rp01_n,
    sum(rp01_denominator) filter (where row_reported and rp01_numerator is not null and rp01_denominator is not null) as rp01_d,
    sum(rp02_numerator) filter (where row_reported and rp02_numerator is not null and rp02_denominator is not null) as rp02_n,
    sum(rp02_denominator) filter (where row_reported and rp02_numerator is not null and rp02_denominator is not null) as rp02_d,
    sum(rp03_numerator) filter (where row_reported and rp03_numerator is not null) as rp03_n,
    sum(rp04_numerator) filter (where row_reported and rp04_numerator is not null) as rp04_n
from measured
group by place
order by place nulls last
