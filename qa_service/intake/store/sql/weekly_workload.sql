-- refuse week_on | not a Monday | Write the Monday of the week.
DELETE FROM stage_weekly_workload WHERE extract(isodow FROM week_on) <> 1 RETURNING _row, week_on;
-- change
INSERT INTO weekly_workload (staff_code, team_code, week_on, total_points, available_points, n_cases)
SELECT staff_code, team_code, week_on, total_points, available_points, n_cases FROM stage_weekly_workload
ON CONFLICT (staff_code, team_code, week_on) DO UPDATE SET total_points = EXCLUDED.total_points,
  available_points = EXCLUDED.available_points, n_cases = EXCLUDED.n_cases
WHERE (weekly_workload.total_points, weekly_workload.available_points, weekly_workload.n_cases)
  <> (EXCLUDED.total_points, EXCLUDED.available_points, EXCLUDED.n_cases);
