-- refuse long_leave_to_on | ends before the leave begins | Correct long_leave_from_on or long_leave_to_on.
DELETE FROM stage_people WHERE long_leave_to_on < long_leave_from_on RETURNING _row, long_leave_to_on;
-- change
INSERT INTO person (person_key, name, email, service_started_on)
SELECT person_key, name, email, started_in_service_on FROM stage_people
ON CONFLICT (person_key) DO UPDATE
SET name = EXCLUDED.name, email = EXCLUDED.email, service_started_on = EXCLUDED.service_started_on
WHERE (person.name, person.email, person.service_started_on)
  IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.email, EXCLUDED.service_started_on);
-- change
INSERT INTO practitioner_fact (person_id, kind, from_on)
SELECT p.id, 'sex_offence_trained', coalesce(s.started_in_service_on, %(day)s)
FROM stage_people s JOIN person p USING (person_key)
WHERE s.is_sex_offence_trained AND NOT EXISTS (
  SELECT 1 FROM practitioner_fact f WHERE f.person_id = p.id AND f.kind = 'sex_offence_trained' AND f.to_on IS NULL)
ON CONFLICT DO NOTHING;
-- change
UPDATE practitioner_fact f SET to_on = %(day)s
FROM stage_people s JOIN person p USING (person_key)
WHERE f.person_id = p.id AND f.kind = 'sex_offence_trained' AND f.to_on IS NULL AND NOT s.is_sex_offence_trained;
-- change
INSERT INTO practitioner_fact (person_id, kind, from_on, to_on)
SELECT p.id, 'long_leave', s.long_leave_from_on, s.long_leave_to_on
FROM stage_people s JOIN person p USING (person_key) WHERE s.long_leave_from_on IS NOT NULL
ON CONFLICT (person_id, kind, from_on) DO UPDATE SET to_on = EXCLUDED.to_on
WHERE practitioner_fact.to_on IS DISTINCT FROM EXCLUDED.to_on;
-- change
INSERT INTO person_audit_fact (person_id, sex, ethnicity, birth_year)
SELECT p.id, s.sex, s.ethnicity, s.birth_year FROM stage_people s JOIN person p USING (person_key)
WHERE coalesce(s.sex, s.ethnicity, s.birth_year::text) IS NOT NULL
ON CONFLICT (person_id) DO UPDATE
SET sex = EXCLUDED.sex, ethnicity = EXCLUDED.ethnicity, birth_year = EXCLUDED.birth_year
WHERE (person_audit_fact.sex, person_audit_fact.ethnicity, person_audit_fact.birth_year)
  IS DISTINCT FROM (EXCLUDED.sex, EXCLUDED.ethnicity, EXCLUDED.birth_year);
