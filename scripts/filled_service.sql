-- Two years of checks of a whole made-up nation: see filled_service.py, which runs it statement by statement.

-- Chance: a number in [0, 1) that belongs to a row, and the coin of qa_service/reviews/chances.py.
CREATE FUNCTION pg_temp.u(row_number bigint, salt text) RETURNS float LANGUAGE sql IMMUTABLE AS
$$ SELECT ('x' || substr(md5(salt || ':' || row_number), 1, 8))::bit(32)::bigint / 4294967296.0 $$;
CREATE FUNCTION pg_temp.is_picked(reference text, question text, rate float) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT ('x' || encode(substr(sha256(convert_to(question || chr(31) || reference, 'UTF8')), 1, 4), 'hex'))::bit(32)::bigint / 4294967296.0 < rate $$;

-- Teams, and officers in them with caseloads and workloads.
INSERT INTO team (code, name, pdu_code)
SELECT 'T' || lpad((p.n * :teams + t)::text, 4, '0'), split_part(p.name, '(', 1) || ' team ' || t + 1, p.code
FROM (SELECT code, name, row_number() OVER (ORDER BY code) - 1 AS n FROM pdu) p, generate_series(0, :teams - 1) t;
INSERT INTO person (person_key, name, service_started_on)
SELECT 'filled-' || i, 'Officer ' || i, DATE '2020-01-06' FROM generate_series(1, :officers) i;
CREATE TEMP TABLE officer AS
SELECT p.id AS person_id, i, 'S' || lpad(i::text, 6, '0') AS staff_code, t.code AS team_code, t.pdu_code, u.region_code,
       5 + (pg_temp.u(i, 'cases') ^ 2 * 60)::int AS n_cases, 85 + pg_temp.u(i, 'load') * 70 AS workload_pct
FROM person p
JOIN generate_series(1, :officers) i ON p.person_key = 'filled-' || i
JOIN (SELECT code, pdu_code, row_number() OVER (ORDER BY code) - 1 AS n FROM team) t
  ON t.n = floor(pg_temp.u(i, 'team') * (SELECT count(*) FROM team))
JOIN pdu u ON u.code = t.pdu_code;
INSERT INTO staff_code (code, person_id, from_on) SELECT staff_code, person_id, DATE '2020-01-06' FROM officer;
INSERT INTO posting (staff_code, team_code, grade, contracted_hours, from_on)
SELECT staff_code, team_code, CASE WHEN i % 2 = 0 THEN 'PO' ELSE 'PSO' END, 37,
       CASE WHEN i % 40 = 0 THEN DATE '2026-10-12' ELSE DATE '2020-01-06' END FROM officer;
INSERT INTO practitioner_fact (person_id, kind, from_on)
SELECT person_id, 'long_leave', DATE '2026-08-03' FROM officer WHERE i % 50 = 7;

-- Two yearly rounds: who is drawn in which arm, what is true of the case, and what the readers settle on.
INSERT INTO round (reference, kind, area_kind, area_code, cadence, window_from_on, window_to_on, status, rubric_version,
                   policy_version, design, forecast, planned_by, planned_at, excluded_officers, substitutions)
SELECT 'NAT-' || y, 'spot_check', 'national', 'E&W', 'annual', make_date(y, 1, 1), make_date(y, 12, 31), 'in_review',
       '1', '2026-11-01', '{}', '{}', 'cli', make_timestamptz(y, 1, 2, 9, 0, 0), '[]', '[]'
FROM generate_series(2025, 2026) y;
CREATE TEMP TABLE drawn AS
SELECT row_number() OVER (ORDER BY y.y, a.arm, o.i) AS n, o.*, y.y, a.arm,
       make_timestamptz(y.y, 1, 5, 9, 0, 0) + floor(pg_temp.u(o.i, 'day' || y.y || a.arm) * 290) * INTERVAL '1 day' AS drawn_at
FROM officer o, generate_series(2025, 2026) y, (VALUES ('random'), ('targeted'), ('sweep')) a(arm)
WHERE CASE a.arm WHEN 'random' THEN pg_temp.u(o.i, 'seen' || y.y) < 0.94
                 WHEN 'targeted' THEN pg_temp.u(o.i, 'targeted' || y.y) < 0.12 ELSE pg_temp.u(o.i, 'swept' || y.y) < 0.02 END;
CREATE TEMP TABLE judged AS
SELECT d.*, CASE WHEN v.level < 0.22 THEN 'LOW' WHEN v.level < 0.79 THEN 'MEDIUM' WHEN v.level < 0.985 THEN 'HIGH' ELSE 'VERY_HIGH' END AS assessed,
       v.wrong < (CASE d.arm WHEN 'targeted' THEN 0.28 WHEN 'sweep' THEN 0.12 ELSE 0.035 + 0.05 * pg_temp.u(hashtext(d.pdu_code), 'pdu')
                    + 0.0006 * (d.workload_pct - 100) + 0.09 * (d.pdu_code IN (:worst, :second_worst))::int END) AS is_wrong,
       v.quality, v.scorable < 0.03 AS is_unscorable, v.found < 0.85 AS is_found, pg_temp.is_picked('F' || d.n, 'second_read', 0.05) AS is_read_twice,
       pg_temp.is_picked('F' || d.n, 'expert_read', 0.03) AS is_read_by_expert, v.found < 0.85 OR v.second < 0.8 AS is_found_by_two, v.alarm < 0.015 AS is_false_alarm
FROM drawn d CROSS JOIN LATERAL (SELECT pg_temp.u(d.n, 'level') AS level, pg_temp.u(d.n, 'wrong') AS wrong, pg_temp.u(d.n, 'quality') AS quality,
  pg_temp.u(d.n, 'scorable') AS scorable, pg_temp.u(d.n, 'found') AS found, pg_temp.u(d.n, 'second') AS second,
  pg_temp.u(d.n, 'alarm') AS alarm) v;
ALTER TABLE judged ADD first_level text, ADD reviewed text, ADD verdict text, ADD truth text;
UPDATE judged SET truth = CASE WHEN NOT is_wrong OR assessed IN ('HIGH', 'VERY_HIGH') THEN assessed WHEN assessed = 'LOW' THEN 'MEDIUM' ELSE 'HIGH' END;
UPDATE judged SET reviewed = CASE WHEN truth <> assessed AND is_found THEN truth WHEN truth = assessed AND is_false_alarm AND assessed = 'MEDIUM' THEN 'HIGH'
  WHEN assessed = 'HIGH' AND quality < 0.06 THEN 'MEDIUM' ELSE assessed END;
UPDATE judged SET first_level = reviewed;
UPDATE judged SET reviewed = truth WHERE arm = 'random' AND is_read_twice AND is_found_by_two AND truth <> assessed;
UPDATE judged SET verdict = CASE WHEN is_unscorable THEN 'not_scorable' WHEN reviewed <> assessed AND NOT (assessed = 'HIGH' AND reviewed = 'MEDIUM') THEN 'fail'
  WHEN quality < 0.3 THEN 'recheck' WHEN quality < 0.7 THEN 'pass_with_actions' ELSE 'pass' END;
INSERT INTO case_record (case_key, name, region_code, pdu_code, is_limited_access, case_type, is_transition_to_adulthood, contact_status, is_sexual_offence)
SELECT 'filled-' || n, 'Case ' || n, region_code, pdu_code, n % 97 = 0, 'COMMUNITY', false, 'active', false FROM judged;
CREATE TEMP TABLE case_of AS SELECT id AS case_id, substr(case_key, 8)::bigint AS n FROM case_record WHERE case_key LIKE 'filled-%';
INSERT INTO assessment (case_id, source, outside_id, content_digest, status, grid, texts, details, completed_at, recorded_at)
SELECT c.case_id, 'EXTRACT', 'filled-' || j.n, md5(j.n::text), 'COMPLETE', '{}', '{}', '{}', j.drawn_at - INTERVAL '60 days', j.drawn_at
FROM judged j JOIN case_of c USING (n);
INSERT INTO check_record (reference, round_id, purpose, arm, status, case_id, assessment_id, person_id, staff_code, team_code, drawn_pdu_code,
  drawn_region_code, inclusion_probability, rubric_version, policy_version, drawn_at, pack_through_item_id, workload_points, available_points, is_urgent, final_at, copied_text_rate)
SELECT 'F' || j.n, r.id, 'live', j.arm, CASE WHEN j.drawn_at < CAST(:at AS timestamptz) - INTERVAL '21 days' THEN 'final' ELSE 'opened' END, a.case_id, a.id, j.person_id,
  j.staff_code, j.team_code, j.pdu_code, j.region_code, 1.0 / j.n_cases, '1', '2026-11-01', j.drawn_at, 0,
  CASE WHEN j.n % 20 > 0 THEN (2176 * j.workload_pct / 100)::int END, CASE WHEN j.n % 20 > 0 THEN 2176 END, false,
  CASE WHEN j.drawn_at < CAST(:at AS timestamptz) - INTERVAL '21 days' THEN j.drawn_at + INTERVAL '20 days' END,
  CASE WHEN j.n % 9 > 0 AND j.drawn_at < CAST(:at AS timestamptz) - INTERVAL '21 days' THEN pg_temp.u(j.n, 'copied') * 0.65 END
FROM judged j JOIN round r ON r.reference = 'NAT-' || j.y JOIN assessment a ON a.outside_id = 'filled-' || j.n;

-- The second round's frame: what the first one drew is in cool-off; of one in fifty nobody wrote anything new since.
UPDATE round SET drawn_at = planned_at;
INSERT INTO round_unit (round_id, person_id, case_id, assessment_id, staff_code, team_code, pdu_code, pseudonym, officer_pseudonym, stratum, inclusion_probability)
SELECT r.id, k.person_id, k.case_id, CASE WHEN k.id % 50 = 0 THEN k.assessment_id ELSE lead(k.assessment_id, 1, k.assessment_id) OVER (ORDER BY k.id) END,
  k.staff_code, k.team_code, k.drawn_pdu_code, 'p' || k.id, 'o' || k.person_id, 'cool_off', 0
FROM check_record k JOIN round r ON r.reference = 'NAT-2026' JOIN round b ON b.id = k.round_id AND b.reference = 'NAT-2025' WHERE k.arm = 'random';

-- Verdicts, and the reads they rest on: first reads, second reads, experts' reads.
INSERT INTO verdict (check_id, verdict, severity, is_urgent, is_underclassified, is_overclassified, assessed_overall, reviewed_overall, decision,
  attribution, attributed_person_id, decided_by, rubric_version, policy_version, decided_at)
SELECT k.id, j.verdict, CASE j.verdict WHEN 'fail' THEN 'S3' WHEN 'not_scorable' THEN 'H' WHEN 'recheck' THEN 'S2' WHEN 'pass' THEN 'S0' ELSE 'S1' END,
  false, j.verdict = 'fail', j.verdict <> 'not_scorable' AND j.assessed = 'HIGH' AND j.reviewed = 'MEDIUM', j.assessed,
  CASE WHEN j.verdict <> 'not_scorable' THEN j.reviewed END, '{}', 'author', j.person_id, '{}', '1', '2026-11-01', k.final_at
FROM judged j JOIN check_record k ON k.reference = 'F' || j.n WHERE k.status = 'final';
CREATE TEMP TABLE read AS
SELECT k.id AS check_id, j.n, x.kind, k.final_at - x.before AS submitted_at, j.quality,
  CASE x.kind WHEN 'expert' THEN j.truth WHEN 'sfo' THEN j.truth WHEN 'second' THEN CASE WHEN pg_temp.u(j.n, 'second reader') < 0.05 THEN j.assessed ELSE j.reviewed END
    ELSE j.first_level END AS level, j.verdict, j.assessed
FROM judged j JOIN check_record k ON k.reference = 'F' || j.n AND k.status = 'final'
JOIN (VALUES ('first', INTERVAL '9 days'), ('second', INTERVAL '3 days'), ('expert', INTERVAL '-9 days'),
  ('sfo', INTERVAL '-9 days')) x(kind, before)
  ON x.kind = 'first' OR (x.kind = 'second' AND (j.is_read_twice OR (j.verdict = 'fail' AND j.arm = 'random'))) OR (x.kind = 'expert' AND j.is_read_by_expert AND j.arm = 'random')
  OR (x.kind = 'sfo' AND j.n % 150 = 0);
INSERT INTO review (reference, check_id, status, stage, wanted_at, due_at, lock_1_at, lock_2_at, submitted_at, answers, scorecard, decision)
SELECT left(r.kind, 2) || r.n, r.check_id, 'done', 4, r.submitted_at - INTERVAL '5 days', r.submitted_at, r.submitted_at, r.submitted_at, r.submitted_at,
  (SELECT jsonb_object_agg(q.item, jsonb_build_object('judgement', q.judgement, 'evidence', 'Record, 12.3', 'reason', 'Not weighed in the analysis.',
     'cause', CASE WHEN q.judgement = 'no' THEN (ARRAY['officer', 'officer', 'workload', 'workload', 'supervisor', 'partner_no_reply', 'it_lost_work'])[1 + (pg_temp.u(r.n, q.item || 'cause') * 7)::int % 7] ELSE '' END))
   FROM (SELECT i.item, CASE WHEN pg_temp.u(r.n, i.item) < i.no_rate * 2 * (1 - r.quality) THEN 'no' WHEN pg_temp.u(r.n, i.item) < 0.35 THEN 'partly' ELSE 'yes' END AS judgement
         FROM (SELECT s || m AS item, 0.04 + 0.28 * pg_temp.u(hashtext(s || m), 'item') AS no_rate FROM unnest(ARRAY['A', 'B', 'C', 'E', 'F', 'G']) s, generate_series(1, 3) m) i) q),
  jsonb_build_object('comparison', jsonb_build_object('reviewed_overall', r.level, 'assessed_overall', r.assessed)),
  jsonb_build_object('verdict', CASE WHEN r.level <> r.assessed AND r.assessed <> 'HIGH' THEN 'fail' WHEN r.verdict = 'fail' THEN 'pass' ELSE r.verdict END)
FROM read r;
INSERT INTO review_kind (review_id, kind, true_due_at) SELECT w.id, r.kind, w.due_at FROM read r JOIN review w ON w.reference = left(r.kind, 2) || r.n;

-- Serious further offences: some after a check, which is read again blind, some in cases whose check is not final yet.
INSERT INTO serious_further_offence (case_id, occurred_on, notified_on, region_code, pdu_code, check_id, entered_by, entered_at)
SELECT k.case_id, (coalesce(k.final_at, k.drawn_at) + INTERVAL '2 days')::date, (coalesce(k.final_at, k.drawn_at) + INTERVAL '4 days')::date, j.region_code, j.pdu_code,
  CASE WHEN k.status = 'final' THEN k.id END, 'user:1', coalesce(k.final_at, k.drawn_at) + INTERVAL '5 days'
FROM judged j JOIN check_record k ON k.reference = 'F' || j.n WHERE j.n % 150 = 0;
