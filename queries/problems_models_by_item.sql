-- Answers: Which problems and typical models did the units report this month?
-- Grain: one row a problem or model
-- Params: $units, $period, $basis, $as_of
-- Columns: unit, item, kind, domain, title, text, help_needed_from, approved
-- Used by: townboard/shell/unit_report.py, townboard/exploring.py
select
    t.unit,
    t.item,
    t.kind,
    t.domain,
    t.title,
    t.text,
    t.help_needed_from,
    f.approved
from problems_models t
join in_force f
    on f.submission_id = t.submission_id
    and f.unit = t.unit
    and f.data_set = 'problems_models'
    and f.period = $period
    and f.basis = $basis
    and f.from_time <= $as_of
    and f.to_time > $as_of
where t.unit = any($units) and t.kind is not null
order by t.unit nulls last, t.item nulls last
