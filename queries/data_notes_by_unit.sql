-- Answers: Which units' figures look stale, rounded by hand or hurried at the end, and which were explained?
-- Grain: one row a unit, form, kind of finding and answer
-- Params: $units, $period, $basis, $as_of
-- Columns: unit, data_set, id, approved, submission_id, findings, org_units, message_zh, message_en, reason
-- Used by: townboard/shell/outlooks.py
with standing as (
    select
        f.unit,
        f.submission_id,
        min(case when f.approved then 1 else 0 end) = 1 as approved
    from in_force f
    where f.unit = any($units)
        and f.period = $period
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    group by f.unit, f.submission_id
)
select
    s.unit,
    g.data_set,
    g.id,
    s.approved,
    s.submission_id,
    count(*) as findings,
    count(distinct g.org_unit) as org_units,
    min(g.message_zh) as message_zh,
    min(g.message_en) as message_en,
    g.reason
from standing s
join finding g on g.submission_id = s.submission_id
where g.id in ('stale-value', 'heaping', 'end-loading') or g.severity = 'asks'
group by s.unit, g.data_set, g.id, s.approved, s.submission_id, g.reason
order by s.unit nulls last, g.data_set nulls last, g.id nulls last, g.reason nulls last
