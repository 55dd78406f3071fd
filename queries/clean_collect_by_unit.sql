-- Answers: How far is clean-and-collect in each unit, closed villages included?
-- Grain: one row a unit with villages, reported or not
-- Params: $units, $period, $basis, $as_of
-- Columns: unit, villages, villages_reported, villages_closed, contracts_checked, contract_amount, problem_contracts, contracts_rectified, contracts_online, fees_due, fees_recovered, debt_locked, debt_resolved, debt_written_off, debt_new, villages_with_new_debt, resource_area_found, resource_area_charged, resource_fees, cash_recovered
-- Used by: the command line
with reported as (
    select c.*
    from clean_collect c
    join in_force f
        on f.submission_id = c.submission_id
        and f.unit = c.unit
        and f.data_set = 'clean_collect'
        and f.period = $period
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    where c.unit = any($units)
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
    count(*) as villages,
    count(r.org_unit) as villages_reported,
    count(*) filter (where k.org_unit is not null or r.carried_from is not null) as villages_closed,
    sum(r.contracts_checked) as contracts_checked,
    sum(r.contract_amount) as contract_amount,
    sum(r.problem_contracts) as problem_contracts,
    sum(r.contracts_rectified) as contracts_rectified,
    sum(r.contracts_online) as contracts_online,
    sum(r.fees_due) as fees_due,
    sum(r.fees_recovered) as fees_recovered,
    sum(r.debt_locked) as debt_locked,
    sum(r.debt_resolved) as debt_resolved,
    sum(r.debt_written_off) as debt_written_off,
    sum(r.debt_new) as debt_new,
    count(*) filter (where r.debt_new > 0) as villages_with_new_debt,
    sum(r.resource_area_found) as resource_area_found,
    sum(r.resource_area_charged) as resource_area_charged,
    sum(r.resource_fees) as resource_fees,
    sum(r.fees_recovered + r.resource_fees) as cash_recovered
from org_unit p
join org_unit u on u.code = p.unit and u.from_time <= $as_of and u.to_time > $as_of
left join reported r on r.org_unit = p.code
left join closed k on k.org_unit = p.code
where p.level = 'village'
    and p.unit = any($units)
    and p.from_time <= $as_of
    and p.to_time > $as_of
group by p.unit, u.sort_order
order by u.sort_order nulls last, p.unit
