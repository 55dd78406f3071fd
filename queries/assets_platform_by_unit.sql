-- Answers: What does each unit say of the three-assets platform?
-- Grain: one row a unit
-- Params: $units, $period, $basis, $as_of
-- Columns: unit, org_unit, reported, villages_online, alerts_raised, alerts_handled, trades, trade_amount, villages_disclosing
-- Used by: townboard/shell/clean_sheet.py, townboard/exploring.py
with reported as (
    select
        t.unit,
        t.org_unit,
        t.villages_online,
        t.alerts_raised,
        t.alerts_handled,
        t.trades,
        t.trade_amount,
        t.villages_disclosing
    from assets_platform t
    join in_force f
        on f.submission_id = t.submission_id
        and f.unit = t.unit
        and f.data_set = 'assets_platform'
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
    r.villages_online,
    r.alerts_raised,
    r.alerts_handled,
    r.trades,
    r.trade_amount,
    r.villages_disclosing
from org_unit p
left join reported r on r.org_unit = p.code
where p.level = 'township'
    and p.unit = any($units)
    and p.from_time <= $as_of
    and p.to_time > $as_of
order by p.sort_order nulls last, p.code
