-- do
ANALYZE new_assessment;
-- find overall_differs
-- The level the source states is not the highest group; both are kept and the highest group counts.
SELECT c.crn, n.outside_id, 'The overall level is stated as ' || n.overall_stated || ', but the highest group is ' || n.overall_derived,
  n.case_id, n.id
FROM new_assessment n JOIN case_crn c ON c.case_id = n.case_id AND c.is_current
WHERE n.overall_stated <> n.overall_derived;
-- find register_differs
-- Only the latest assessment is compared with the register of today; first it is the latest of those just loaded.
SELECT c.crn, n.outside_id, 'The assessment says ' || n.overall_derived || ', the nDelius register says ' || v.level || ' (' || r.code || ')',
  n.case_id, n.id
FROM (SELECT * FROM new_assessment n WHERE NOT EXISTS (
    SELECT 1 FROM new_assessment o WHERE o.case_id = n.case_id AND (o.completed_at, o.id) > (n.completed_at, n.id)) OFFSET 0) n
JOIN case_crn c ON c.case_id = n.case_id AND c.is_current
JOIN LATERAL (SELECT code FROM registration r WHERE r.case_id = n.case_id AND r.replaced_at IS NULL AND r.code IN ('RVHR', 'RHRH', 'RMRH', 'RLRH')
  AND (r.to_on IS NULL OR r.to_on > %(day)s) ORDER BY r.from_on DESC NULLS LAST LIMIT 1) r ON true
JOIN (VALUES ('RVHR', 'VERY_HIGH'), ('RHRH', 'HIGH'), ('RMRH', 'MEDIUM'), ('RLRH', 'LOW')) v (code, level) ON v.code = r.code
WHERE v.level <> n.overall_derived AND NOT EXISTS (
  SELECT 1 FROM assessment later WHERE later.case_id = n.case_id AND (later.completed_at, later.id) > (n.completed_at, n.id));
