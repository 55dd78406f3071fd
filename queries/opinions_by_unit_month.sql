-- Answers: Who confirmed which version of a unit's month, and which working groups checked its explanations and what did they say?
-- Grain: one row a confirmation or check
-- Params: $units, $first_period, $period, $as_of
-- Columns: unit, period, version, event, at, actor, reason, working_group
-- Used by: townboard/shell/todo.py, townboard/shell/month.py
select
    m.unit,
    m.period,
    m.version,
    m.event,
    m.at,
    m.actor,
    m.reason,
    m.about as working_group
from month_event m
where m.unit = any($units) and m.period >= $first_period and m.period <= $period and m.at <= $as_of and m.event in ('confirmed', 'checked')
order by m.period nulls last, m.unit nulls last, m.n nulls last
