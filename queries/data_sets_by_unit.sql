-- Answers: Which forms of a month stand for each unit, from which version, approved or not?
-- Grain: one row a unit, month and data set for which something stands
-- Params: $units, $first_period, $period, $basis, $as_of
-- Columns: unit, period, data_set, submission_id, version, approved, submitted_at
-- Used by: the command line
select
    f.unit,
    f.period,
    f.data_set,
    f.submission_id,
    s.version,
    f.approved,
    s.submitted_at
from in_force f
join submission s on s.id = f.submission_id
where f.unit = any($units)
    and f.period >= $first_period
    and f.period <= $period
    and f.basis = $basis
    and f.from_time <= $as_of
    and f.to_time > $as_of
order by f.period nulls last, f.unit nulls last, f.data_set nulls last
