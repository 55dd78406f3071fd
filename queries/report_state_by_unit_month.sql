-- Answers: Where does each unit's report of each month stand: which version, in what state, complete or partial, on time or late?
-- Grain: one row a unit and month for which something was sent and not withdrawn
-- Params: $units, $first_period, $period, $as_of
-- Columns: unit, period, submission_id, version, workbook, submitted_by, submitted_at, due_at, on_time, typed_cells, data_cells, asked, noted, missing, given, nonzero, state, state_at, state_by, reason, approved_version
-- Used by: townboard/shell/states.py, townboard/shell/burden_sheet.py, townboard/shell/standing.py
with last_event as (
    select
        e.submission_id,
        e.state,
        e.at,
        e.actor,
        e.reason,
        row_number() over (
            partition by e.submission_id
            order by
                e.at desc nulls last,
                case e.state when 'withdrawn' then 0 when 'submitted' then 2 else 1 end,
                e.state,
                e.actor
        ) as place
    from event e
    where e.at <= $as_of
),
version as (
    select
        s.*,
        e.state,
        e.at as state_at,
        e.actor as state_by,
        e.reason,
        row_number() over (partition by s.unit, s.period order by s.version desc nulls last, s.id desc nulls last) as place_last
    from submission s
    join last_event e on e.submission_id = s.id and e.place = 1
    where s.unit = any($units)
        and s.period >= $first_period
        and s.period <= $period
        and s.submitted_at <= $as_of
        and e.state <> 'withdrawn'
),
granted as (
    select
        m.unit,
        m.period,
        m.due_at,
        row_number() over (partition by m.unit, m.period order by m.n desc nulls last) as place
    from month_event m
    where m.unit = any($units) and m.event = 'extension_granted' and m.at <= $as_of
),
whole as (
    select
        v.unit,
        v.period,
        v.submitted_at,
        v.due_at,
        row_number() over (partition by v.unit, v.period order by v.version nulls last) as place
    from version v
    where coalesce(v.missing, '') = ''
),
approved as (
    select v.unit, v.period, max(v.version) as version
    from version v
    join event e on e.submission_id = v.id and e.state = 'approved' and e.at <= $as_of
    group by v.unit, v.period
)
select
    v.unit,
    v.period,
    v.id as submission_id,
    v.version,
    v.workbook,
    v.submitted_by,
    v.submitted_at,
    coalesce(w.due_at, v.due_at) as due_at,
    coalesce(w.submitted_at, v.submitted_at) <= coalesce(w.due_at, v.due_at)
    or coalesce(coalesce(w.submitted_at, v.submitted_at) <= g.due_at, false) as on_time,
    v.typed_cells,
    v.data_cells,
    v.asked,
    v.noted,
    coalesce(v.missing, '') as missing,
    v.given,
    v.nonzero,
    v.state,
    v.state_at,
    v.state_by,
    v.reason,
    coalesce(a.version, 0) as approved_version
from version v
left join whole w on w.unit = v.unit and w.period = v.period and w.place = 1
left join granted g on g.unit = v.unit and g.period = v.period and g.place = 1
left join approved a on a.unit = v.unit and a.period = v.period
where v.place_last = 1
order by v.period nulls last, v.unit nulls last
