-- refuse hours | more than the 37 hours that WMT allows | Correct the hours.
DELETE FROM stage_reductions WHERE hours > 37 RETURNING _row, hours;
-- refuse reduction_id | the same reason and first day as another reduction of this posting | Send the two as one row.
DELETE FROM stage_reductions s USING stage_reductions o
WHERE (o.staff_code, o.team_code, o.reason, o.from_on) = (s.staff_code, s.team_code, s.reason, s.from_on)
  AND o._row < s._row RETURNING s._row, s.reduction_id;
-- change
-- One that we asked for stays marked as ours when WMT sends it back.
UPDATE reduction r SET hours = round(s.hours::numeric, 1), to_on = s.to_on, status = lower(s.status)
FROM stage_reductions s
WHERE (r.staff_code, r.team_code, r.reason, r.from_on) = (s.staff_code, s.team_code, s.reason, s.from_on)
  AND (r.hours, r.to_on, r.status) IS DISTINCT FROM (round(s.hours::numeric, 1), s.to_on, lower(s.status));
-- change
INSERT INTO reduction (staff_code, team_code, hours, reason, from_on, to_on, status, is_ours, recorded_at)
SELECT staff_code, team_code, round(hours::numeric, 1), reason, from_on, to_on, lower(status), false, %(at)s FROM stage_reductions s
WHERE NOT EXISTS (SELECT 1 FROM reduction r
  WHERE (r.staff_code, r.team_code, r.reason, r.from_on) = (s.staff_code, s.team_code, s.reason, s.from_on));
