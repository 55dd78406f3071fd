"""Row relations that are no data set's own: the reports themselves, the tasks, and the problems and models. See `relations`."""

from __future__ import annotations

REPORT = """with version as (
    select
        s.id,
        s.unit,
        s.on_time,
        s.typed_cells,
        s.data_cells,
        row_number() over (partition by s.unit order by s.version) as place_first,
        row_number() over (partition by s.unit order by s.version desc) as place_last
    from submission s
    where s.period = $period and s.unit = any($units) and s.submitted_at <= $as_of
),
happened as (
    select v.unit, v.id, v.place_last, e.state, e."at" as happened_at
    from version v
    join event e on e.submission_id = v.id
    where e."at" <= $as_of
),
reviewed as (
    select
        h.unit,
        min(case when h.state = 'approved' then h.happened_at end) as approved_first,
        count(distinct case when h.state = 'approved' then h.happened_at end) as approvals,
        min(case when h.state = 'returned' then h.happened_at end) as returned_first,
        max(case when h.state = 'approved' and h.place_last = 1 then 1 else 0 end) as last_approved
    from happened h
    group by h.unit
),
explained as (
    select v.unit, count(*) as explanations
    from finding g
    join version v on v.id = g.submission_id and v.place_last = 1
    where g.severity = 'asks' and g.answer = 'keep'
    group by v.unit
),
place_row as (
    select
        p.code as org_unit,
        p.unit,
        p.county,
        exists (select 1 from submission a where a.county = p.county and a.period = $period and a.submitted_at <= $as_of) as row_reported,
        l.id is not null as row_sent,
        w.last_approved = 1 as row_approved,
        1 as due,
        case when a.on_time then 1 else 0 end as on_time,
        case when w.approved_first is not null then 1 end as approved,
        case
            when w.approved_first is null then null
            when w.returned_first < w.approved_first then 0
            else 1
        end as first_pass,
        case when l.id is null then null when w.approvals > 1 then w.approvals - 1 else 0 end as revisions,
        case when l.id is null then null when w.last_approved = 1 then 0 else coalesce(x.explanations, 0) end as explanations_pending,
        l.typed_cells,
        l.data_cells
    from org_unit p
    left join version a on a.unit = p.code and a.place_first = 1
    left join version l on l.unit = p.code and l.place_last = 1
    left join reviewed w on w.unit = p.code
    left join explained x on x.unit = p.code
    where p.level = 'township' and p.county = $county and p.unit = any($units)
        and (p.kind <> 'development zone' or $closes_quarter)
)"""
"""One row a unit from which a report of the month is expected. While nobody in the county has sent anything nothing is known; after
that a unit without a report is a report not on time."""

TASK = """with standing as (
    select f.unit, f.approved as row_approved, count(t.item) as tasks
    from in_force f
    left join task_progress t on t.submission_id = f.submission_id and t.item <> ''
    where f.data_set = 'task_progress'
        and f.period = $period
        and f.unit = any($units)
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    group by f.unit, f.approved
),
place_row as (
    select
        p.code as org_unit,
        p.unit,
        p.county,
        s.tasks > 0 as row_reported,
        s.unit is not null as row_sent,
        s.row_approved,
        s.tasks,
        cast(null as bigint) as tasks_due,
        cast(null as bigint) as tasks_met,
        cast(null as bigint) as tasks_overdue,
        cast(null as bigint) as tasks_basic,
        cast(null as bigint) as tasks_highest
    from org_unit p
    left join standing s on s.unit = p.code
    where p.level = 'township' and p.county = $county and p.unit = any($units) and p.kind <> 'development zone'
)"""
"""One row a unit with its number of tasks. Deadlines and goals belong to the register of tasks: until a store has one, what
depends on them is unknown."""

PROBLEM = """with standing as (
    select
        f.unit,
        f.approved as row_approved,
        count(case when t.kind = '典型' then 1 end) as models,
        count(case when t.kind = '问题' then 1 end) as problems_found
    from in_force f
    left join problems_models t on t.submission_id = f.submission_id
    where f.data_set = 'problems_models'
        and f.period = $period
        and f.unit = any($units)
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    group by f.unit, f.approved
),
place_row as (
    select
        p.code as org_unit,
        p.unit,
        p.county,
        s.unit is not null as row_reported,
        s.unit is not null as row_sent,
        s.row_approved,
        s.models,
        s.problems_found,
        cast(null as bigint) as problems_closed
    from org_unit p
    left join standing s on s.unit = p.code
    where p.level = 'township' and p.county = $county and p.unit = any($units) and p.kind <> 'development zone'
)"""
"""One row a unit with the models and problems of the month. Closing is said by the ledger of problems: until a store has one it is unknown."""
