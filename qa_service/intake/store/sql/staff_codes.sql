-- refuse staff_code | is another person's code already | Check person_key: a code belongs to one person for good.
DELETE FROM stage_staff_codes s USING staff_code c JOIN person p ON p.id = c.person_id
WHERE c.code = s.staff_code AND p.person_key <> s.person_key AND p.person_key NOT LIKE 'staff-code:%%'
RETURNING s._row, s.staff_code;
-- change
INSERT INTO staff_code (code, person_id, from_on, to_on)
SELECT s.staff_code, p.id, s.from_on, s.to_on FROM stage_staff_codes s JOIN person p USING (person_key)
ON CONFLICT (code) DO UPDATE SET person_id = EXCLUDED.person_id, from_on = EXCLUDED.from_on, to_on = EXCLUDED.to_on
WHERE (staff_code.person_id, staff_code.from_on, staff_code.to_on)
  IS DISTINCT FROM (EXCLUDED.person_id, EXCLUDED.from_on, EXCLUDED.to_on);
