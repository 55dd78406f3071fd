-- Answers: What happened to the report of one month, version by version?
-- Grain: one row an event of a version
-- Params: $units, $period
-- Columns: unit, version, at, actor, state, reason, workbook, sha256, asked, noted, typed_cells, on_time
-- Used by: pages/submissions.py
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
    s.on_time
from event e
join submission s on s.id = e.submission_id
where s.unit = any($units) and s.period = $period
order by e.at nulls last, s.version nulls last, case when e.state = 'submitted' then 0 else 1 end, e.state nulls last
