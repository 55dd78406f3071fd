-- Answers: What happened to the report of one month, version by version, and to the month itself?
-- Grain: one row an event
-- Params: $units, $period, $as_of
-- Columns: unit, version, at, actor, state, reason, workbook, sha256, asked, noted, typed_cells, on_time
-- Used by: pages/submissions.py, townboard/shell/unit_report.py
with found as (
    select
        s.unit,
        s.version,
        e.at,
        e.actor,
        e.state,
        e.reason,
        s.workbook,
        s.sha256,
        s.asked,
        s.noted,
        s.typed_cells,
        s.on_time,
        case when e.state = 'submitted' then 0 else 1 end as place
    from event e
    join submission s on s.id = e.submission_id
    where s.unit = any($units) and s.period = $period and e.at <= $as_of
    union all
    select
        m.unit,
        m.version,
        m.at,
        m.actor,
        m.event as state,
        m.reason,
        null as workbook,
        null as sha256,
        null as asked,
        null as noted,
        null as typed_cells,
        null as on_time,
        2 as place
    from month_event m
    where m.unit = any($units) and m.period = $period and m.at <= $as_of
)
select
    f.unit,
    f.version,
    f.at,
    f.actor,
    f.state,
    f.reason,
    f.workbook,
    f.sha256,
    f.asked,
    f.noted,
    f.typed_cells,
    f.on_time
from found f
order by f.at nulls last, f.version nulls last, f.place, f.state nulls last
