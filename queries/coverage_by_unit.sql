-- Answers: How far are each unit's communities with the five coverages, property service and grids?
-- Grain: one row a unit with communities, reported or not
-- Params: $units, $period, $basis, $as_of
-- Columns: unit, communities, communities_reported, coverage_1_done, coverage_1_due, coverage_2_done, coverage_2_due, coverage_3_done, coverage_3_due, coverage_4_done, coverage_4_due, coverage_5_done, coverage_5_due, unserviced_compounds, unserviced_resolved, grids, grid_workers, grid_events_reported, grid_events_closed, cadres_assigned
-- Used by: the command line
with reported as (
    select c.*
    from community_coverage c
    join in_force f
        on f.submission_id = c.submission_id
        and f.unit = c.unit
        and f.data_set = 'community_coverage'
        and f.period = $period
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    where c.unit = any($units)
)
select
    p.unit,
    count(*) as communities,
    count(r.org_unit) as communities_reported,
    sum(r.coverage_1_done) as coverage_1_done,
    sum(r.coverage_1_due) as coverage_1_due,
    sum(r.coverage_2_done) as coverage_2_done,
    sum(r.coverage_2_due) as coverage_2_due,
    sum(r.coverage_3_done) as coverage_3_done,
    sum(r.coverage_3_due) as coverage_3_due,
    sum(r.coverage_4_done) as coverage_4_done,
    sum(r.coverage_4_due) as coverage_4_due,
    sum(r.coverage_5_done) as coverage_5_done,
    sum(r.coverage_5_due) as coverage_5_due,
    sum(r.unserviced_compounds) as unserviced_compounds,
    sum(r.unserviced_resolved) as unserviced_resolved,
    sum(r.grids) as grids,
    sum(r.grid_workers) as grid_workers,
    sum(r.grid_events_reported) as grid_events_reported,
    sum(r.grid_events_closed) as grid_events_closed,
    sum(r.cadres_assigned) as cadres_assigned
from org_unit p
join org_unit u on u.code = p.unit and u.from_time <= $as_of and u.to_time > $as_of
left join reported r on r.org_unit = p.code
where p.level = 'community'
    and p.unit = any($units)
    and p.from_time <= $as_of
    and p.to_time > $as_of
group by p.unit, u.sort_order
order by u.sort_order nulls last, p.unit
