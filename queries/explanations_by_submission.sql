-- Answers: How many questions of each version were kept as they are, with an explanation, form by form?
-- Grain: one row a submission and form with such an answer
-- Params: $units, $first_period, $period
-- Columns: unit, period, submission_id, data_set, explained
-- Used by: townboard/shell/todo.py
select
    s.unit,
    s.period,
    g.submission_id,
    g.data_set,
    count(*) as explained
from finding g
join submission s on s.id = g.submission_id
where s.unit = any($units) and s.period >= $first_period and s.period <= $period and g.severity = 'asks' and g.answer = 'keep'
group by s.unit, s.period, g.submission_id, g.data_set
order by s.period nulls last, s.unit nulls last, g.submission_id nulls last, g.data_set nulls last
