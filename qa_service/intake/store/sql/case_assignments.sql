-- do
-- A case may be told under a former number too.
CREATE TEMP TABLE keyed_assignment ON COMMIT DROP AS
SELECT DISTINCT ON (c.case_id, s.staff_code, s.team_code, s.from_on)
  s._row, c.case_id, s.staff_code, s.team_code, s.from_on, s.to_on
FROM stage_case_assignments s JOIN case_crn c USING (crn)
ORDER BY c.case_id, s.staff_code, s.team_code, s.from_on, c.is_current DESC, s._row;
-- do
ANALYZE keyed_assignment;
-- refuse to_on | is empty, but a later row gives the case to somebody | Give the earlier holder a last day.
DELETE FROM keyed_assignment s USING (
  SELECT case_id, max(ARRAY[from_on - '2000-01-01'::date, _row]) AS last FROM keyed_assignment
  WHERE to_on IS NULL GROUP BY case_id HAVING count(*) > 1) m
WHERE s.case_id = m.case_id AND s.to_on IS NULL AND s._row <> m.last[2] RETURNING s._row, s.from_on;
-- change
UPDATE case_assignment a SET to_on = s.to_on FROM keyed_assignment s
WHERE (a.case_id, a.staff_code, a.team_code, a.from_on) = (s.case_id, s.staff_code, s.team_code, s.from_on)
  AND s.to_on IS NOT NULL AND a.to_on IS DISTINCT FROM s.to_on;
-- refuse from_on | the case has a holder who took it later | Send that later assignment too, with its last day.
DELETE FROM keyed_assignment s USING case_assignment a
WHERE s.to_on IS NULL AND a.case_id = s.case_id AND a.to_on IS NULL AND a.from_on > s.from_on
RETURNING s._row, s.from_on;
-- do
-- One holder at a time: a new holder's first day is the last day of the one before.
UPDATE case_assignment a SET to_on = greatest(a.from_on, s.from_on) FROM keyed_assignment s
WHERE s.to_on IS NULL AND a.to_on IS NULL AND a.case_id = s.case_id
  AND (a.staff_code, a.team_code, a.from_on) <> (s.staff_code, s.team_code, s.from_on);
-- change
UPDATE case_assignment a SET to_on = NULL FROM keyed_assignment s
WHERE (a.case_id, a.staff_code, a.team_code, a.from_on) = (s.case_id, s.staff_code, s.team_code, s.from_on)
  AND s.to_on IS NULL AND a.to_on IS NOT NULL;
-- change
INSERT INTO case_assignment (case_id, staff_code, team_code, from_on, to_on, recorded_at)
SELECT s.case_id, s.staff_code, s.team_code, s.from_on, s.to_on, %(at)s FROM keyed_assignment s
WHERE NOT EXISTS (SELECT 1 FROM case_assignment a
  WHERE (a.case_id, a.staff_code, a.team_code, a.from_on) = (s.case_id, s.staff_code, s.team_code, s.from_on));
