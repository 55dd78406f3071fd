-- Answers: Which months of which units are locked, exempt, open for a correction, or extended, and which extensions wait for a decision?
-- Grain: one row a unit and month to which such a thing happened
-- Params: $units, $first_period, $period, $as_of
-- Columns: unit, period, locked, exempt, exempt_reason, correction_version, correction_reason, granted_until, asked_until, asked_reason, asked_by, asked_at
-- Used by: townboard/shell/states.py, townboard/shell/standing.py
with happened as (
    select
        m.unit,
        m.period,
        m.version,
        m.at,
        m.actor,
        m.event,
        m.reason,
        m.due_at,
        row_number() over (
            partition by
                m.unit,
                m.period,
                case
                    when m.event in ('locked', 'unlocked') then 1
                    when m.event in ('exempted', 'exemption_revoked') then 2
                    when m.event in ('correction_opened', 'correction_closed') then 3
                    else 4
                end
            order by m.n desc nulls last
        ) as place,
        row_number() over (partition by m.unit, m.period, m.event order by m.n desc nulls last) as place_of_event
    from month_event m
    where m.unit = any($units) and m.period >= $first_period and m.period <= $period and m.at <= $as_of
        and m.event not in ('confirmed', 'checked')
)
select
    h.unit,
    h.period,
    max(case when h.place = 1 and h.event = 'locked' then 1 else 0 end) = 1 as locked,
    max(case when h.place = 1 and h.event = 'exempted' then 1 else 0 end) = 1 as exempt,
    max(case when h.place = 1 and h.event = 'exempted' then h.reason end) as exempt_reason,
    max(case when h.place = 1 and h.event = 'correction_opened' then h.version end) as correction_version,
    max(case when h.place = 1 and h.event = 'correction_opened' then h.reason end) as correction_reason,
    max(case when h.place_of_event = 1 and h.event = 'extension_granted' then h.due_at end) as granted_until,
    max(case when h.place = 1 and h.event = 'extension_requested' then h.due_at end) as asked_until,
    max(case when h.place = 1 and h.event = 'extension_requested' then h.reason end) as asked_reason,
    max(case when h.place = 1 and h.event = 'extension_requested' then h.actor end) as asked_by,
    max(case when h.place = 1 and h.event = 'extension_requested' then h.at end) as asked_at
from happened h
group by h.unit, h.period
order by h.period nulls last, h.unit nulls last
