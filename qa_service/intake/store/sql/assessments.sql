-- refuse completed_at | a complete assessment says when it was completed | Fill completed_at, or correct status.
DELETE FROM stage_assessments WHERE status = 'COMPLETE' AND completed_at IS NULL RETURNING _row, status;
-- refuse completed_at | before the assessment was begun | Correct initiated_at or completed_at.
DELETE FROM stage_assessments WHERE completed_at < initiated_at RETURNING _row, completed_at;
-- refuse community_public | no group has a level, so there is nothing to check | Leave the row out until levels are recorded.
DELETE FROM stage_assessments WHERE coalesce(community_children, community_public, community_known_adult, community_staff,
  custody_children, custody_public, custody_known_adult, custody_staff, custody_prisoners) IS NULL RETURNING _row, status;
-- change
WITH made AS (
INSERT INTO assessment (case_id, source, outside_id, content_digest, assessment_type, assessment_version, status, purpose,
  initiated_at, completed_at, signed_at, author_name, author_staff_code, practitioner_staff_code, grid, overall_stated,
  overall_derived, texts, details, recorded_at)
SELECT c.case_id, 'EXTRACT', s.assessment_id, s._digest,
  s.assessment_type, s.assessment_version, s.status, s.purpose, s.initiated_at, s.completed_at, s.signed_at,
  s.author_name, s.author_staff_code, s.practitioner_staff_code,
  jsonb_build_object(
    'community', jsonb_strip_nulls(jsonb_build_object('children', s.community_children, 'public', s.community_public,
      'known_adult', s.community_known_adult, 'staff', s.community_staff)),
    'custody', jsonb_strip_nulls(jsonb_build_object('children', s.custody_children, 'public', s.custody_public,
      'known_adult', s.custody_known_adult, 'staff', s.custody_staff, 'prisoners', s.custody_prisoners))),
  s.overall_stated,
  (SELECT CASE WHEN 'VERY_HIGH' = ANY (told) THEN 'VERY_HIGH' WHEN 'HIGH' = ANY (told) THEN 'HIGH'
          WHEN 'MEDIUM' = ANY (told) THEN 'MEDIUM' ELSE 'LOW' END
   FROM (SELECT ARRAY[s.community_children, s.community_public, s.community_known_adult, s.community_staff,
      s.custody_children, s.custody_public, s.custody_known_adult, s.custody_staff, s.custody_prisoners]) t (told)),
  jsonb_strip_nulls(jsonb_build_object('who_is_at_risk', s.who_is_at_risk, 'nature_of_risk', s.nature_of_risk,
    'risk_imminence', s.risk_imminence, 'risk_increase_factors', s.risk_increase_factors,
    'risk_mitigation_factors', s.risk_mitigation_factors, 'analysis_of_risk_factors', s.analysis_of_risk_factors,
    'rmp_key_information', s.rmp_key_information, 'rmp_supervision', s.rmp_supervision,
    'rmp_monitoring_and_control', s.rmp_monitoring_and_control, 'rmp_interventions', s.rmp_interventions,
    'rmp_victim_safety', s.rmp_victim_safety, 'rmp_contingency', s.rmp_contingency)),
  jsonb_strip_nulls(jsonb_build_object('screening', s.screening::jsonb, 'has_full_analysis', s.has_full_analysis,
    'full_analysis_reason', s.full_analysis_reason, 'countersigner_staff_code', s.countersigner_staff_code,
    'countersigned_at', to_char(s.countersigned_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'countersignature_comment', s.countersignature_comment, 'needs', s.needs::jsonb, 'predictors', s.predictors::jsonb,
    'n_previous_sanctions', s.n_previous_sanctions, 'n_violent_sanctions', s.n_violent_sanctions,
    'other_answers', s.other_answers::jsonb)),
  %(at)s
FROM stage_assessments s JOIN case_crn c USING (crn)
ON CONFLICT (source, outside_id, content_digest) DO NOTHING
RETURNING id, case_id, outside_id, overall_stated, overall_derived)
INSERT INTO new_assessment SELECT * FROM made;
