-- Answers: Which frozen clean-and-collect baselines does the register hold of each village, since when, and were they changed afterwards?
-- Grain: one row a village
-- Params: $units, $as_of
-- Columns: unit, org_unit, contracts_checked, contract_amount, fees_due, debt_locked, resource_area_found, recorded_at, changes, changed_at
-- Used by: townboard/shell/clean_sheet.py
with recorded as (
    select
        g.org_unit,
        g.element,
        count(*) as versions,
        max(case when g.to_time > $as_of then g.number end) as number,
        min(g.from_time) as first_time,
        max(g.from_time) as last_time
    from register_value g
    where g.data_set = 'clean_collect'
        and g.element in ('contracts_checked', 'contract_amount', 'fees_due', 'debt_locked', 'resource_area_found')
        and g.from_time <= $as_of
    group by g.org_unit, g.element
)
select
    p.unit,
    p.code as org_unit,
    max(case when r.element = 'contracts_checked' then r.number end) as contracts_checked,
    max(case when r.element = 'contract_amount' then r.number end) as contract_amount,
    max(case when r.element = 'fees_due' then r.number end) as fees_due,
    max(case when r.element = 'debt_locked' then r.number end) as debt_locked,
    max(case when r.element = 'resource_area_found' then r.number end) as resource_area_found,
    min(r.first_time) as recorded_at,
    sum(case when r.versions > 1 then 1 else 0 end) as changes,
    max(case when r.versions > 1 then r.last_time end) as changed_at
from org_unit p
left join recorded r on r.org_unit = p.code
where p.level = 'village'
    and p.unit = any($units)
    and p.from_time <= $as_of
    and p.to_time > $as_of
group by p.unit, p.code, p.sort_order
order by p.sort_order nulls last, p.code
