-- refuse week_on | not a Monday | Write the Monday of the week.
DELETE FROM stage_weekly_workload WHERE extract(isodow FROM week_on) <> 1 RETURNING _row, week_on;
-- change
UPDATE weekly_workload w SET total_points = s.total_points, available_points = s.available_points, n_cases = s.n_cases
FROM stage_weekly_workload s
WHERE (w.staff_code, w.team_code, w.week_on) = (s.staff_code, s.team_code, s.week_on)
  AND (w.total_points, w.available_points, w.n_cases) <> (s.total_points, s.available_points, s.n_cases);
-- change
INSERT INTO weekly_workload (staff_code, team_code, week_on, total_points, available_points, n_cases)
SELECT s.staff_code, s.team_code, s.week_on, s.total_points, s.available_points, s.n_cases FROM stage_weekly_workload s
WHERE NOT EXISTS (SELECT 1 FROM weekly_workload w
  WHERE (w.staff_code, w.team_code, w.week_on) = (s.staff_code, s.team_code, s.week_on));
