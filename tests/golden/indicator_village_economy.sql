with exempt_unit as (
    select m.unit
    from month_event m
    where m.period = $period
        and m.unit = any($units)
        and m."at" <= $as_of
        and m.event in ('exempted', 'exemption_revoked')
    group by m.unit
    having max(case when m.event = 'exempted' then m.n else 0 end) > max(case when m.event = 'exempted' then 0 else m.n end)
),
months as (
    select
        t.period,
        f.approved as row_approved,
        t.org_unit,
        t.village_code,
        t.village_name,
        t.annual_target,
        t.last_year_total_income,
        t.last_year_operating_income,
        t.operating_income,
        t.subsidy_income,
        t.other_income,
        t.expected_income,
        t.main_source,
        t.cooperation_stage,
        t.land_compensation,
        t.note,
        t.annual_business_income,
        t.annual_contract_income,
        t.annual_investment_income,
        t.annual_other_operating_income,
        t.annual_member_dividend,
        cast(cast(t.operating_income + t.subsidy_income + t.other_income as decimal(18, 4)) as double precision) as total_income,
        case
            when $goal_income_basis = 'operating' then t.operating_income
            else cast(cast(t.operating_income + t.subsidy_income + t.other_income as decimal(18, 4)) as double precision)
        end as goal_income
    from village_economy t
    join in_force f
        on f.submission_id = t.submission_id
        and f.unit = t.unit
        and f.period = t.period
        and f.data_set = 'village_economy'
        and f.basis = $basis
        and f.from_time <= $as_of
        and f.to_time > $as_of
    where t.unit = any($units)
        and t.period in ($period, $back_1, $back_2, $back_3, $year_ago, $last_december)
),
paced as (
    select
        p.code as org_unit,
        p.unit,
        p.county,
        s.org_unit is not null as row_reported,
        s.org_unit is not null as row_sent,
        s.row_approved,
        z.unit is not null as row_exempt,
        p.in_goal_denominator,
        s.village_code,
        s.village_name,
        s.annual_target,
        s.last_year_total_income,
        s.last_year_operating_income,
        s.operating_income,
        s.subsidy_income,
        s.other_income,
        s.expected_income,
        s.main_source,
        s.cooperation_stage,
        s.land_compensation,
        s.note,
        s.annual_business_income,
        s.annual_contract_income,
        s.annual_investment_income,
        s.annual_other_operating_income,
        s.annual_member_dividend,
        s.total_income,
        s.goal_income,
        cast($goal_threshold as double precision) as goal_threshold,
        case when $goal_income_basis = 'operating' then s.last_year_operating_income else s.last_year_total_income end as last_year_income,
        b1.operating_income as operating_income__1,
        b2.operating_income as operating_income__2,
        b3.operating_income as operating_income__3,
        y.operating_income as operating_income__year_ago,
        case
            when y.goal_income > 0 and d.goal_income >= y.goal_income
                then floor(1000000 * y.goal_income / nullif(d.goal_income, 0)) / 1000000
            else floor(1000000 * $month / 12.0) / 1000000
        end as pace_weight
    from org_unit p
    left join months s on s.org_unit = p.code and s.period = $period
    left join exempt_unit z on z.unit = p.unit
    left join months b1 on b1.org_unit = p.code and b1.period = $back_1
    left join months b2 on b2.org_unit = p.code and b2.period = $back_2
    left join months b3 on b3.org_unit = p.code and b3.period = $back_3
    left join months y on y.org_unit = p.code and y.period = $year_ago
    left join months d on d.org_unit = p.code and d.period = $last_december
    where p.level = 'village'
        and p.county = $county
        and p.unit = any($units)
        and p.from_time <= $as_of
        and p.to_time > $as_of
),
place_row as (
    select
        p.*,
        coalesce(
            case when $goal_income_basis = 'total' then p.expected_income end,
            p.goal_income / nullif(p.pace_weight, 0)
        ) as forecast_income
    from paced p
),
measured as (
    select
        r.unit as place,
        r.unit,
        r.row_reported,
        r.row_sent,
        r.row_approved,
        r.row_exempt,
        goal_income >= goal_threshold as ce01_numerator,
        in_goal_denominator as ce01_denominator,
        goal_income >= goal_threshold or goal_income >= goal_threshold * pace_weight as ce03_numerator,
        in_goal_denominator as ce03_denominator,
        forecast_income >= goal_threshold as ce04_numerator,
        in_goal_denominator as ce04_denominator,
        operating_income >= goal_threshold as ce05_numerator,
        in_goal_denominator as ce05_denominator,
        goal_income < 10 and last_year_income < 10 as ce06_numerator,
        goal_income as ce07_numerator,
        goal_income >= 100 as ce08_numerator,
        operating_income as ce09_numerator,
        r.operating_income__year_ago,
        goal_income as ce10_numerator,
        subsidy_income as ce11_numerator,
        total_income as ce11_denominator,
        cooperation_stage in ('签约', '在建', '见效') as ce12_numerator,
        r.cooperation_stage,
        operating_income = operating_income__1 and operating_income = operating_income__2 and operating_income = operating_income__3 as ce13_numerator
    from place_row r
)
select
    place as org_unit,
    count(*) as places,
    count(*) filter (where row_reported) as places_reported,
    count(distinct case when not row_exempt then unit end) as expected_units,
    count(distinct case when row_sent then unit end) as reported_units,
    count(distinct case when row_sent and not row_approved then unit end) as preliminary_units,
    case when count(*) filter (where ce01_denominator and ce01_numerator is not null) > 0 then count(*) filter (where ce01_denominator and ce01_numerator) end as ce01_n,
    count(*) filter (where ce01_denominator) as ce01_d,
    case when count(*) filter (where ce03_denominator and ce03_numerator is not null) > 0 then count(*) filter (where ce03_denominator and ce03_numerator) end as ce03_n,
    count(*) filter (where ce03_denominator) as ce03_d,
    case when count(*) filter (where ce04_denominator and ce04_numerator is not null) > 0 then count(*) filter (where ce04_denominator and ce04_numerator) end as ce04_n,
    count(*) filter (where ce04_denominator) as ce04_d,
    case when count(*) filter (where ce05_denominator and ce05_numerator is not null) > 0 then count(*) filter (where ce05_denominator and ce05_numerator) end as ce05_n,
    count(*) filter (where ce05_denominator) as ce05_d,
    case when count(*) filter (where row_reported and ce06_numerator is not null) > 0 then count(*) filter (where row_reported and ce06_numerator is not null and ce06_numerator) end as ce06_n,
    case when count(*) filter (where row_reported and ce07_numerator is not null) > 0 then count(*) filter (where row_reported and ce07_numerator is not null) end as ce07_n,
    count(*) filter (where row_reported and ce07_numerator is not null and ce07_numerator < 5) as ce07_band_1,
    count(*) filter (where row_reported and ce07_numerator is not null and ce07_numerator >= 5 and ce07_numerator < 10) as ce07_band_2,
    count(*) filter (where row_reported and ce07_numerator is not null and ce07_numerator >= 10 and ce07_numerator < 30) as ce07_band_3,
    count(*) filter (where row_reported and ce07_numerator is not null and ce07_numerator >= 30 and ce07_numerator < 50) as ce07_band_4,
    count(*) filter (where row_reported and ce07_numerator is not null and ce07_numerator >= 50 and ce07_numerator < 100) as ce07_band_5,
    count(*) filter (where row_reported and ce07_numerator is not null and ce07_numerator >= 100) as ce07_band_6,
    case when count(*) filter (where row_reported and ce08_numerator is not null) > 0 then count(*) filter (where row_reported and ce08_numerator is not null and ce08_numerator) end as ce08_n,
    sum(ce09_numerator) filter (where row_reported and ce09_numerator is not null) as ce09_n,
    sum(ce09_numerator) filter (where operating_income__year_ago is not null) as ce09_now,
    sum(operating_income__year_ago) filter (where ce09_numerator is not null) as ce09_then,
    percentile_cont(0.5) within group (order by ce10_numerator) filter (where row_reported and ce10_numerator is not null) as ce10_n,
    sum(ce11_numerator) filter (where row_reported and ce11_numerator is not null and ce11_denominator is not null) as ce11_n,
    sum(ce11_denominator) filter (where row_reported and ce11_numerator is not null and ce11_denominator is not null) as ce11_d,
    case when count(*) filter (where row_reported and ce12_numerator is not null) > 0 then count(*) filter (where row_reported and ce12_numerator is not null and ce12_numerator) end as ce12_n,
    count(*) filter (where row_reported and cooperation_stage = '签约') as ce12_signed,
    count(*) filter (where row_reported and cooperation_stage = '在建') as ce12_building,
    count(*) filter (where row_reported and cooperation_stage = '见效') as ce12_yielding,
    case when count(*) filter (where row_reported and ce13_numerator is not null) > 0 then count(*) filter (where row_reported and ce13_numerator is not null and ce13_numerator) end as ce13_n
from measured
group by place
order by place nulls last
