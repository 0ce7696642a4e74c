-- One team, :n officers, forty cases each: what a frame is read from and nothing else. See bench_service.py.
INSERT INTO region (code, name) VALUES ('N07', 'London');
INSERT INTO pdu (code, name, region_code) VALUES ('LDNAAA', 'PDU', 'N07');
INSERT INTO team (code, name, pdu_code) VALUES ('N07T01', 'Team', 'LDNAAA');
INSERT INTO person (person_key, name) SELECT 'P' || i, 'Officer ' || i FROM generate_series(1, CAST(:n AS int)) i;
INSERT INTO staff_code (code, person_id, from_on) SELECT 'S' || id, id, DATE '2020-01-06' FROM person;
INSERT INTO posting (staff_code, team_code, grade, contracted_hours, from_on)
SELECT code, 'N07T01', 'PO', 37, DATE '2020-01-06' FROM staff_code;
INSERT INTO case_record (case_key, name, region_code, pdu_code, is_limited_access, case_type,
  is_transition_to_adulthood, is_sexual_offence)
SELECT 'K' || i, 'Case ' || i, 'N07', 'LDNAAA', false, 'COMMUNITY', false, false
FROM generate_series(1, CAST(:n AS int) * 40) i;
INSERT INTO case_assignment (case_id, staff_code, team_code, from_on)
SELECT id, 'S' || 1 + id % CAST(:n AS int), 'N07T01', DATE '2026-01-05' FROM case_record;
INSERT INTO assessment (case_id, source, outside_id, content_digest, status, completed_at, grid, overall_stated,
  overall_derived, texts, details, recorded_at)
SELECT id, 'EXTRACT', id::text, 'd', 'COMPLETE', TIMESTAMPTZ '2026-06-01',
  jsonb_build_object('community', jsonb_build_object('public', 'MEDIUM')), 'MEDIUM', 'MEDIUM',
  jsonb_build_object(), jsonb_build_object(), TIMESTAMPTZ '2026-06-01' FROM case_record;
ANALYZE;
