-- Answers: How far is every community with the five coverages, property service and grids?
-- Grain: one row a community
-- Params: $units, $period, $basis, $as_of
-- Columns: unit, org_unit, reported, compounds, coverage_1_done, coverage_2_done, coverage_3_done, coverage_4_done, coverage_5_done, coverage_1_due, coverage_2_due, coverage_3_due, coverage_4_due, coverage_5_due, unserviced_compounds, unserviced_resolved, resolved_by_company, resolved_by_community, resolved_by_owners, grids, grid_workers, grid_events_reported, grid_events_closed, cadres_assigned, note
-- Used by: townboard/shell/coverage_sheet.py, townboard/exploring.py
with reported as (
    select
        t.unit,
        t.org_unit,
        t.compounds,
        t.coverage_1_done,
        t.coverage_2_done,
        t.coverage_3_done,
        t.coverage_4_done,
        t.coverage_5_done,
        t.coverage_1_due,
        t.coverage_2_due,
        t.coverage_3_due,
        t.coverage_4_due,
        t.coverage_5_due,
        t.unserviced_compounds,
        t.unserviced_resolved,
        t.resolved_by_company,
        t.resolved_by_community,
        t.resolved_by_owners,
        t.grids,
        t.grid_workers,
        t.grid_events_reported,
        t.grid_events_closed,
        t.cadres_assigned,
        t.note
    from community_coverage t
    join in_force f
        on f.submission_id = t.submission_id
        and f.unit = t.unit
        and f.data_set = 'community_coverage'
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
    r.compounds,
    r.coverage_1_done,
    r.coverage_2_done,
    r.coverage_3_done,
    r.coverage_4_done,
    r.coverage_5_done,
    r.coverage_1_due,
    r.coverage_2_due,
    r.coverage_3_due,
    r.coverage_4_due,
    r.coverage_5_due,
    r.unserviced_compounds,
    r.unserviced_resolved,
    r.resolved_by_company,
    r.resolved_by_community,
    r.resolved_by_owners,
    r.grids,
    r.grid_workers,
    r.grid_events_reported,
    r.grid_events_closed,
    r.cadres_assigned,
    r.note
from org_unit p
left join reported r on r.org_unit = p.code
where p.level = 'community'
    and p.unit = any($units)
    and p.from_time <= $as_of
    and p.to_time > $as_of
order by p.sort_order nulls last, p.code
