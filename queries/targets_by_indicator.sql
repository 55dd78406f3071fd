-- Answers: Which basic and highest goals hold for a year, and who set them?
-- Grain: one row an indicator and org unit
-- Params: $units, $county, $year, $as_of
-- Columns: indicator, org_unit, year, basic, highest, deadline, set_by, from_time
-- Used by: the command line
select
    t.indicator,
    t.org_unit,
    t."year",
    t.basic,
    t.highest,
    t.deadline,
    t.set_by,
    t.from_time
from target t
where t."year" = $year
    and (t.org_unit = $county or t.org_unit in (
            select p.code
            from org_unit p
            where p.unit = any($units)
                and p.from_time <= $as_of
                and p.to_time > $as_of
        ))
    and t.from_time <= $as_of
    and t.to_time > $as_of
order by t.indicator nulls last, t.org_unit nulls last
