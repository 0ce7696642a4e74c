-- refuse to_on | is empty, but a later row posts the same person to the same team | Give the earlier posting its last day.
DELETE FROM stage_postings s WHERE s.to_on IS NULL AND EXISTS (
  SELECT 1 FROM stage_postings o WHERE o.to_on IS NULL AND (o.staff_code, o.team_code) = (s.staff_code, s.team_code)
  AND o.from_on > s.from_on) RETURNING s._row, s.from_on;
-- refuse from_on | begins before the posting that is already running | Send the running posting too, with its last day.
DELETE FROM stage_postings s USING posting p
WHERE s.to_on IS NULL AND p.to_on IS NULL AND (p.staff_code, p.team_code) = (s.staff_code, s.team_code)
  AND p.from_on > s.from_on RETURNING s._row, s.from_on;
-- do
CREATE TEMP TABLE graded_posting ON COMMIT DROP AS
SELECT s.*, CASE s.grade WHEN 'PQIP' THEN 'PQiP' WHEN 'NQO' THEN 'PO' ELSE s.grade END AS held_grade FROM stage_postings s;
-- do
ANALYZE graded_posting;
-- change
UPDATE posting p SET grade = s.held_grade, contracted_hours = round(s.contracted_hours::numeric, 1), to_on = s.to_on
FROM graded_posting s
WHERE (p.staff_code, p.team_code, p.from_on) = (s.staff_code, s.team_code, s.from_on)
  AND (p.grade, p.contracted_hours, p.to_on) IS DISTINCT FROM (s.held_grade, round(s.contracted_hours::numeric, 1), s.to_on);
-- do
-- A newer open posting to the same team ends the older one the day before it begins.
UPDATE posting p SET to_on = s.from_on - 1 FROM graded_posting s
WHERE s.to_on IS NULL AND p.to_on IS NULL AND (p.staff_code, p.team_code) = (s.staff_code, s.team_code)
  AND p.from_on < s.from_on;
-- change
INSERT INTO posting (staff_code, team_code, grade, contracted_hours, from_on, to_on)
SELECT staff_code, team_code, held_grade, round(contracted_hours::numeric, 1), from_on, to_on FROM graded_posting
ON CONFLICT (staff_code, team_code, from_on) DO NOTHING;
-- change
INSERT INTO practitioner_fact (person_id, kind, from_on, to_on)
SELECT DISTINCT ON (c.person_id, k.kind, k.from_on) c.person_id, k.kind, k.from_on, s.to_on
FROM graded_posting s JOIN staff_code c ON c.code = s.staff_code
CROSS JOIN LATERAL (SELECT CASE s.grade WHEN 'NQO' THEN 'newly_qualified' WHEN 'PQIP' THEN 'trainee_started' END AS kind,
                           coalesce(s.grade_from_on, s.from_on) AS from_on) k
WHERE k.kind IS NOT NULL
ORDER BY c.person_id, k.kind, k.from_on, s.to_on DESC NULLS FIRST
ON CONFLICT (person_id, kind, from_on) DO UPDATE SET to_on = EXCLUDED.to_on
WHERE practitioner_fact.to_on IS DISTINCT FROM EXCLUDED.to_on;
-- change
-- Somebody posted in another grade since then is no longer newly qualified, or no longer a trainee.
UPDATE practitioner_fact f SET to_on = s.from_on
FROM graded_posting s JOIN staff_code c ON c.code = s.staff_code
WHERE f.person_id = c.person_id AND f.to_on IS NULL AND s.to_on IS NULL AND f.from_on < s.from_on
  AND ((f.kind = 'newly_qualified' AND s.grade <> 'NQO') OR (f.kind = 'trainee_started' AND s.grade <> 'PQIP'));
