-- check
SELECT bool_or((status = 'COMPLETE' AND completed_at IS NULL) OR completed_at < initiated_at OR overall_derived IS NULL)
FROM stage_assessments;
-- refuse completed_at | a complete assessment says when it was completed | Fill completed_at, or correct status.
DELETE FROM stage_assessments WHERE status = 'COMPLETE' AND completed_at IS NULL RETURNING _row, status;
-- refuse completed_at | before the assessment was begun | Correct initiated_at or completed_at.
DELETE FROM stage_assessments WHERE completed_at < initiated_at RETURNING _row, completed_at;
-- refuse community_public | no group has a level, so there is nothing to check | Leave the row out until levels are recorded.
DELETE FROM stage_assessments WHERE overall_derived IS NULL RETURNING _row, status;
-- change
WITH made AS (
INSERT INTO assessment (case_id, source, outside_id, content_digest, assessment_type, assessment_version, status, purpose,
  initiated_at, completed_at, signed_at, author_name, author_staff_code, practitioner_staff_code, grid, overall_stated,
  overall_derived, texts, details, recorded_at)
SELECT c.case_id, 'EXTRACT', s.assessment_id, s._digest,
  s.assessment_type, s.assessment_version, s.status, s.purpose, s.initiated_at, s.completed_at, s.signed_at,
  s.author_name, s.author_staff_code, s.practitioner_staff_code, s.grid, s.overall_stated, s.overall_derived, s.texts,
  CASE WHEN s.has_null_details THEN jsonb_strip_nulls(s.details) ELSE s.details END, %(at)s
FROM stage_assessments s JOIN case_crn c USING (crn)
-- Looked up row by row: the planner would read the whole table for each piece.
LEFT JOIN LATERAL (SELECT true AS is_known FROM assessment a WHERE c.case_id <= %(last_case_id)s
  AND (a.source, a.outside_id, a.content_digest) = ('EXTRACT', s.assessment_id, s._digest) LIMIT 1) known ON true
WHERE known.is_known IS NULL
RETURNING id, case_id, outside_id, content_digest, completed_at, overall_stated, overall_derived)
INSERT INTO new_assessment SELECT * FROM made;
