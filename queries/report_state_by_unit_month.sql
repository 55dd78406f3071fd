-- Answers: Where does each unit's report of each month stand: which version, in what state, on time or late?
-- Grain: one row a unit and month for which something was sent
-- Params: $units, $first_period, $period, $as_of
-- Columns: unit, period, submission_id, version, workbook, submitted_by, submitted_at, due_at, on_time, typed_cells, data_cells, asked, noted, state, state_at, state_by, reason
-- Used by: pages/submissions.py, pages/burden.py
with last_event as (
    select
        e.submission_id,
        e.state,
        e.at,
        e.actor,
        e.reason,
        row_number() over (
            partition by e.submission_id
            order by e.at desc nulls last, case when e.state = 'submitted' then 1 else 0 end, e.state, e.actor
        ) as place
    from event e
    where e.at <= $as_of
),
last_version as (
    select
        s.id,
        row_number() over (partition by s.unit, s.period order by s.version desc nulls last, s.id desc nulls last) as place
    from submission s
    where s.unit = any($units)
        and s.period >= $first_period
        and s.period <= $period
        and s.submitted_at <= $as_of
)
select
    s.unit,
    s.period,
    s.id as submission_id,
    s.version,
    s.workbook,
    s.submitted_by,
    s.submitted_at,
    s.due_at,
    s.on_time,
    s.typed_cells,
    s.data_cells,
    s.asked,
    s.noted,
    e.state,
    e.at as state_at,
    e.actor as state_by,
    e.reason
from submission s
join last_version v on v.id = s.id and v.place = 1
left join last_event e on e.submission_id = s.id and e.place = 1
order by s.period nulls last, s.unit nulls last
