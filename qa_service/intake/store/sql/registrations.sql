-- refuse end_on | before the day it began | Correct start_on or end_on.
DELETE FROM stage_registrations WHERE end_on < start_on RETURNING _row, end_on;
-- refuse is_active | says that the entry no longer holds, but end_on is empty | Give the day it was removed.
DELETE FROM stage_registrations WHERE NOT is_active AND end_on IS NULL RETURNING _row, start_on;
-- change
INSERT INTO registration (case_id, code, level, description, from_on, to_on, recorded_at)
SELECT DISTINCT ON (c.case_id, s.code, s.start_on)
  c.case_id, s.code, coalesce(s.level, s.category), NULL, s.start_on, s.end_on, %(at)s::timestamptz
FROM stage_registrations s JOIN case_crn c USING (crn) ORDER BY c.case_id, s.code, s.start_on, s._row
ON CONFLICT (case_id, code, from_on) DO UPDATE SET level = EXCLUDED.level, to_on = EXCLUDED.to_on
WHERE (registration.level, registration.to_on) IS DISTINCT FROM (EXCLUDED.level, EXCLUDED.to_on);
