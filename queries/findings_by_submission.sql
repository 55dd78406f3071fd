-- Answers: What was found in one version, and how was each question answered?
-- Grain: one row a finding
-- Params: $units, $submission
-- Columns: n, id, severity, data_set, org_unit, element, sheet, cell, raw, suggestion, message_zh, message_en, answer, answer_value, reason, answered_by
-- Used by: townboard/shell/unit_report.py, townboard/shell/office.py
select
    g.n,
    g.id,
    g.severity,
    g.data_set,
    g.org_unit,
    g.element,
    g.sheet,
    g.cell,
    g.raw,
    g.suggestion,
    g.message_zh,
    g.message_en,
    g.answer,
    g.answer_value,
    g.reason,
    g.answered_by
from finding g
join submission s on s.id = g.submission_id
where s.unit = any($units) and g.submission_id = $submission
order by g.n nulls last
