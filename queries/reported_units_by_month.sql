-- Answers: Which units' figures stand for a month on each basis, are they approved, and when were they sent?
-- Grain: one row a unit, month and basis for which something stands
-- Params: $units, $as_of
-- Columns: unit, period, basis, approved, submission_id, version, submitted_at, forms
-- Used by: townboard/shell/standing.py
with standing as (
    select
        f.unit,
        f.period,
        f.basis,
        min(case when f.approved then 1 else 0 end) as all_approved,
        max(f.submission_id) as submission_id,
        string_agg(f.data_set, ' ' order by f.data_set) as forms
    from in_force f
    where f.unit = any($units) and f.from_time <= $as_of and f.to_time > $as_of
    group by f.unit, f.period, f.basis
)
select
    g.unit,
    g.period,
    g.basis,
    g.all_approved = 1 as approved,
    g.submission_id,
    s.version,
    s.submitted_at,
    g.forms
from standing g
join submission s on s.id = g.submission_id
order by g.period nulls last, g.unit nulls last, g.basis nulls last
