"""Row relations that are no data set's own: the reports themselves, the tasks, and the problems and models. See `relations`."""

from __future__ import annotations

EXEMPT = """exempt_unit as (
    select m.unit
    from month_event m
    where m.period = $period
        and m.unit = any($units)
        and m."at" <= $as_of
        and m.event in ('exempted', 'exemption_revoked')
    group by m.unit
    having max(case when m.event = 'exempted' then m.n else 0 end) > max(case when m.event = 'exempted' then 0 else m.n end)
)"""
"""Units that need not report the month: they are not among those from which a report is expected."""

_OF_THE_MONTH = """f.period = $period
        and f.unit = any($units)
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of"""
"""What stands of the month, by the basis asked for and as of the moment asked for."""
_UNITS = """from org_unit p
    left join standing s on s.unit = p.code
    left join exempt_unit z on z.unit = p.code
    where p.level = 'township'
        and p.county = $county
        and p.unit = any($units)
        and p.from_time <= $as_of
        and p.to_time > $as_of
        and p.kind <> 'development zone'"""
"""The units that reported every month at that moment, with what stands of each."""

REPORT = f"""with {EXEMPT},
version as (
    select
        s.id,
        s.unit,
        s.version,
        s.submitted_at,
        s.due_at,
        s.missing,
        s.typed_cells,
        s.data_cells,
        row_number() over (partition by s.unit order by s.version desc) as place_last
    from submission s
    where s.period = $period
        and s.unit = any($units)
        and s.submitted_at <= $as_of
        and not exists (select 1 from event x where x.submission_id = s.id and x.state = 'withdrawn' and x."at" <= $as_of)
),
whole as (
    select v.unit, v.submitted_at, v.due_at, row_number() over (partition by v.unit order by v.version) as place
    from version v
    where coalesce(v.missing, '') = ''
),
extension as (
    select m.unit, m.due_at, row_number() over (partition by m.unit order by m.n desc) as place
    from month_event m
    where m.period = $period and m.unit = any($units) and m."at" <= $as_of and m.event = 'extension_granted'
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
        false as row_exempt,
        1 as due,
        case when a.submitted_at <= a.due_at or a.submitted_at <= g.due_at then 1 else 0 end as on_time,
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
    left join whole a on a.unit = p.code and a.place = 1
    left join extension g on g.unit = p.code and g.place = 1
    left join version l on l.unit = p.code and l.place_last = 1
    left join reviewed w on w.unit = p.code
    left join explained x on x.unit = p.code
    left join exempt_unit z on z.unit = p.code
    where p.level = 'township'
        and p.county = $county
        and p.unit = any($units)
        and p.from_time <= $as_of
        and p.to_time > $as_of
        and (p.kind <> 'development zone' or $closes_quarter)
        and z.unit is null
)"""
"""One row a unit from which a report of the month is expected; exempt units are none. While nobody in the county has sent anything
nothing is known; after that a unit without a report is a report not on time. On time is the first version that holds every form
owed, by the deadline that held then or the one granted since; what was withdrawn was never sent."""

TASK = f"""with {EXEMPT},
standing as (
    select f.unit, f.approved as row_approved, count(t.item) as tasks
    from in_force f
    left join task_progress t on t.submission_id = f.submission_id and t.item <> ''
    where f.data_set = 'task_progress'
        and {_OF_THE_MONTH}
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
        z.unit is not null as row_exempt,
        s.tasks,
        cast(null as bigint) as tasks_due,
        cast(null as bigint) as tasks_met,
        cast(null as bigint) as tasks_overdue,
        cast(null as bigint) as tasks_basic,
        cast(null as bigint) as tasks_highest
    {_UNITS}
)"""
"""One row a unit with its number of tasks. Deadlines and goals belong to the register of tasks: until a store has one, what
depends on them is unknown."""

PROBLEM = f"""with {EXEMPT},
standing as (
    select
        f.unit,
        f.approved as row_approved,
        count(case when t.kind = '典型' then 1 end) as models,
        count(case when t.kind = '问题' then 1 end) as problems_found
    from in_force f
    left join problems_models t on t.submission_id = f.submission_id
    where f.data_set = 'problems_models'
        and {_OF_THE_MONTH}
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
        z.unit is not null as row_exempt,
        s.models,
        s.problems_found,
        cast(null as bigint) as problems_closed
    {_UNITS}
)"""
"""One row a unit with the models and problems of the month. Closing is said by the ledger of problems: until a store has one it is unknown."""
