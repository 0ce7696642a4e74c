-- change
INSERT INTO case_exclusion (case_id, person_id, reason)
SELECT DISTINCT ON (c.case_id, k.person_id) c.case_id, k.person_id, coalesce(s.reason, 'Excluded in nDelius')
FROM stage_case_access s JOIN case_crn c USING (crn) JOIN staff_code k ON k.code = s.staff_code
WHERE s.kind = 'EXCLUDED' AND (s.to_on IS NULL OR s.to_on >= %(day)s)
ON CONFLICT (case_id, person_id) DO UPDATE SET reason = EXCLUDED.reason WHERE case_exclusion.reason <> EXCLUDED.reason;
-- change
DELETE FROM case_exclusion e USING stage_case_access s, case_crn c, staff_code k
WHERE s.kind = 'EXCLUDED' AND s.to_on < %(day)s AND c.crn = s.crn AND k.code = s.staff_code
  AND (e.case_id, e.person_id) = (c.case_id, k.person_id) AND NOT EXISTS (
    SELECT 1 FROM stage_case_access o JOIN staff_code ok ON ok.code = o.staff_code
    WHERE o.kind = 'EXCLUDED' AND o.crn = s.crn AND ok.person_id = k.person_id
      AND (o.to_on IS NULL OR o.to_on >= %(day)s));
-- change
INSERT INTO limited_access_grant (case_id, user_id, granted_by, granted_at)
SELECT DISTINCT c.case_id, u.id, %(by)s, %(at)s::timestamptz
FROM stage_case_access s JOIN case_crn c USING (crn) JOIN staff_code k ON k.code = s.staff_code
JOIN user_account u ON u.person_id = k.person_id
WHERE s.kind = 'PERMITTED' AND (s.to_on IS NULL OR s.to_on >= %(day)s)
ON CONFLICT (case_id, user_id) DO NOTHING;
-- change
DELETE FROM limited_access_grant g USING stage_case_access s, case_crn c, staff_code k, user_account u
WHERE s.kind = 'PERMITTED' AND s.to_on < %(day)s AND c.crn = s.crn AND k.code = s.staff_code
  AND u.person_id = k.person_id AND (g.case_id, g.user_id) = (c.case_id, u.id) AND NOT EXISTS (
    SELECT 1 FROM stage_case_access o JOIN staff_code ok ON ok.code = o.staff_code
    WHERE o.kind = 'PERMITTED' AND o.crn = s.crn AND ok.person_id = k.person_id
      AND (o.to_on IS NULL OR o.to_on >= %(day)s));
