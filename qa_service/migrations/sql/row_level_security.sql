-- Who may see a case. The settings are local to the transaction (core/db.py: set_scope) and unset ones
-- show nothing. Tables that hang on a case follow it; `review_kind` is for workflows and jobs only, so that
-- no query of a reader can tell a second read from a first.
CREATE FUNCTION scope_sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(current_setting('app.all_cases', true), '') = 'on'
$$;

CREATE FUNCTION scope_list(name text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(nullif(current_setting(name, true), ''), '{}')::text[]
$$;

CREATE FUNCTION scope_sees_case(case_id bigint, region text, pdu text, is_limited boolean)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN is_limited THEN case_id::text = ANY (scope_list('app.limited'))
    ELSE '*' = ANY (scope_list('app.regions')) OR region = ANY (scope_list('app.regions'))
      OR pdu = ANY (scope_list('app.pdus')) OR case_id::text = ANY (scope_list('app.cases'))
  END
$$;

ALTER TABLE case_record ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_record FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON case_record
  USING (scope_sees_all() OR scope_sees_case(id, region_code, pdu_code, is_limited_access));

-- Checks whose case is seen because of an area, not because of a read that somebody was given.
CREATE FUNCTION scope_area_check() RETURNS TABLE (id bigint) LANGUAGE sql STABLE AS $$
  SELECT c.id FROM check_record c JOIN case_record k ON k.id = c.case_id
  WHERE '*' = ANY (scope_list('app.regions')) OR k.region_code = ANY (scope_list('app.regions'))
    OR k.pdu_code = ANY (scope_list('app.pdus'))
$$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['case_crn', 'case_audit_fact', 'case_assignment', 'case_exclusion', 'assessment',
                              'registration', 'former_case_facts', 'case_pack_item', 'check_record', 'move',
                              'caseload_review_case', 'round_unit']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY follows_its_case ON %I USING (scope_sees_all() OR EXISTS (SELECT 1 FROM case_record seen WHERE seen.id = case_id))', name);
  END LOOP;
  -- What somebody found in a check. The person who reads it now learns nothing of it, whatever their area;
  -- one who has read it, only where their area lets them (settings written by reviews: store/reads.py).
  FOREACH name IN ARRAY ARRAY['verdict', 'worry', 'moderation', 'accuracy_reply', 'hold', 'level_correction']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY follows_its_check ON %I USING (scope_sees_all() OR (
      EXISTS (SELECT 1 FROM check_record seen WHERE seen.id = check_id)
      AND check_id::text <> ALL (scope_list(''app.reading''))
      AND (check_id::text <> ALL (scope_list(''app.has_read'')) OR check_id IN (SELECT id FROM scope_area_check()))))', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['obligation', 'escalation_item']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY follows_its_case ON %I USING (scope_sees_all() OR case_id IS NULL OR EXISTS (SELECT 1 FROM case_record seen WHERE seen.id = case_id))', name);
  END LOOP;
END
$$;

-- Protected characteristics of staff: read by jobs that add them up, by no page.
ALTER TABLE person_audit_fact ENABLE ROW LEVEL SECURITY;
ALTER TABLE person_audit_fact FORCE ROW LEVEL SECURITY;
CREATE POLICY aggregates_only ON person_audit_fact USING (scope_sees_all());

-- A further offence follows its case; whoever reads that case's check at this moment learns nothing of it.
ALTER TABLE serious_further_offence ENABLE ROW LEVEL SECURITY;
ALTER TABLE serious_further_offence FORCE ROW LEVEL SECURITY;
CREATE POLICY follows_its_case ON serious_further_offence USING (scope_sees_all() OR (
  EXISTS (SELECT 1 FROM case_record seen WHERE seen.id = case_id)
  AND (check_id IS NULL OR check_id::text <> ALL (scope_list('app.reading')))));

ALTER TABLE review_kind ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_kind FORCE ROW LEVEL SECURITY;
CREATE POLICY workflows_only ON review_kind USING (scope_sees_all());

-- Reads: one's own, and those of one's area that one does not read oneself at this moment.
ALTER TABLE review ENABLE ROW LEVEL SECURITY;
ALTER TABLE review FORCE ROW LEVEL SECURITY;
CREATE POLICY own_or_area ON review USING (
  scope_sees_all()
  OR reader_id::text = nullif(current_setting('app.reader', true), '')
  OR (check_id::text <> ALL (scope_list('app.reading')) AND check_id IN (SELECT id FROM scope_area_check()))
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['review_draft', 'review_draft_revision']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY follows_its_read ON %I USING (scope_sees_all() OR review_id IN (SELECT id FROM review))', name);
  END LOOP;
END
$$;
ALTER TABLE moderation_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE moderation_draft FORCE ROW LEVEL SECURITY;
CREATE POLICY follows_its_moderation ON moderation_draft
  USING (scope_sees_all() OR moderation_id IN (SELECT id FROM moderation));
