-- refuse crn | is another case's CRN already | Check case_key; a merge is a row of former_crns.
DELETE FROM stage_cases s USING case_crn c JOIN case_record r ON r.id = c.case_id
WHERE c.crn = s.crn AND r.case_key <> s.case_key RETURNING s._row, s.crn;
-- refuse crn | is the CRN of an earlier row too | Give each case its own CRN.
DELETE FROM stage_cases s USING stage_cases o WHERE o.crn = s.crn AND o._row < s._row RETURNING s._row, s.crn;
-- do
-- A case is seen where it is held: by the team of its open assignment, else of its last one.
CREATE TEMP TABLE placed_case ON COMMIT DROP AS
SELECT DISTINCT ON (a.crn) a.crn, d.region_code, d.code AS pdu_code
FROM stage_case_assignments a JOIN team t ON t.code = a.team_code JOIN pdu d ON d.code = t.pdu_code
ORDER BY a.crn, (a.to_on IS NULL) DESC, a.from_on DESC;
-- do
ANALYZE placed_case;
-- refuse crn | no row of case_assignments says which team holds or held this case | Send case_assignments with the cases.
DELETE FROM stage_cases s WHERE NOT EXISTS (SELECT 1 FROM placed_case p WHERE p.crn = s.crn)
  AND NOT EXISTS (SELECT 1 FROM case_record r WHERE r.case_key = s.case_key) RETURNING s._row, s.crn;
-- do
-- What a classifier reads of a case stays known as it was, once an extract has told it.
INSERT INTO former_case_facts (case_id, replaced_at, offence, is_sexual_offence, started_on, released_on)
SELECT r.id, %(at)s, r.offence, r.is_sexual_offence, r.started_on, r.released_on
FROM stage_cases s JOIN case_record r USING (case_key)
WHERE r.started_on IS NOT NULL AND (r.offence, r.is_sexual_offence, r.started_on, r.released_on)
  IS DISTINCT FROM (s.offence, s.is_sexual_offence, s.started_on, s.released_on)
ON CONFLICT DO NOTHING;
-- change
INSERT INTO case_record (case_key, name, region_code, pdu_code, is_limited_access, tier, tier_version, case_type,
  is_transition_to_adulthood, contact_status, started_on, released_on, release_due_on, ends_on, closed_on,
  next_hearing_on, next_hearing_kind, high_risk_event_on, mappa_category, mappa_level, offence,
  is_sexual_offence)
SELECT told.* FROM (
  SELECT s.case_key, s.name, coalesce(p.region_code, r.region_code) AS region_code,
    coalesce(p.pdu_code, r.pdu_code) AS pdu_code, s.is_limited_access, s.tier, s.tier_version, s.case_type,
    s.is_t2a AS is_transition_to_adulthood, lower(s.contact_status) AS contact_status, s.started_on,
    s.released_on, s.release_due_on, s.ends_on, s.closed_on, s.next_hearing_on,
    lower(s.next_hearing_kind) AS next_hearing_kind, s.high_risk_event_on, 'M' || s.mappa_category AS mappa_category,
    'M' || s.mappa_level AS mappa_level, s.offence, s.is_sexual_offence
  FROM stage_cases s LEFT JOIN placed_case p ON p.crn = s.crn LEFT JOIN case_record r ON r.case_key = s.case_key
) told LEFT JOIN case_record r ON r.case_key = told.case_key
-- What says nothing new is not even locked.
WHERE r.id IS NULL OR to_jsonb(r) - 'id' IS DISTINCT FROM to_jsonb(told)
ON CONFLICT (case_key) DO UPDATE SET name = EXCLUDED.name, region_code = EXCLUDED.region_code,
  pdu_code = EXCLUDED.pdu_code, is_limited_access = EXCLUDED.is_limited_access, tier = EXCLUDED.tier,
  tier_version = EXCLUDED.tier_version, case_type = EXCLUDED.case_type,
  is_transition_to_adulthood = EXCLUDED.is_transition_to_adulthood, contact_status = EXCLUDED.contact_status,
  started_on = EXCLUDED.started_on, released_on = EXCLUDED.released_on, release_due_on = EXCLUDED.release_due_on,
  ends_on = EXCLUDED.ends_on, closed_on = EXCLUDED.closed_on, next_hearing_on = EXCLUDED.next_hearing_on,
  next_hearing_kind = EXCLUDED.next_hearing_kind, high_risk_event_on = EXCLUDED.high_risk_event_on,
  mappa_category = EXCLUDED.mappa_category, mappa_level = EXCLUDED.mappa_level,
  offence = EXCLUDED.offence, is_sexual_offence = EXCLUDED.is_sexual_offence;
-- do
UPDATE case_crn c SET is_current = false FROM stage_cases s JOIN case_record r ON r.case_key = s.case_key
WHERE c.case_id = r.id AND c.crn <> s.crn AND c.is_current;
-- do
UPDATE case_crn c SET is_current = true FROM stage_cases s WHERE c.crn = s.crn AND NOT c.is_current;
-- do
INSERT INTO case_crn (crn, case_id, is_current, recorded_at)
SELECT s.crn, r.id, true, %(at)s FROM stage_cases s JOIN case_record r ON r.case_key = s.case_key
WHERE NOT EXISTS (SELECT 1 FROM case_crn c WHERE c.crn = s.crn);
-- do
UPDATE case_audit_fact f SET sex = s.sex, ethnicity = s.ethnicity, birth_year = s.birth_year
FROM stage_cases s JOIN case_record r ON r.case_key = s.case_key
WHERE f.case_id = r.id AND coalesce(s.sex, s.ethnicity, s.birth_year::text) IS NOT NULL
  AND (f.sex, f.ethnicity, f.birth_year) IS DISTINCT FROM (s.sex, s.ethnicity, s.birth_year);
-- do
INSERT INTO case_audit_fact (case_id, sex, ethnicity, birth_year)
SELECT r.id, s.sex, s.ethnicity, s.birth_year FROM stage_cases s JOIN case_record r ON r.case_key = s.case_key
WHERE coalesce(s.sex, s.ethnicity, s.birth_year::text) IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM case_audit_fact f WHERE f.case_id = r.id);
