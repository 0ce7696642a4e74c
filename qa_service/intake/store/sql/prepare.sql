-- do
-- A person first met as a bare staff code (a WMT roster names no person) becomes the person that the feed now names.
UPDATE person SET person_key = s.person_key
FROM (SELECT DISTINCT ON (person_key) person_key, staff_code FROM stage_staff_codes ORDER BY person_key, staff_code) s
WHERE person.person_key = 'staff-code:' || s.staff_code
  AND NOT EXISTS (SELECT 1 FROM person p WHERE p.person_key = s.person_key);
-- do
-- So does a case first met as a bare CRN in somebody's list.
UPDATE case_record SET case_key = s.case_key
FROM (SELECT DISTINCT ON (case_key) case_key, crn FROM stage_cases ORDER BY case_key, crn) s
WHERE case_record.case_key = 'crn:' || s.crn
  AND NOT EXISTS (SELECT 1 FROM case_record r WHERE r.case_key = s.case_key);
