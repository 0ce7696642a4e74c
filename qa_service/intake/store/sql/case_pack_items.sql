-- change
INSERT INTO case_pack_item (case_id, content_digest, kind, happened_on, state, source, title, body,
  is_review_trigger, recorded_at, received_at)
SELECT c.case_id, s._digest, lower(s.kind), s.happened_on,
  lower(s.state), s.source, s.title, coalesce(s.text, ''), s.calls_for_review,
  s.recorded_at, %(at)s
FROM stage_case_pack_items s JOIN case_crn c USING (crn)
WHERE c.case_id > %(last_case_id)s OR NOT EXISTS (SELECT 1 FROM case_pack_item i
  WHERE (i.case_id, i.content_digest) = (c.case_id, s._digest));
