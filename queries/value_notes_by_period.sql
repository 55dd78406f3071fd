-- Answers: Which values of a form were left blank, do not apply, or were tidied when read?
-- Grain: one row a value with something to say
-- Params: $units, $period, $basis, $as_of, $data_set
-- Columns: unit, org_unit, item, element, status, raw, steps
-- Used by: pages/explore.py
select
    f.unit,
    w.org_unit,
    w.item,
    w.element,
    w.status,
    w.raw,
    w.steps
from value_note w
join in_force f
    on f.submission_id = w.submission_id
    and f.data_set = w.data_set
    and f.period = $period
    and f.basis = $basis
    and f.from_time <= $as_of
    and f.to_time > $as_of
where f.unit = any($units) and w.data_set = $data_set
order by f.unit nulls last, w.org_unit nulls last, w.item nulls last, w.element nulls last
