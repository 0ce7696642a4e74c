-- refuse end_on | before the day it began | Correct start_on or end_on.
DELETE FROM stage_registrations WHERE end_on < start_on RETURNING _row, end_on;
-- refuse is_active | says that the entry no longer holds, but end_on is empty | Give the day it was removed.
DELETE FROM stage_registrations WHERE NOT is_active AND end_on IS NULL RETURNING _row, start_on;
-- do
CREATE TEMP TABLE told_registration ON COMMIT DROP AS
SELECT DISTINCT ON (c.case_id, s.code, s.start_on)
  c.case_id, s.code, coalesce(s.level, s.category) AS level, s.start_on AS from_on, s.end_on AS to_on
FROM stage_registrations s JOIN case_crn c USING (crn) ORDER BY c.case_id, s.code, s.start_on, s._row;
-- do
ANALYZE told_registration;
-- do
-- An entry that now says something else is another row: what it said stays known until this moment.
UPDATE registration r SET replaced_at = %(at)s FROM told_registration t
WHERE (r.case_id, r.code, r.from_on) = (t.case_id, t.code, t.from_on) AND r.replaced_at IS NULL
  AND r.recorded_at < %(at)s AND (r.level, r.to_on) IS DISTINCT FROM (t.level, t.to_on);
-- change
UPDATE registration r SET level = t.level, to_on = t.to_on FROM told_registration t
WHERE (r.case_id, r.code, r.from_on) = (t.case_id, t.code, t.from_on) AND r.replaced_at IS NULL
  AND (r.level, r.to_on) IS DISTINCT FROM (t.level, t.to_on);
-- change
INSERT INTO registration (case_id, code, level, description, from_on, to_on, recorded_at)
SELECT t.case_id, t.code, t.level, r.description, t.from_on, t.to_on, %(at)s::timestamptz
FROM told_registration t LEFT JOIN registration r
  ON (r.case_id, r.code, r.from_on) = (t.case_id, t.code, t.from_on) AND r.replaced_at = %(at)s
WHERE NOT EXISTS (SELECT 1 FROM registration k
  WHERE (k.case_id, k.code, k.from_on) = (t.case_id, t.code, t.from_on) AND k.replaced_at IS NULL)
ORDER BY t.case_id, t.code, t.from_on;
