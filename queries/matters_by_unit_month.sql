-- Answers: How many enforcement matters was each unit assigned month by month, how many did it exercise, and what does the register say?
-- Grain: one row a unit and month that stands
-- Params: $units, $first_period, $period, $basis, $as_of
-- Columns: unit, period, matters_assigned, matters_exercised, since, reason, source
-- Used by: townboard/shell/enforcement_sheet.py
with months as (
    select
        t.unit,
        t.period,
        t.matters_assigned,
        t.matters_exercised
    from law_enforcement t
    join in_force f
        on f.submission_id = t.submission_id
        and f.unit = t.unit
        and f.data_set = 'law_enforcement'
        and f.period = t.period
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    where t.unit = any($units) and t.period >= $first_period and t.period <= $period
),
known as (
    select
        m.unit,
        m.period,
        g.since,
        g.words,
        g.source,
        row_number() over (
            partition by m.unit, m.period
            order by g.since desc nulls last, g.from_time desc nulls last
        ) as place
    from months m
    join register_value g
        on g.data_set = 'law_enforcement'
        and g.element = 'matters_assigned'
        and g.org_unit = m.unit
        and g.number = m.matters_assigned
        and g.from_time <= $as_of
        and g.to_time > $as_of
        and (g.since is null or substring(cast(g.since as varchar), 1, 7) <= m.period)
)
select
    m.unit,
    m.period,
    m.matters_assigned,
    m.matters_exercised,
    k.since,
    k.words as reason,
    k.source
from months m
left join known k on k.unit = m.unit and k.period = m.period and k.place = 1
order by m.unit nulls last, m.period
