-- Answers: How many duties, signs, certificates and forms were there, and are there now? ($period is a quarter month)
-- Grain: one row a unit
-- Params: $units, $period, $basis, $as_of
-- Columns: unit, org_unit, reported, duties_baseline, duties_now, signs_baseline, signs_now, certificates_baseline, certificates_now, forms_baseline, forms_now, violations_found, violations_corrected
-- Used by: townboard/shell/burden_sheet.py, townboard/exploring.py
with reported as (
    select
        t.unit,
        t.org_unit,
        t.duties_baseline,
        t.duties_now,
        t.signs_baseline,
        t.signs_now,
        t.certificates_baseline,
        t.certificates_now,
        t.forms_baseline,
        t.forms_now,
        t.violations_found,
        t.violations_corrected
    from burden t
    join in_force f
        on f.submission_id = t.submission_id
        and f.unit = t.unit
        and f.data_set = 'burden'
        and f.period = $period
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    where t.unit = any($units)
)
select
    p.unit,
    p.code as org_unit,
    r.org_unit is not null as reported,
    r.duties_baseline,
    r.duties_now,
    r.signs_baseline,
    r.signs_now,
    r.certificates_baseline,
    r.certificates_now,
    r.forms_baseline,
    r.forms_now,
    r.violations_found,
    r.violations_corrected
from org_unit p
left join reported r on r.org_unit = p.code
where p.level = 'township'
    and p.unit = any($units)
    and p.from_time <= $as_of
    and p.to_time > $as_of
order by p.sort_order nulls last, p.code
