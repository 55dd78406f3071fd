-- Answers: How far is clean-and-collect in every village, reported or not?
-- Grain: one row a village
-- Params: $units, $period, $basis, $as_of
-- Columns: unit, org_unit, reported, closed, contracts_checked, contract_amount, problem_contracts, contracts_rectified, contracts_online, fees_due, fees_recovered, debt_locked, debt_resolved, debt_written_off, debt_new, resource_area_found, resource_area_charged, resource_fees, files_archived, closing_requested, note
-- Used by: townboard/shell/clean_sheet.py, townboard/exploring.py
with reported as (
    select
        t.unit,
        t.org_unit,
        t.carried_from,
        t.contracts_checked,
        t.contract_amount,
        t.problem_contracts,
        t.contracts_rectified,
        t.contracts_online,
        t.fees_due,
        t.fees_recovered,
        t.debt_locked,
        t.debt_resolved,
        t.debt_written_off,
        t.debt_new,
        t.resource_area_found,
        t.resource_area_charged,
        t.resource_fees,
        t.files_archived,
        t.closing_requested,
        t.note
    from clean_collect t
    join in_force f
        on f.submission_id = t.submission_id
        and f.unit = t.unit
        and f.data_set = 'clean_collect'
        and f.period = $period
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    where t.unit = any($units)
),
closing as (
    select
        g.org_unit,
        g.number,
        row_number() over (
            partition by g.org_unit
            order by g.since desc nulls last, g.from_time desc nulls last
        ) as place
    from register_value g
    where g.data_set = 'clean_collect'
        and g.element = 'closed'
        and g.from_time <= $as_of
        and g.to_time > $as_of
        and substring(cast(g.since as varchar), 1, 7) <= $period
),
closed as (
    select c.org_unit
    from closing c
    where c.place = 1 and c.number = 1
)
select
    p.unit,
    p.code as org_unit,
    r.org_unit is not null as reported,
    k.org_unit is not null or r.carried_from is not null as closed,
    r.contracts_checked,
    r.contract_amount,
    r.problem_contracts,
    r.contracts_rectified,
    r.contracts_online,
    r.fees_due,
    r.fees_recovered,
    r.debt_locked,
    r.debt_resolved,
    r.debt_written_off,
    r.debt_new,
    r.resource_area_found,
    r.resource_area_charged,
    r.resource_fees,
    r.files_archived,
    r.closing_requested,
    r.note
from org_unit p
left join reported r on r.org_unit = p.code
left join closed k on k.org_unit = p.code
where p.level = 'village'
    and p.unit = any($units)
    and p.from_time <= $as_of
    and p.to_time > $as_of
order by p.sort_order nulls last, p.code
