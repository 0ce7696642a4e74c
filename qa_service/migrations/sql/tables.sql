-- The first schema, frozen. Later changes are migrations of their own.

CREATE TABLE audit_event (
  seq BIGSERIAL NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  actor VARCHAR(80) NOT NULL,
  tag VARCHAR(80) NOT NULL,
  subjects JSONB NOT NULL,
  payload_digest VARCHAR(64) NOT NULL,
  previous_hash VARCHAR(64) NOT NULL,
  hash VARCHAR(64) NOT NULL,
  CONSTRAINT pk_audit_event PRIMARY KEY (seq)
);
CREATE INDEX ix_audit_event_actor ON audit_event (actor);
CREATE INDEX ix_audit_event_tag ON audit_event (tag);
COMMENT ON COLUMN audit_event.seq IS 'place in the chain, without gaps';
COMMENT ON COLUMN audit_event.at IS 'when';
COMMENT ON COLUMN audit_event.actor IS 'user:ID, job:NAME or cli';
COMMENT ON COLUMN audit_event.tag IS 'source:subject:action';
COMMENT ON COLUMN audit_event.subjects IS 'kind of thing -> its id';
COMMENT ON COLUMN audit_event.payload_digest IS 'SHA-256 of salt and payload';
COMMENT ON COLUMN audit_event.previous_hash IS 'hash of the link before';
COMMENT ON COLUMN audit_event.hash IS 'SHA-256 over everything above';

CREATE TABLE audit_head (
  id SERIAL NOT NULL,
  seq BIGINT NOT NULL,
  hash VARCHAR(64) NOT NULL,
  CONSTRAINT pk_audit_head PRIMARY KEY (id),
  CONSTRAINT ck_audit_head_one_row CHECK (id = 1)
);
COMMENT ON COLUMN audit_head.id IS 'always 1';
COMMENT ON COLUMN audit_head.seq IS 'last link';
COMMENT ON COLUMN audit_head.hash IS 'its hash';

CREATE TABLE intake_run (
  id BIGSERIAL NOT NULL,
  source_name VARCHAR(200) NOT NULL,
  content_digest VARCHAR(64) NOT NULL,
  format_name VARCHAR(60) NOT NULL,
  status VARCHAR(40) NOT NULL,
  n_accepted INTEGER NOT NULL,
  n_changed INTEGER NOT NULL,
  n_refused INTEGER NOT NULL,
  loaded_by VARCHAR(80) NOT NULL,
  loaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_intake_run PRIMARY KEY (id),
  CONSTRAINT ck_intake_run_runstatus CHECK (status IN ('loaded', 'unchanged', 'refused'))
);
CREATE UNIQUE INDEX uq_intake_run_loaded ON intake_run (content_digest) WHERE status = 'loaded' AND n_refused = 0;
COMMENT ON COLUMN intake_run.id IS 'internal key';
COMMENT ON COLUMN intake_run.source_name IS 'name of the file or folder';
COMMENT ON COLUMN intake_run.content_digest IS 'SHA-256 of the content';
COMMENT ON COLUMN intake_run.format_name IS 'recognised format';
COMMENT ON COLUMN intake_run.status IS 'how it ended';
COMMENT ON COLUMN intake_run.n_accepted IS 'rows loaded or already known';
COMMENT ON COLUMN intake_run.n_changed IS 'rows that changed something';
COMMENT ON COLUMN intake_run.n_refused IS 'rows refused';
COMMENT ON COLUMN intake_run.loaded_by IS 'actor';
COMMENT ON COLUMN intake_run.loaded_at IS 'when';

CREATE TABLE job_run (
  id BIGSERIAL NOT NULL,
  reference VARCHAR(20) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  arguments JSONB NOT NULL,
  status VARCHAR(40) NOT NULL,
  asked_by VARCHAR(80) NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE,
  ended_at TIMESTAMP WITH TIME ZONE,
  step VARCHAR(120) NOT NULL,
  n_done INTEGER NOT NULL,
  n_all INTEGER NOT NULL,
  result JSONB,
  message VARCHAR(1000),
  CONSTRAINT pk_job_run PRIMARY KEY (id),
  CONSTRAINT ck_job_run_ended_when_over CHECK ((ended_at IS NOT NULL) = (status IN ('done', 'failed'))),
  CONSTRAINT uq_job_run_reference UNIQUE (reference),
  CONSTRAINT ck_job_run_jobstatus CHECK (status IN ('queued', 'running', 'done', 'failed'))
);
CREATE INDEX ix_job_run_kind ON job_run (kind);
CREATE INDEX ix_job_run_waiting ON job_run (asked_at) WHERE status IN ('queued', 'running');
COMMENT ON COLUMN job_run.id IS 'internal key';
COMMENT ON COLUMN job_run.reference IS 'random, in addresses';
COMMENT ON COLUMN job_run.kind IS 'which work, as jobs.py names it';
COMMENT ON COLUMN job_run.arguments IS 'what it was asked to do';
COMMENT ON COLUMN job_run.status IS 'where it is';
COMMENT ON COLUMN job_run.asked_by IS 'actor';
COMMENT ON COLUMN job_run.asked_at IS 'when it was asked for';
COMMENT ON COLUMN job_run.started_at IS 'when a worker last began it';
COMMENT ON COLUMN job_run.ended_at IS 'when it was over';
COMMENT ON COLUMN job_run.step IS 'what it is doing, in words';
COMMENT ON COLUMN job_run.n_done IS 'parts of the step done';
COMMENT ON COLUMN job_run.n_all IS 'parts of the step in all';
COMMENT ON COLUMN job_run.result IS 'what came of it: references and counts';
COMMENT ON COLUMN job_run.message IS 'why it failed and what to do, in words';

CREATE TABLE outbox_event (
  id BIGSERIAL NOT NULL,
  event_type VARCHAR(80) NOT NULL,
  occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
  body JSONB NOT NULL,
  idempotency_key VARCHAR(120) NOT NULL,
  sent_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_outbox_event PRIMARY KEY (id),
  CONSTRAINT uq_outbox_event_idempotency_key UNIQUE (idempotency_key)
);
CREATE INDEX ix_outbox_event_event_type ON outbox_event (event_type);
COMMENT ON COLUMN outbox_event.id IS 'internal key';
COMMENT ON COLUMN outbox_event.event_type IS 'rosh-qa.SUBJECT.ACTION';
COMMENT ON COLUMN outbox_event.occurred_at IS 'when it became true';
COMMENT ON COLUMN outbox_event.body IS 'the event as it will be sent';
COMMENT ON COLUMN outbox_event.idempotency_key IS 'receivers drop a second copy';
COMMENT ON COLUMN outbox_event.sent_at IS 'when it was accepted';

CREATE TABLE person (
  id BIGSERIAL NOT NULL,
  person_key VARCHAR(60) NOT NULL,
  name VARCHAR(160) NOT NULL,
  email VARCHAR(200),
  service_started_on DATE,
  left_on DATE,
  CONSTRAINT pk_person PRIMARY KEY (id),
  CONSTRAINT uq_person_person_key UNIQUE (person_key)
);
COMMENT ON COLUMN person.id IS 'internal key';
COMMENT ON COLUMN person.person_key IS 'stable key of the person in the feed';
COMMENT ON COLUMN person.name IS 'name';
COMMENT ON COLUMN person.email IS 'work address';
COMMENT ON COLUMN person.service_started_on IS 'joined the service';
COMMENT ON COLUMN person.left_on IS 'left the service';

CREATE TABLE region (
  code VARCHAR(10) NOT NULL,
  name VARCHAR(120) NOT NULL,
  CONSTRAINT pk_region PRIMARY KEY (code)
);
COMMENT ON COLUMN region.code IS 'provider code, e.g. N07';
COMMENT ON COLUMN region.name IS 'name';

CREATE TABLE round (
  id BIGSERIAL NOT NULL,
  reference VARCHAR(40) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  area_kind VARCHAR(10) NOT NULL,
  area_code VARCHAR(10) NOT NULL,
  cadence VARCHAR(20) NOT NULL,
  window_from_on DATE NOT NULL,
  window_to_on DATE NOT NULL,
  status VARCHAR(40) NOT NULL,
  status_reason VARCHAR(500),
  rubric_version VARCHAR(20) NOT NULL,
  policy_version VARCHAR(20) NOT NULL,
  design JSONB NOT NULL,
  forecast JSONB NOT NULL,
  planned_by VARCHAR(80) NOT NULL,
  planned_at TIMESTAMP WITH TIME ZONE NOT NULL,
  frame_digest VARCHAR(64),
  frame_frozen_at TIMESTAMP WITH TIME ZONE,
  commitment_digest VARCHAR(64),
  excluded_officers JSONB NOT NULL,
  substitutions JSONB NOT NULL,
  seed_plan JSONB,
  seed JSONB,
  seeded_at TIMESTAMP WITH TIME ZONE,
  drawn_at TIMESTAMP WITH TIME ZONE,
  transcript_digest VARCHAR(64),
  closed_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_round PRIMARY KEY (id),
  CONSTRAINT ck_round_window_runs_forward CHECK (window_to_on > window_from_on),
  CONSTRAINT uq_round_reference UNIQUE (reference),
  CONSTRAINT ck_round_roundkind CHECK (kind IN ('spot_check', 'sweep')),
  CONSTRAINT ck_round_roundstatus CHECK (status IN ('planned', 'open', 'seeded', 'drawn', 'in_review', 'paused', 'closed'))
);
CREATE INDEX ix_round_status ON round (status);
COMMENT ON COLUMN round.id IS 'internal key';
COMMENT ON COLUMN round.reference IS 'public name, e.g. N07-2026H2';
COMMENT ON COLUMN round.kind IS 'kind of round';
COMMENT ON COLUMN round.area_kind IS 'region, pdu or national';
COMMENT ON COLUMN round.area_code IS 'code of the area; E&W for national';
COMMENT ON COLUMN round.cadence IS 'annual or six_monthly';
COMMENT ON COLUMN round.window_from_on IS 'first day of the window';
COMMENT ON COLUMN round.window_to_on IS 'last day of the window';
COMMENT ON COLUMN round.status IS 'where it is';
COMMENT ON COLUMN round.status_reason IS 'why it was paused or closed';
COMMENT ON COLUMN round.rubric_version IS 'rubric that scores it';
COMMENT ON COLUMN round.policy_version IS 'policy that decides it';
COMMENT ON COLUMN round.design IS 'sampling design: arms, k per officer, strata, budgets';
COMMENT ON COLUMN round.forecast IS 'reviewer hours, fails, cuts, cases that will not fit; with intervals';
COMMENT ON COLUMN round.planned_by IS 'actor';
COMMENT ON COLUMN round.planned_at IS 'when';
COMMENT ON COLUMN round.frame_digest IS 'SHA-256 of the frozen frame, published before the seed';
COMMENT ON COLUMN round.frame_frozen_at IS 'when the frame was frozen';
COMMENT ON COLUMN round.commitment_digest IS 'SHA-256 of frame, design and seed plan together, published';
COMMENT ON COLUMN round.excluded_officers IS '[officer pseudonym, reason] as in the frame';
COMMENT ON COLUMN round.substitutions IS '[arm, spoiled pseudonym, reason] in order';
COMMENT ON COLUMN round.seed_plan IS 'how the seed will be made, said before';
COMMENT ON COLUMN round.seed IS 'public seed with its parts and witnesses';
COMMENT ON COLUMN round.seeded_at IS 'when the seed was recorded';
COMMENT ON COLUMN round.drawn_at IS 'when the draw was made';
COMMENT ON COLUMN round.transcript_digest IS 'SHA-256 of the published transcript';
COMMENT ON COLUMN round.closed_at IS 'when it was closed';

CREATE TABLE sign_in_attempt (
  id BIGSERIAL NOT NULL,
  username VARCHAR(80) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  was_successful BOOLEAN NOT NULL,
  CONSTRAINT pk_sign_in_attempt PRIMARY KEY (id)
);
CREATE INDEX ix_sign_in_attempt_username_at ON sign_in_attempt (username, at);
COMMENT ON COLUMN sign_in_attempt.id IS 'internal key';
COMMENT ON COLUMN sign_in_attempt.username IS 'name as typed, lower case';
COMMENT ON COLUMN sign_in_attempt.at IS 'when';
COMMENT ON COLUMN sign_in_attempt.was_successful IS 'whether it let somebody in';

CREATE TABLE audit_payload (
  seq BIGINT NOT NULL,
  salt VARCHAR(64) NOT NULL,
  payload JSONB NOT NULL,
  CONSTRAINT pk_audit_payload PRIMARY KEY (seq),
  CONSTRAINT fk_audit_payload_seq FOREIGN KEY(seq) REFERENCES audit_event (seq)
);
COMMENT ON COLUMN audit_payload.seq IS 'link it belongs to';
COMMENT ON COLUMN audit_payload.salt IS 'random, so that a digest cannot be guessed';
COMMENT ON COLUMN audit_payload.payload IS 'the event''s details';

CREATE TABLE gate_decision (
  id BIGSERIAL NOT NULL,
  person_id BIGINT NOT NULL,
  crn VARCHAR(12) NOT NULL,
  answer VARCHAR(40) NOT NULL,
  reasons JSONB NOT NULL,
  points_before INTEGER NOT NULL,
  points_after INTEGER NOT NULL,
  asked_by VARCHAR(80) NOT NULL,
  override_by VARCHAR(160),
  override_reason VARCHAR(1000),
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_gate_decision PRIMARY KEY (id),
  CONSTRAINT fk_gate_decision_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT ck_gate_decision_gateanswer CHECK (answer IN ('allowed', 'allowed_over_capacity', 'refused'))
);
CREATE INDEX ix_gate_decision_person_id ON gate_decision (person_id);
COMMENT ON COLUMN gate_decision.id IS 'internal key';
COMMENT ON COLUMN gate_decision.person_id IS 'to whom';
COMMENT ON COLUMN gate_decision.crn IS 'which case';
COMMENT ON COLUMN gate_decision.answer IS 'RULES 5';
COMMENT ON COLUMN gate_decision.reasons IS 'reason codes and sentences';
COMMENT ON COLUMN gate_decision.points_before IS 'total points';
COMMENT ON COLUMN gate_decision.points_after IS 'with the case';
COMMENT ON COLUMN gate_decision.asked_by IS 'actor';
COMMENT ON COLUMN gate_decision.override_by IS 'head of PDU''s name';
COMMENT ON COLUMN gate_decision.override_reason IS 'why';
COMMENT ON COLUMN gate_decision.at IS 'when';

CREATE TABLE intake_refusal (
  id BIGSERIAL NOT NULL,
  run_id BIGINT NOT NULL,
  file_name VARCHAR(200) NOT NULL,
  place VARCHAR(300) NOT NULL,
  row_number INTEGER,
  column_name VARCHAR(120),
  reason VARCHAR(500) NOT NULL,
  next_step VARCHAR(500) NOT NULL,
  CONSTRAINT pk_intake_refusal PRIMARY KEY (id),
  CONSTRAINT fk_intake_refusal_run_id FOREIGN KEY(run_id) REFERENCES intake_run (id)
);
CREATE INDEX ix_intake_refusal_run_id ON intake_refusal (run_id);
COMMENT ON COLUMN intake_refusal.id IS 'internal key';
COMMENT ON COLUMN intake_refusal.run_id IS 'which load';
COMMENT ON COLUMN intake_refusal.file_name IS 'file';
COMMENT ON COLUMN intake_refusal.place IS 'sheet or JSON path';
COMMENT ON COLUMN intake_refusal.row_number IS 'row, as the person sees it in the file';
COMMENT ON COLUMN intake_refusal.column_name IS 'column or field';
COMMENT ON COLUMN intake_refusal.reason IS 'what is wrong';
COMMENT ON COLUMN intake_refusal.next_step IS 'what to do';

CREATE TABLE made_file (
  id BIGSERIAL NOT NULL,
  run_id BIGINT NOT NULL,
  name VARCHAR(120) NOT NULL,
  media_type VARCHAR(100) NOT NULL,
  content BYTEA NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_made_file PRIMARY KEY (id),
  CONSTRAINT uq_made_file_run_id UNIQUE (run_id),
  CONSTRAINT fk_made_file_run_id FOREIGN KEY(run_id) REFERENCES job_run (id)
);
CREATE INDEX ix_made_file_expires_at ON made_file (expires_at);
COMMENT ON COLUMN made_file.id IS 'internal key';
COMMENT ON COLUMN made_file.run_id IS 'which work made it';
COMMENT ON COLUMN made_file.name IS 'what it is called when it is saved';
COMMENT ON COLUMN made_file.media_type IS 'what it is';
COMMENT ON COLUMN made_file.content IS 'the file';
COMMENT ON COLUMN made_file.expires_at IS 'nobody can fetch it from then on';

CREATE TABLE pdu (
  code VARCHAR(10) NOT NULL,
  name VARCHAR(160) NOT NULL,
  region_code VARCHAR NOT NULL,
  closed_on DATE,
  successor_code VARCHAR,
  CONSTRAINT pk_pdu PRIMARY KEY (code),
  CONSTRAINT fk_pdu_region_code FOREIGN KEY(region_code) REFERENCES region (code),
  CONSTRAINT fk_pdu_successor_code FOREIGN KEY(successor_code) REFERENCES pdu (code)
);
CREATE INDEX ix_pdu_region_code ON pdu (region_code);
COMMENT ON COLUMN pdu.code IS 'PDU code';
COMMENT ON COLUMN pdu.name IS 'name';
COMMENT ON COLUMN pdu.region_code IS 'its region';
COMMENT ON COLUMN pdu.closed_on IS 'no longer in use from';
COMMENT ON COLUMN pdu.successor_code IS 'merged into';

CREATE TABLE person_audit_fact (
  person_id BIGINT NOT NULL,
  sex VARCHAR(20),
  ethnicity VARCHAR(40),
  birth_year INTEGER,
  CONSTRAINT pk_person_audit_fact PRIMARY KEY (person_id),
  CONSTRAINT fk_person_audit_fact_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
COMMENT ON COLUMN person_audit_fact.person_id IS 'about whom';
COMMENT ON COLUMN person_audit_fact.sex IS 'as recorded';
COMMENT ON COLUMN person_audit_fact.ethnicity IS 'as recorded';
COMMENT ON COLUMN person_audit_fact.birth_year IS 'as recorded';

CREATE TABLE place_kept (
  id BIGSERIAL NOT NULL,
  person_id BIGINT NOT NULL,
  crn VARCHAR(12) NOT NULL,
  points INTEGER NOT NULL,
  kept_by VARCHAR(80) NOT NULL,
  kept_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_place_kept PRIMARY KEY (id),
  CONSTRAINT fk_place_kept_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX ix_place_kept_person_id ON place_kept (person_id);
COMMENT ON COLUMN place_kept.id IS 'internal key';
COMMENT ON COLUMN place_kept.person_id IS 'with whom';
COMMENT ON COLUMN place_kept.crn IS 'for which case';
COMMENT ON COLUMN place_kept.points IS 'points it will take';
COMMENT ON COLUMN place_kept.kept_by IS 'actor';
COMMENT ON COLUMN place_kept.kept_at IS 'when';
COMMENT ON COLUMN place_kept.expires_at IS 'freed then';

CREATE TABLE practitioner_fact (
  id BIGSERIAL NOT NULL,
  person_id BIGINT NOT NULL,
  kind VARCHAR(40) NOT NULL,
  from_on DATE NOT NULL,
  to_on DATE,
  CONSTRAINT pk_practitioner_fact PRIMARY KEY (id),
  CONSTRAINT uq_practitioner_fact_person_id_kind_from_on UNIQUE (person_id, kind, from_on),
  CONSTRAINT fk_practitioner_fact_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT ck_practitioner_fact_factkind CHECK (kind IN ('newly_qualified', 'sex_offence_trained', 'long_leave', 'trainee_started'))
);
COMMENT ON COLUMN practitioner_fact.id IS 'internal key';
COMMENT ON COLUMN practitioner_fact.person_id IS 'about whom';
COMMENT ON COLUMN practitioner_fact.kind IS 'which fact';
COMMENT ON COLUMN practitioner_fact.from_on IS 'true from';
COMMENT ON COLUMN practitioner_fact.to_on IS 'true until';

CREATE TABLE staff_code (
  code VARCHAR(10) NOT NULL,
  person_id BIGINT NOT NULL,
  from_on DATE,
  to_on DATE,
  CONSTRAINT pk_staff_code PRIMARY KEY (code),
  CONSTRAINT fk_staff_code_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX ix_staff_code_person_id ON staff_code (person_id);
COMMENT ON COLUMN staff_code.code IS '7 characters, e.g. N07B795';
COMMENT ON COLUMN staff_code.person_id IS 'whose code';
COMMENT ON COLUMN staff_code.from_on IS 'from';
COMMENT ON COLUMN staff_code.to_on IS 'until';

CREATE TABLE user_account (
  id BIGSERIAL NOT NULL,
  username VARCHAR(80) NOT NULL,
  display_name VARCHAR(120) NOT NULL,
  email VARCHAR(200),
  password_hash VARCHAR NOT NULL,
  person_id BIGINT,
  is_active BOOLEAN NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_user_account PRIMARY KEY (id),
  CONSTRAINT uq_user_account_username UNIQUE (username),
  CONSTRAINT fk_user_account_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX ix_user_account_person_id ON user_account (person_id);
COMMENT ON COLUMN user_account.id IS 'internal key';
COMMENT ON COLUMN user_account.username IS 'sign-in name, lower case';
COMMENT ON COLUMN user_account.display_name IS 'name shown on pages';
COMMENT ON COLUMN user_account.email IS 'address for notices';
COMMENT ON COLUMN user_account.password_hash IS 'argon2id hash';
COMMENT ON COLUMN user_account.person_id IS 'the practitioner or manager this account is';
COMMENT ON COLUMN user_account.is_active IS 'false for leavers: no session of theirs is honoured';
COMMENT ON COLUMN user_account.created_at IS 'when the account was made';

CREATE TABLE case_record (
  id BIGSERIAL NOT NULL,
  case_key VARCHAR(60) NOT NULL,
  name VARCHAR(160) NOT NULL,
  region_code VARCHAR NOT NULL,
  pdu_code VARCHAR NOT NULL,
  is_limited_access BOOLEAN NOT NULL,
  tier VARCHAR(20),
  tier_version VARCHAR(4),
  case_type VARCHAR(20) NOT NULL,
  is_transition_to_adulthood BOOLEAN NOT NULL,
  contact_status VARCHAR(40),
  started_on DATE,
  released_on DATE,
  release_due_on DATE,
  ends_on DATE,
  closed_on DATE,
  next_hearing_on DATE,
  next_hearing_kind VARCHAR(40),
  high_risk_event_on DATE,
  mappa_category VARCHAR(4),
  mappa_level VARCHAR(4),
  offence VARCHAR,
  is_sexual_offence BOOLEAN NOT NULL,
  CONSTRAINT pk_case_record PRIMARY KEY (id),
  CONSTRAINT uq_case_record_case_key UNIQUE (case_key),
  CONSTRAINT fk_case_record_region_code FOREIGN KEY(region_code) REFERENCES region (code),
  CONSTRAINT fk_case_record_pdu_code FOREIGN KEY(pdu_code) REFERENCES pdu (code)
);
CREATE INDEX ix_case_record_pdu_code ON case_record (pdu_code);
CREATE INDEX ix_case_record_region_code ON case_record (region_code);
COMMENT ON COLUMN case_record.id IS 'internal key';
COMMENT ON COLUMN case_record.case_key IS 'stable key in the feed; survives a change of CRN';
COMMENT ON COLUMN case_record.name IS 'name of the person supervised';
COMMENT ON COLUMN case_record.region_code IS 'who may see it now';
COMMENT ON COLUMN case_record.pdu_code IS 'who may see it now';
COMMENT ON COLUMN case_record.is_limited_access IS 'only listed people may know of it';
COMMENT ON COLUMN case_record.tier IS 'opaque code, v2 or v3';
COMMENT ON COLUMN case_record.tier_version IS '2 or 3';
COMMENT ON COLUMN case_record.case_type IS 'COMMUNITY, LICENCE, CUSTODY or UNKNOWN';
COMMENT ON COLUMN case_record.is_transition_to_adulthood IS 'uses WMT''s T2A points';
COMMENT ON COLUMN case_record.contact_status IS 'active, suspended (reset) ...';
COMMENT ON COLUMN case_record.started_on IS 'supervision began';
COMMENT ON COLUMN case_record.released_on IS 'released from custody';
COMMENT ON COLUMN case_record.release_due_on IS 'release expected';
COMMENT ON COLUMN case_record.ends_on IS 'natural end expected';
COMMENT ON COLUMN case_record.closed_on IS 'no longer supervised';
COMMENT ON COLUMN case_record.next_hearing_on IS 'next hearing';
COMMENT ON COLUMN case_record.next_hearing_kind IS 'kind of hearing';
COMMENT ON COLUMN case_record.high_risk_event_on IS 'scheduled high-risk event';
COMMENT ON COLUMN case_record.mappa_category IS 'M1-M4';
COMMENT ON COLUMN case_record.mappa_level IS 'M1-M3';
COMMENT ON COLUMN case_record.offence IS 'main index offence in words';
COMMENT ON COLUMN case_record.is_sexual_offence IS 'needs a trained practitioner';

CREATE TABLE flag_artefact (
  digest VARCHAR(64) NOT NULL,
  purpose VARCHAR(40) NOT NULL,
  status VARCHAR(40) NOT NULL,
  content VARCHAR NOT NULL,
  evaluation JSONB NOT NULL,
  card VARCHAR NOT NULL,
  provenance JSONB NOT NULL,
  trained_at TIMESTAMP WITH TIME ZONE NOT NULL,
  trained_by VARCHAR(80) NOT NULL,
  approved_by_id BIGINT,
  approved_at TIMESTAMP WITH TIME ZONE,
  approval_reason VARCHAR(1000),
  retired_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_flag_artefact PRIMARY KEY (digest),
  CONSTRAINT ck_flag_artefact_approved_by_name CHECK (status = 'candidate' OR (approved_by_id IS NOT NULL AND approved_at IS NOT NULL AND approval_reason IS NOT NULL)),
  CONSTRAINT ck_flag_artefact_scorepurpose CHECK (purpose IN ('flag', 'review_now')),
  CONSTRAINT ck_flag_artefact_artefactstatus CHECK (status IN ('candidate', 'approved', 'retired')),
  CONSTRAINT fk_flag_artefact_approved_by_id FOREIGN KEY(approved_by_id) REFERENCES user_account (id)
);
CREATE UNIQUE INDEX uq_flag_artefact_approved ON flag_artefact (purpose) WHERE status = 'approved';
COMMENT ON COLUMN flag_artefact.digest IS 'SHA-256 of its content';
COMMENT ON COLUMN flag_artefact.purpose IS 'what its scores are for; of each purpose one is in force';
COMMENT ON COLUMN flag_artefact.status IS 'standing';
COMMENT ON COLUMN flag_artefact.content IS 'the artefact''s file, checked against the digest when it is loaded';
COMMENT ON COLUMN flag_artefact.evaluation IS 'its figures: flags.rules.Evaluation';
COMMENT ON COLUMN flag_artefact.card IS 'the model card, markdown';
COMMENT ON COLUMN flag_artefact.provenance IS 'fingerprint of the training data, seed of the intervals, versions';
COMMENT ON COLUMN flag_artefact.trained_at IS 'when';
COMMENT ON COLUMN flag_artefact.trained_by IS 'actor';
COMMENT ON COLUMN flag_artefact.approved_by_id IS 'who approved it';
COMMENT ON COLUMN flag_artefact.approved_at IS 'when';
COMMENT ON COLUMN flag_artefact.approval_reason IS 'why, in their words';
COMMENT ON COLUMN flag_artefact.retired_at IS 'when another took its place';

CREATE TABLE team (
  code VARCHAR(10) NOT NULL,
  name VARCHAR(160) NOT NULL,
  pdu_code VARCHAR NOT NULL,
  CONSTRAINT pk_team PRIMARY KEY (code),
  CONSTRAINT fk_team_pdu_code FOREIGN KEY(pdu_code) REFERENCES pdu (code)
);
CREATE INDEX ix_team_pdu_code ON team (pdu_code);
COMMENT ON COLUMN team.code IS 'team code';
COMMENT ON COLUMN team.name IS 'name';
COMMENT ON COLUMN team.pdu_code IS 'its PDU';

CREATE TABLE user_session (
  token_digest VARCHAR(64) NOT NULL,
  user_id BIGINT NOT NULL,
  csrf_token VARCHAR(64) NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_user_session PRIMARY KEY (token_digest),
  CONSTRAINT fk_user_session_user_id FOREIGN KEY(user_id) REFERENCES user_account (id)
);
CREATE INDEX ix_user_session_user_id ON user_session (user_id);
COMMENT ON COLUMN user_session.token_digest IS 'SHA-256 of the cookie''s token';
COMMENT ON COLUMN user_session.user_id IS 'who signed in';
COMMENT ON COLUMN user_session.csrf_token IS 'token that every form of this session carries';
COMMENT ON COLUMN user_session.created_at IS 'signed in at';
COMMENT ON COLUMN user_session.last_seen_at IS 'last request; autosave counts';
COMMENT ON COLUMN user_session.expires_at IS 'ends then, whatever happens';
COMMENT ON COLUMN user_session.ended_at IS 'signed out, or ended by an administrator';

CREATE TABLE assessment (
  id BIGSERIAL NOT NULL,
  case_id BIGINT NOT NULL,
  source VARCHAR(20) NOT NULL,
  outside_id VARCHAR(60) NOT NULL,
  content_digest VARCHAR(64) NOT NULL,
  assessment_type VARCHAR(20),
  assessment_version VARCHAR(4),
  status VARCHAR(40) NOT NULL,
  purpose VARCHAR(120),
  initiated_at TIMESTAMP WITH TIME ZONE,
  completed_at TIMESTAMP WITH TIME ZONE,
  signed_at TIMESTAMP WITH TIME ZONE,
  author_name VARCHAR(160),
  author_staff_code VARCHAR(10),
  practitioner_staff_code VARCHAR(10),
  grid JSONB NOT NULL,
  overall_stated VARCHAR(40),
  overall_derived VARCHAR(40),
  texts JSONB NOT NULL,
  details JSONB NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_assessment PRIMARY KEY (id),
  CONSTRAINT uq_assessment_source_outside_id_content_digest UNIQUE (source, outside_id, content_digest),
  CONSTRAINT fk_assessment_case_id FOREIGN KEY(case_id) REFERENCES case_record (id),
  CONSTRAINT ck_assessment_overall_stated CHECK (overall_stated IN ('LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH')),
  CONSTRAINT ck_assessment_overall_derived CHECK (overall_derived IN ('LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH'))
)
 WITH (toast_tuple_target = 4080);
CREATE INDEX ix_assessment_author_staff_code ON assessment (author_staff_code);
CREATE INDEX ix_assessment_case_completed ON assessment (case_id, completed_at);
COMMENT ON COLUMN assessment.id IS 'internal key';
COMMENT ON COLUMN assessment.case_id IS 'about whom';
COMMENT ON COLUMN assessment.source IS 'OASYS_ORDS, ARNS or EXTRACT';
COMMENT ON COLUMN assessment.outside_id IS 'the source''s own id';
COMMENT ON COLUMN assessment.content_digest IS 'SHA-256 of the content, to know a changed copy';
COMMENT ON COLUMN assessment.assessment_type IS 'LAYER1 or LAYER3';
COMMENT ON COLUMN assessment.assessment_version IS '1 OASys, 2 SAN';
COMMENT ON COLUMN assessment.status IS 'COMPLETE, LOCKED_INCOMPLETE ...';
COMMENT ON COLUMN assessment.purpose IS 'e.g. Review';
COMMENT ON COLUMN assessment.initiated_at IS 'begun';
COMMENT ON COLUMN assessment.completed_at IS 'completed';
COMMENT ON COLUMN assessment.signed_at IS 'signed by the assessor';
COMMENT ON COLUMN assessment.author_name IS 'free text in OASys';
COMMENT ON COLUMN assessment.author_staff_code IS 'only if the feed says so; never guessed';
COMMENT ON COLUMN assessment.practitioner_staff_code IS 'who held the case then';
COMMENT ON COLUMN assessment.grid IS 'rubrics.Grid: community and custody, group -> level';
COMMENT ON COLUMN assessment.overall_stated IS 'overall level as the source states it';
COMMENT ON COLUMN assessment.overall_derived IS 'highest group, recomputed';
COMMENT ON COLUMN assessment.texts IS 'R10 and risk management plan, field -> text';
COMMENT ON COLUMN assessment.details IS 'screening, needs, predictors, full analysis, countersignature';
COMMENT ON COLUMN assessment.recorded_at IS 'when we received it';

CREATE TABLE case_assignment (
  id BIGSERIAL NOT NULL,
  case_id BIGINT NOT NULL,
  staff_code VARCHAR NOT NULL,
  team_code VARCHAR NOT NULL,
  from_on DATE NOT NULL,
  to_on DATE,
  CONSTRAINT pk_case_assignment PRIMARY KEY (id),
  CONSTRAINT uq_case_assignment_case_id_staff_code_team_code_from_on UNIQUE (case_id, staff_code, team_code, from_on),
  CONSTRAINT ck_case_assignment_ends_after_start CHECK (to_on IS NULL OR to_on >= from_on),
  CONSTRAINT fk_case_assignment_case_id FOREIGN KEY(case_id) REFERENCES case_record (id),
  CONSTRAINT fk_case_assignment_staff_code FOREIGN KEY(staff_code) REFERENCES staff_code (code),
  CONSTRAINT fk_case_assignment_team_code FOREIGN KEY(team_code) REFERENCES team (code)
);
CREATE INDEX ix_case_assignment_staff_code ON case_assignment (staff_code);
CREATE INDEX ix_case_assignment_team_code ON case_assignment (team_code);
CREATE UNIQUE INDEX uq_case_assignment_open ON case_assignment (case_id) WHERE to_on IS NULL;
COMMENT ON COLUMN case_assignment.id IS 'internal key';
COMMENT ON COLUMN case_assignment.case_id IS 'which case';
COMMENT ON COLUMN case_assignment.staff_code IS 'who';
COMMENT ON COLUMN case_assignment.team_code IS 'where';
COMMENT ON COLUMN case_assignment.from_on IS 'from';
COMMENT ON COLUMN case_assignment.to_on IS 'until';

CREATE TABLE case_audit_fact (
  case_id BIGINT NOT NULL,
  sex VARCHAR(20),
  ethnicity VARCHAR(40),
  birth_year INTEGER,
  CONSTRAINT pk_case_audit_fact PRIMARY KEY (case_id),
  CONSTRAINT fk_case_audit_fact_case_id FOREIGN KEY(case_id) REFERENCES case_record (id)
);
COMMENT ON COLUMN case_audit_fact.case_id IS 'about whom';
COMMENT ON COLUMN case_audit_fact.sex IS 'as recorded';
COMMENT ON COLUMN case_audit_fact.ethnicity IS 'as recorded';
COMMENT ON COLUMN case_audit_fact.birth_year IS 'as recorded';

CREATE TABLE case_crn (
  crn VARCHAR(12) NOT NULL,
  case_id BIGINT NOT NULL,
  is_current BOOLEAN NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_case_crn PRIMARY KEY (crn),
  CONSTRAINT fk_case_crn_case_id FOREIGN KEY(case_id) REFERENCES case_record (id)
);
CREATE INDEX ix_case_crn_case_id ON case_crn (case_id);
COMMENT ON COLUMN case_crn.crn IS 'case reference number, e.g. X777916';
COMMENT ON COLUMN case_crn.case_id IS 'which case';
COMMENT ON COLUMN case_crn.is_current IS 'the one to show';
COMMENT ON COLUMN case_crn.recorded_at IS 'when we learnt of it';

CREATE TABLE case_exclusion (
  case_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  reason VARCHAR(200) NOT NULL,
  CONSTRAINT pk_case_exclusion PRIMARY KEY (case_id, person_id),
  CONSTRAINT fk_case_exclusion_case_id FOREIGN KEY(case_id) REFERENCES case_record (id),
  CONSTRAINT fk_case_exclusion_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX ix_case_exclusion_case_id ON case_exclusion (case_id);
CREATE INDEX ix_case_exclusion_person_id ON case_exclusion (person_id);
COMMENT ON COLUMN case_exclusion.case_id IS 'which case';
COMMENT ON COLUMN case_exclusion.person_id IS 'who may not hold it';
COMMENT ON COLUMN case_exclusion.reason IS 'why';

CREATE TABLE case_pack_item (
  id BIGSERIAL NOT NULL,
  case_id BIGINT NOT NULL,
  content_digest VARCHAR(64) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  happened_on DATE NOT NULL,
  state VARCHAR(20),
  source VARCHAR(120) NOT NULL,
  title VARCHAR(200) NOT NULL,
  body VARCHAR NOT NULL,
  is_review_trigger BOOLEAN NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_case_pack_item PRIMARY KEY (id),
  CONSTRAINT uq_case_pack_item_case_id_content_digest UNIQUE (case_id, content_digest),
  CONSTRAINT fk_case_pack_item_case_id FOREIGN KEY(case_id) REFERENCES case_record (id)
);
COMMENT ON COLUMN case_pack_item.id IS 'internal key';
COMMENT ON COLUMN case_pack_item.case_id IS 'about whom';
COMMENT ON COLUMN case_pack_item.content_digest IS 'SHA-256 of the content';
COMMENT ON COLUMN case_pack_item.kind IS 'contact, enquiry_police, event, order, document ...';
COMMENT ON COLUMN case_pack_item.happened_on IS 'when it happened';
COMMENT ON COLUMN case_pack_item.state IS 'enquiries: requested, replied or analysed';
COMMENT ON COLUMN case_pack_item.source IS 'where it is recorded';
COMMENT ON COLUMN case_pack_item.title IS 'one line';
COMMENT ON COLUMN case_pack_item.body IS 'the text';
COMMENT ON COLUMN case_pack_item.is_review_trigger IS 'a recorded event that calls for a new assessment';
COMMENT ON COLUMN case_pack_item.recorded_at IS 'when we received it; later items are never shown to a reader';

CREATE TABLE conflict_declaration (
  id BIGSERIAL NOT NULL,
  user_id BIGINT NOT NULL,
  case_id BIGINT,
  person_id BIGINT,
  reason VARCHAR(500) NOT NULL,
  declared_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_conflict_declaration PRIMARY KEY (id),
  CONSTRAINT fk_conflict_declaration_user_id FOREIGN KEY(user_id) REFERENCES user_account (id),
  CONSTRAINT fk_conflict_declaration_case_id FOREIGN KEY(case_id) REFERENCES case_record (id),
  CONSTRAINT fk_conflict_declaration_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX ix_conflict_declaration_case_id ON conflict_declaration (case_id);
CREATE INDEX ix_conflict_declaration_person_id ON conflict_declaration (person_id);
CREATE INDEX ix_conflict_declaration_user_id ON conflict_declaration (user_id);
COMMENT ON COLUMN conflict_declaration.id IS 'internal key';
COMMENT ON COLUMN conflict_declaration.user_id IS 'who declares';
COMMENT ON COLUMN conflict_declaration.case_id IS 'the case';
COMMENT ON COLUMN conflict_declaration.person_id IS 'the officer';
COMMENT ON COLUMN conflict_declaration.reason IS 'in their words';
COMMENT ON COLUMN conflict_declaration.declared_at IS 'when';

CREATE TABLE flag_scoring (
  id BIGSERIAL NOT NULL,
  artefact_digest VARCHAR(64) NOT NULL,
  scored_at TIMESTAMP WITH TIME ZONE NOT NULL,
  n_scored INTEGER NOT NULL,
  bin_counts JSONB NOT NULL,
  n_measured INTEGER NOT NULL,
  drift JSONB NOT NULL,
  CONSTRAINT pk_flag_scoring PRIMARY KEY (id),
  CONSTRAINT fk_flag_scoring_artefact_digest FOREIGN KEY(artefact_digest) REFERENCES flag_artefact (digest)
);
CREATE INDEX ix_flag_scoring_artefact_digest ON flag_scoring (artefact_digest);
COMMENT ON COLUMN flag_scoring.id IS 'internal key';
COMMENT ON COLUMN flag_scoring.artefact_digest IS 'the artefact it scored with';
COMMENT ON COLUMN flag_scoring.scored_at IS 'when';
COMMENT ON COLUMN flag_scoring.n_scored IS 'assessments scored';
COMMENT ON COLUMN flag_scoring.bin_counts IS 'of each feature: measured assessments in each bin of the training';
COMMENT ON COLUMN flag_scoring.n_measured IS 'assessments the drift rests on, spread over all in use of the levels trained on; nought: too few';
COMMENT ON COLUMN flag_scoring.drift IS 'the most changed features: feature, index, reading';

CREATE TABLE former_case_facts (
  case_id BIGINT NOT NULL,
  replaced_at TIMESTAMP WITH TIME ZONE NOT NULL,
  offence VARCHAR,
  is_sexual_offence BOOLEAN NOT NULL,
  started_on DATE NOT NULL,
  released_on DATE,
  CONSTRAINT pk_former_case_facts PRIMARY KEY (case_id, replaced_at),
  CONSTRAINT fk_former_case_facts_case_id FOREIGN KEY(case_id) REFERENCES case_record (id)
);
COMMENT ON COLUMN former_case_facts.case_id IS 'which case';
COMMENT ON COLUMN former_case_facts.replaced_at IS 'when we received what replaced it';
COMMENT ON COLUMN former_case_facts.offence IS 'main index offence in words';
COMMENT ON COLUMN former_case_facts.is_sexual_offence IS 'needed a trained practitioner';
COMMENT ON COLUMN former_case_facts.started_on IS 'supervision began';
COMMENT ON COLUMN former_case_facts.released_on IS 'released from custody';

CREATE TABLE limited_access_grant (
  case_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  granted_by VARCHAR(80) NOT NULL,
  granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_limited_access_grant PRIMARY KEY (case_id, user_id),
  CONSTRAINT fk_limited_access_grant_case_id FOREIGN KEY(case_id) REFERENCES case_record (id),
  CONSTRAINT fk_limited_access_grant_user_id FOREIGN KEY(user_id) REFERENCES user_account (id)
);
CREATE INDEX ix_limited_access_grant_case_id ON limited_access_grant (case_id);
CREATE INDEX ix_limited_access_grant_user_id ON limited_access_grant (user_id);
COMMENT ON COLUMN limited_access_grant.case_id IS 'which case';
COMMENT ON COLUMN limited_access_grant.user_id IS 'who may know of it';
COMMENT ON COLUMN limited_access_grant.granted_by IS 'who listed them';
COMMENT ON COLUMN limited_access_grant.granted_at IS 'when';

CREATE TABLE post (
  id BIGSERIAL NOT NULL,
  kind VARCHAR(40) NOT NULL,
  title VARCHAR(160) NOT NULL,
  team_code VARCHAR,
  pdu_code VARCHAR,
  region_code VARCHAR,
  CONSTRAINT pk_post PRIMARY KEY (id),
  CONSTRAINT uq_post_kind_team_code_pdu_code_region_code UNIQUE NULLS NOT DISTINCT (kind, team_code, pdu_code, region_code),
  CONSTRAINT ck_post_postkind CHECK (kind IN ('spo', 'head_of_pdu', 'regional_director', 'national', 'quality_lead')),
  CONSTRAINT fk_post_team_code FOREIGN KEY(team_code) REFERENCES team (code),
  CONSTRAINT fk_post_pdu_code FOREIGN KEY(pdu_code) REFERENCES pdu (code),
  CONSTRAINT fk_post_region_code FOREIGN KEY(region_code) REFERENCES region (code)
);
CREATE INDEX ix_post_pdu_code ON post (pdu_code);
CREATE INDEX ix_post_team_code ON post (team_code);
COMMENT ON COLUMN post.id IS 'internal key';
COMMENT ON COLUMN post.kind IS 'rung of the ladder';
COMMENT ON COLUMN post.title IS 'as shown, e.g. SPO, Lewisham team 2';
COMMENT ON COLUMN post.team_code IS 'for an SPO';
COMMENT ON COLUMN post.pdu_code IS 'for an SPO and a head of PDU';
COMMENT ON COLUMN post.region_code IS 'empty for national posts';

CREATE TABLE posting (
  id BIGSERIAL NOT NULL,
  staff_code VARCHAR NOT NULL,
  team_code VARCHAR NOT NULL,
  grade VARCHAR(40) NOT NULL,
  contracted_hours NUMERIC(5, 1) NOT NULL,
  from_on DATE NOT NULL,
  to_on DATE,
  CONSTRAINT pk_posting PRIMARY KEY (id),
  CONSTRAINT uq_posting_staff_code_team_code_from_on UNIQUE (staff_code, team_code, from_on),
  CONSTRAINT ck_posting_hours_possible CHECK (contracted_hours >= 0 AND contracted_hours <= 60),
  CONSTRAINT fk_posting_staff_code FOREIGN KEY(staff_code) REFERENCES staff_code (code),
  CONSTRAINT fk_posting_team_code FOREIGN KEY(team_code) REFERENCES team (code),
  CONSTRAINT ck_posting_grade CHECK (grade IN ('PO', 'PSO', 'PQiP', 'SPO', 'DMY'))
);
CREATE INDEX ix_posting_staff_code ON posting (staff_code);
CREATE INDEX ix_posting_team_code ON posting (team_code);
CREATE UNIQUE INDEX uq_posting_open ON posting (staff_code, team_code) WHERE to_on IS NULL;
COMMENT ON COLUMN posting.id IS 'internal key';
COMMENT ON COLUMN posting.staff_code IS 'who';
COMMENT ON COLUMN posting.team_code IS 'where';
COMMENT ON COLUMN posting.grade IS 'grade in this posting';
COMMENT ON COLUMN posting.contracted_hours IS 'a week';
COMMENT ON COLUMN posting.from_on IS 'from';
COMMENT ON COLUMN posting.to_on IS 'until';

CREATE TABLE reduction (
  id BIGSERIAL NOT NULL,
  staff_code VARCHAR NOT NULL,
  team_code VARCHAR NOT NULL,
  hours NUMERIC(8, 1) NOT NULL,
  reason VARCHAR(120) NOT NULL,
  from_on DATE NOT NULL,
  to_on DATE NOT NULL,
  status VARCHAR(40) NOT NULL,
  is_ours BOOLEAN NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_reduction PRIMARY KEY (id),
  CONSTRAINT uq_reduction_staff_code_team_code_reason_from_on_is_ours UNIQUE (staff_code, team_code, reason, from_on, is_ours),
  CONSTRAINT ck_reduction_hours_as_wmt CHECK (hours >= 0 AND hours <= 37),
  CONSTRAINT fk_reduction_staff_code FOREIGN KEY(staff_code) REFERENCES staff_code (code),
  CONSTRAINT fk_reduction_team_code FOREIGN KEY(team_code) REFERENCES team (code),
  CONSTRAINT ck_reduction_reductionstatus CHECK (status IN ('scheduled', 'active', 'archived', 'deleted'))
);
CREATE INDEX ix_reduction_staff_code ON reduction (staff_code);
COMMENT ON COLUMN reduction.id IS 'internal key';
COMMENT ON COLUMN reduction.staff_code IS 'who';
COMMENT ON COLUMN reduction.team_code IS 'where';
COMMENT ON COLUMN reduction.hours IS 'a week';
COMMENT ON COLUMN reduction.reason IS 'WMT''s reason';
COMMENT ON COLUMN reduction.from_on IS 'from';
COMMENT ON COLUMN reduction.to_on IS 'until';
COMMENT ON COLUMN reduction.status IS 'as in WMT';
COMMENT ON COLUMN reduction.is_ours IS 'requested by a cut of this service';
COMMENT ON COLUMN reduction.recorded_at IS 'when we learnt of it';

CREATE TABLE registration (
  id BIGSERIAL NOT NULL,
  case_id BIGINT NOT NULL,
  code VARCHAR(12) NOT NULL,
  level VARCHAR(12),
  description VARCHAR(200),
  from_on DATE,
  to_on DATE,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  replaced_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_registration PRIMARY KEY (id),
  CONSTRAINT uq_registration_case_id_code_from_on_replaced_at UNIQUE NULLS NOT DISTINCT (case_id, code, from_on, replaced_at),
  CONSTRAINT fk_registration_case_id FOREIGN KEY(case_id) REFERENCES case_record (id)
);
COMMENT ON COLUMN registration.id IS 'internal key';
COMMENT ON COLUMN registration.case_id IS 'about whom';
COMMENT ON COLUMN registration.code IS 'e.g. RMRH, ADVP';
COMMENT ON COLUMN registration.level IS 'level or category code';
COMMENT ON COLUMN registration.description IS 'as the source words it';
COMMENT ON COLUMN registration.from_on IS 'from';
COMMENT ON COLUMN registration.to_on IS 'until';
COMMENT ON COLUMN registration.recorded_at IS 'when we received it';
COMMENT ON COLUMN registration.replaced_at IS 'when we received what replaced it';

CREATE TABLE role_grant (
  id BIGSERIAL NOT NULL,
  user_id BIGINT NOT NULL,
  role VARCHAR(40) NOT NULL,
  region_code VARCHAR,
  pdu_code VARCHAR,
  team_code VARCHAR,
  from_at TIMESTAMP WITH TIME ZONE NOT NULL,
  to_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_role_grant PRIMARY KEY (id),
  CONSTRAINT ck_role_grant_ends_after_start CHECK (to_at IS NULL OR to_at > from_at),
  CONSTRAINT fk_role_grant_user_id FOREIGN KEY(user_id) REFERENCES user_account (id),
  CONSTRAINT ck_role_grant_role CHECK (role IN ('officer', 'reviewer', 'moderator', 'quality_lead', 'spo', 'head_of_pdu', 'regional_director', 'national_lead', 'analyst', 'administrator')),
  CONSTRAINT fk_role_grant_region_code FOREIGN KEY(region_code) REFERENCES region (code),
  CONSTRAINT fk_role_grant_pdu_code FOREIGN KEY(pdu_code) REFERENCES pdu (code),
  CONSTRAINT fk_role_grant_team_code FOREIGN KEY(team_code) REFERENCES team (code)
);
CREATE INDEX ix_role_grant_user_id ON role_grant (user_id);
COMMENT ON COLUMN role_grant.id IS 'internal key';
COMMENT ON COLUMN role_grant.user_id IS 'who holds it';
COMMENT ON COLUMN role_grant.role IS 'RULES 8';
COMMENT ON COLUMN role_grant.region_code IS 'region it covers';
COMMENT ON COLUMN role_grant.pdu_code IS 'PDU it covers';
COMMENT ON COLUMN role_grant.team_code IS 'team it covers';
COMMENT ON COLUMN role_grant.from_at IS 'held from';
COMMENT ON COLUMN role_grant.to_at IS 'held until';

CREATE TABLE round_exclusion (
  id BIGSERIAL NOT NULL,
  round_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  case_id BIGINT,
  reason VARCHAR(60) NOT NULL,
  detail VARCHAR(300) NOT NULL,
  CONSTRAINT pk_round_exclusion PRIMARY KEY (id),
  CONSTRAINT fk_round_exclusion_round_id FOREIGN KEY(round_id) REFERENCES round (id),
  CONSTRAINT fk_round_exclusion_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_round_exclusion_case_id FOREIGN KEY(case_id) REFERENCES case_record (id)
);
CREATE INDEX ix_round_exclusion_case_id ON round_exclusion (case_id);
CREATE INDEX ix_round_exclusion_person_id ON round_exclusion (person_id);
CREATE INDEX ix_round_exclusion_round_id ON round_exclusion (round_id);
COMMENT ON COLUMN round_exclusion.id IS 'internal key';
COMMENT ON COLUMN round_exclusion.round_id IS 'which round';
COMMENT ON COLUMN round_exclusion.person_id IS 'which officer';
COMMENT ON COLUMN round_exclusion.case_id IS 'which case; empty: the officer';
COMMENT ON COLUMN round_exclusion.reason IS 'reason code of sampling';
COMMENT ON COLUMN round_exclusion.detail IS 'in words';

CREATE TABLE weekly_workload (
  id BIGSERIAL NOT NULL,
  staff_code VARCHAR NOT NULL,
  team_code VARCHAR NOT NULL,
  week_on DATE NOT NULL,
  total_points INTEGER NOT NULL,
  available_points INTEGER NOT NULL,
  n_cases INTEGER NOT NULL,
  CONSTRAINT pk_weekly_workload PRIMARY KEY (id),
  CONSTRAINT uq_weekly_workload_staff_code_team_code_week_on UNIQUE (staff_code, team_code, week_on),
  CONSTRAINT ck_weekly_workload_not_negative CHECK (total_points >= 0 AND available_points >= 0 AND n_cases >= 0),
  CONSTRAINT fk_weekly_workload_staff_code FOREIGN KEY(staff_code) REFERENCES staff_code (code),
  CONSTRAINT fk_weekly_workload_team_code FOREIGN KEY(team_code) REFERENCES team (code)
);
CREATE INDEX ix_weekly_workload_staff_code ON weekly_workload (staff_code);
COMMENT ON COLUMN weekly_workload.id IS 'internal key';
COMMENT ON COLUMN weekly_workload.staff_code IS 'who';
COMMENT ON COLUMN weekly_workload.team_code IS 'where';
COMMENT ON COLUMN weekly_workload.week_on IS 'Monday of the week';
COMMENT ON COLUMN weekly_workload.total_points IS 'points carried';
COMMENT ON COLUMN weekly_workload.available_points IS 'points available (WMT)';
COMMENT ON COLUMN weekly_workload.n_cases IS 'cases held';

CREATE TABLE check_record (
  id BIGSERIAL NOT NULL,
  reference VARCHAR(20) NOT NULL,
  round_id BIGINT,
  purpose VARCHAR(40) NOT NULL,
  arm VARCHAR(40) NOT NULL,
  cause VARCHAR(40),
  causing_check_id BIGINT,
  status VARCHAR(40) NOT NULL,
  case_id BIGINT NOT NULL,
  assessment_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  staff_code VARCHAR(10) NOT NULL,
  team_code VARCHAR(10) NOT NULL,
  drawn_pdu_code VARCHAR(10) NOT NULL,
  drawn_region_code VARCHAR(10) NOT NULL,
  ticket VARCHAR(64),
  ticket_rank INTEGER,
  inclusion_probability FLOAT,
  rubric_version VARCHAR(20) NOT NULL,
  policy_version VARCHAR(20) NOT NULL,
  drawn_at TIMESTAMP WITH TIME ZONE NOT NULL,
  pack_through_item_id BIGINT NOT NULL,
  case_facts JSONB NOT NULL,
  workload_points INTEGER,
  available_points INTEGER,
  is_urgent BOOLEAN NOT NULL,
  replaced_by_id BIGINT,
  status_reason VARCHAR(500),
  final_at TIMESTAMP WITH TIME ZONE,
  copied_text_rate FLOAT,
  CONSTRAINT pk_check_record PRIMARY KEY (id),
  CONSTRAINT ck_check_record_drawn_in_a_round CHECK (round_id IS NOT NULL OR arm NOT IN ('random', 'targeted', 'sweep')),
  CONSTRAINT ck_check_record_follow_up_has_a_cause CHECK ((cause IS NOT NULL) = (arm = 'follow_up')),
  CONSTRAINT uq_check_record_reference UNIQUE (reference),
  CONSTRAINT fk_check_record_round_id FOREIGN KEY(round_id) REFERENCES round (id),
  CONSTRAINT ck_check_record_checkpurpose CHECK (purpose IN ('live', 'gold', 'calibration')),
  CONSTRAINT ck_check_record_arm CHECK (arm IN ('random', 'targeted', 'follow_up', 'sweep', 'caseload_review', 'self_referral', 'appeal')),
  CONSTRAINT ck_check_record_followupcause CHECK (cause IN ('after_recheck', 'before_restore')),
  CONSTRAINT fk_check_record_causing_check_id FOREIGN KEY(causing_check_id) REFERENCES check_record (id),
  CONSTRAINT ck_check_record_checkstatus CHECK (status IN ('drawn', 'assigned', 'opened', 'draft', 'submitted', 'second_read', 'in_moderation', 'final', 'substituted', 'void')),
  CONSTRAINT fk_check_record_case_id FOREIGN KEY(case_id) REFERENCES case_record (id),
  CONSTRAINT fk_check_record_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id),
  CONSTRAINT fk_check_record_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_check_record_replaced_by_id FOREIGN KEY(replaced_by_id) REFERENCES check_record (id)
);
CREATE INDEX ix_check_record_assessment_id ON check_record (assessment_id);
CREATE INDEX ix_check_record_case_id ON check_record (case_id);
CREATE INDEX ix_check_record_causing_check_id ON check_record (causing_check_id);
CREATE INDEX ix_check_record_pdu_status ON check_record (drawn_pdu_code, status);
CREATE INDEX ix_check_record_person_id ON check_record (person_id);
CREATE INDEX ix_check_record_replaced_by_id ON check_record (replaced_by_id);
CREATE INDEX ix_check_record_round_id ON check_record (round_id);
CREATE INDEX ix_check_record_status ON check_record (status);
CREATE UNIQUE INDEX uq_check_record_round_case ON check_record (round_id, case_id) WHERE round_id IS NOT NULL;
COMMENT ON COLUMN check_record.id IS 'internal key';
COMMENT ON COLUMN check_record.reference IS 'random, shown to readers';
COMMENT ON COLUMN check_record.round_id IS 'the round, if any';
COMMENT ON COLUMN check_record.purpose IS 'live, gold or calibration';
COMMENT ON COLUMN check_record.arm IS 'how it came to be drawn';
COMMENT ON COLUMN check_record.cause IS 'of a follow-up';
COMMENT ON COLUMN check_record.causing_check_id IS 'check whose verdict called for it';
COMMENT ON COLUMN check_record.status IS 'where it is';
COMMENT ON COLUMN check_record.case_id IS 'the case';
COMMENT ON COLUMN check_record.assessment_id IS 'the assessment that is checked';
COMMENT ON COLUMN check_record.person_id IS 'the officer it was drawn for';
COMMENT ON COLUMN check_record.staff_code IS 'at the draw';
COMMENT ON COLUMN check_record.team_code IS 'at the draw';
COMMENT ON COLUMN check_record.drawn_pdu_code IS 'for rates: PDU at the draw';
COMMENT ON COLUMN check_record.drawn_region_code IS 'for rates: region at the draw';
COMMENT ON COLUMN check_record.ticket IS 'SHA-256 ticket';
COMMENT ON COLUMN check_record.ticket_rank IS 'place in the officer''s order, 1 first';
COMMENT ON COLUMN check_record.inclusion_probability IS 'chance of being drawn';
COMMENT ON COLUMN check_record.rubric_version IS 'rubric that scores it';
COMMENT ON COLUMN check_record.policy_version IS 'policy that decides it';
COMMENT ON COLUMN check_record.drawn_at IS 'when; the case pack is frozen then';
COMMENT ON COLUMN check_record.pack_through_item_id IS 'last case-pack item a reader may see';
COMMENT ON COLUMN check_record.case_facts IS 'the case as it stood at the draw; the database pins it';
COMMENT ON COLUMN check_record.workload_points IS 'officer''s total points at the assessment';
COMMENT ON COLUMN check_record.available_points IS 'officer''s available points at the assessment';
COMMENT ON COLUMN check_record.is_urgent IS 'urgent clocks apply';
COMMENT ON COLUMN check_record.replaced_by_id IS 'reserve that took its place';
COMMENT ON COLUMN check_record.status_reason IS 'why substituted or void';
COMMENT ON COLUMN check_record.final_at IS 'when its verdict was given';
COMMENT ON COLUMN check_record.copied_text_rate IS 'share of its words carried over from the assessment before; empty without one';

CREATE TABLE data_quality_finding (
  id BIGSERIAL NOT NULL,
  run_id BIGINT NOT NULL,
  case_id BIGINT,
  assessment_id BIGINT,
  kind VARCHAR(60) NOT NULL,
  detail VARCHAR(500) NOT NULL,
  CONSTRAINT pk_data_quality_finding PRIMARY KEY (id),
  CONSTRAINT fk_data_quality_finding_run_id FOREIGN KEY(run_id) REFERENCES intake_run (id),
  CONSTRAINT fk_data_quality_finding_case_id FOREIGN KEY(case_id) REFERENCES case_record (id),
  CONSTRAINT fk_data_quality_finding_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id)
);
CREATE INDEX ix_data_quality_finding_assessment_id ON data_quality_finding (assessment_id);
CREATE INDEX ix_data_quality_finding_case_id ON data_quality_finding (case_id);
CREATE INDEX ix_data_quality_finding_kind ON data_quality_finding (kind);
CREATE INDEX ix_data_quality_finding_run_id ON data_quality_finding (run_id);
COMMENT ON COLUMN data_quality_finding.id IS 'internal key';
COMMENT ON COLUMN data_quality_finding.run_id IS 'which load';
COMMENT ON COLUMN data_quality_finding.case_id IS 'about whom';
COMMENT ON COLUMN data_quality_finding.assessment_id IS 'in which assessment';
COMMENT ON COLUMN data_quality_finding.kind IS 'overall_differs, register_differs, duplicate_group ...';
COMMENT ON COLUMN data_quality_finding.detail IS 'what disagrees with what';

CREATE TABLE flag (
  id BIGSERIAL NOT NULL,
  assessment_id BIGINT NOT NULL,
  artefact_digest VARCHAR(64) NOT NULL,
  target VARCHAR(20) NOT NULL,
  score_rate FLOAT NOT NULL,
  is_flagged BOOLEAN NOT NULL,
  reasons JSONB NOT NULL,
  scored_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_flag PRIMARY KEY (id),
  CONSTRAINT uq_flag_assessment_id_artefact_digest UNIQUE (assessment_id, artefact_digest),
  CONSTRAINT ck_flag_score_is_a_rate CHECK (score_rate >= 0 AND score_rate <= 1),
  CONSTRAINT fk_flag_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id),
  CONSTRAINT fk_flag_artefact_digest FOREIGN KEY(artefact_digest) REFERENCES flag_artefact (digest)
);
CREATE INDEX ix_flag_artefact_digest ON flag (artefact_digest);
CREATE INDEX ix_flag_assessment_id ON flag (assessment_id);
COMMENT ON COLUMN flag.id IS 'internal key';
COMMENT ON COLUMN flag.assessment_id IS 'which assessment';
COMMENT ON COLUMN flag.artefact_digest IS 'the artefact that scored it';
COMMENT ON COLUMN flag.target IS 'the level in doubt: overall, or a group where the overall is high; none or unscored without a score';
COMMENT ON COLUMN flag.score_rate IS 'estimated chance that this level should be high';
COMMENT ON COLUMN flag.is_flagged IS 'above the threshold in force';
COMMENT ON COLUMN flag.reasons IS 'exact contributions in plain sentences; of an unscored one, why';
COMMENT ON COLUMN flag.scored_at IS 'when';

CREATE TABLE post_holder (
  id BIGSERIAL NOT NULL,
  post_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  from_on DATE NOT NULL,
  to_on DATE,
  CONSTRAINT pk_post_holder PRIMARY KEY (id),
  CONSTRAINT uq_post_holder_post_id_person_id_from_on UNIQUE (post_id, person_id, from_on),
  CONSTRAINT fk_post_holder_post_id FOREIGN KEY(post_id) REFERENCES post (id),
  CONSTRAINT fk_post_holder_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX ix_post_holder_person_id ON post_holder (person_id);
COMMENT ON COLUMN post_holder.id IS 'internal key';
COMMENT ON COLUMN post_holder.post_id IS 'which post';
COMMENT ON COLUMN post_holder.person_id IS 'who';
COMMENT ON COLUMN post_holder.from_on IS 'from';
COMMENT ON COLUMN post_holder.to_on IS 'until';

CREATE TABLE round_unit (
  id BIGSERIAL NOT NULL,
  round_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  assessment_id BIGINT NOT NULL,
  staff_code VARCHAR(10) NOT NULL,
  team_code VARCHAR(10) NOT NULL,
  pdu_code VARCHAR(10) NOT NULL,
  pseudonym VARCHAR(20) NOT NULL,
  officer_pseudonym VARCHAR(20) NOT NULL,
  stratum VARCHAR(60) NOT NULL,
  score_rate FLOAT,
  inclusion_probability FLOAT,
  CONSTRAINT pk_round_unit PRIMARY KEY (id),
  CONSTRAINT uq_round_unit_round_id_case_id UNIQUE (round_id, case_id),
  CONSTRAINT uq_round_unit_round_id_pseudonym UNIQUE (round_id, pseudonym),
  CONSTRAINT ck_round_unit_probability CHECK (inclusion_probability >= 0 AND inclusion_probability <= 1),
  CONSTRAINT fk_round_unit_round_id FOREIGN KEY(round_id) REFERENCES round (id),
  CONSTRAINT fk_round_unit_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_round_unit_case_id FOREIGN KEY(case_id) REFERENCES case_record (id),
  CONSTRAINT fk_round_unit_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id)
);
CREATE INDEX ix_round_unit_cool_off ON round_unit (round_id) WHERE stratum = 'cool_off';
CREATE INDEX ix_round_unit_person_id ON round_unit (person_id);
CREATE INDEX ix_round_unit_round_id ON round_unit (round_id);
COMMENT ON COLUMN round_unit.id IS 'internal key';
COMMENT ON COLUMN round_unit.round_id IS 'which round';
COMMENT ON COLUMN round_unit.person_id IS 'the officer due';
COMMENT ON COLUMN round_unit.case_id IS 'the case';
COMMENT ON COLUMN round_unit.assessment_id IS 'the assessment that would be checked';
COMMENT ON COLUMN round_unit.staff_code IS 'staff code that held the case';
COMMENT ON COLUMN round_unit.team_code IS 'team at the freeze';
COMMENT ON COLUMN round_unit.pdu_code IS 'PDU at the freeze';
COMMENT ON COLUMN round_unit.pseudonym IS 'random, for this round only';
COMMENT ON COLUMN round_unit.officer_pseudonym IS 'random, for this round only';
COMMENT ON COLUMN round_unit.stratum IS 'stratum of the design';
COMMENT ON COLUMN round_unit.score_rate IS 'flag''s score at the freeze, if the design uses it';
COMMENT ON COLUMN round_unit.inclusion_probability IS 'chance of being drawn, any arm';

CREATE TABLE accuracy_reply (
  id BIGSERIAL NOT NULL,
  check_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  replied_at TIMESTAMP WITH TIME ZONE,
  text VARCHAR,
  disputes_a_fact BOOLEAN,
  CONSTRAINT pk_accuracy_reply PRIMARY KEY (id),
  CONSTRAINT fk_accuracy_reply_check_id FOREIGN KEY(check_id) REFERENCES check_record (id),
  CONSTRAINT fk_accuracy_reply_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE UNIQUE INDEX ix_accuracy_reply_check_id ON accuracy_reply (check_id);
CREATE INDEX ix_accuracy_reply_person_id ON accuracy_reply (person_id);
COMMENT ON COLUMN accuracy_reply.id IS 'internal key';
COMMENT ON COLUMN accuracy_reply.check_id IS 'about which check';
COMMENT ON COLUMN accuracy_reply.person_id IS 'who is asked';
COMMENT ON COLUMN accuracy_reply.asked_at IS 'when';
COMMENT ON COLUMN accuracy_reply.due_at IS 'lapses then';
COMMENT ON COLUMN accuracy_reply.replied_at IS 'when';
COMMENT ON COLUMN accuracy_reply.text IS 'the reply';
COMMENT ON COLUMN accuracy_reply.disputes_a_fact IS 'goes to a moderator if so';

CREATE TABLE hold (
  id BIGSERIAL NOT NULL,
  person_id BIGINT NOT NULL,
  check_id BIGINT NOT NULL,
  owner_post_id BIGINT NOT NULL,
  status VARCHAR(40) NOT NULL,
  placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  ended_reason VARCHAR(200),
  renewed_by VARCHAR(80),
  CONSTRAINT pk_hold PRIMARY KEY (id),
  CONSTRAINT fk_hold_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_hold_check_id FOREIGN KEY(check_id) REFERENCES check_record (id),
  CONSTRAINT fk_hold_owner_post_id FOREIGN KEY(owner_post_id) REFERENCES post (id),
  CONSTRAINT ck_hold_holdstatus CHECK (status IN ('active', 'lifted', 'expired'))
);
CREATE INDEX ix_hold_check_id ON hold (check_id);
CREATE INDEX ix_hold_owner_post_id ON hold (owner_post_id);
CREATE INDEX ix_hold_person_id ON hold (person_id);
CREATE UNIQUE INDEX uq_hold_active_check ON hold (check_id) WHERE status = 'active';
COMMENT ON COLUMN hold.id IS 'internal key';
COMMENT ON COLUMN hold.person_id IS 'who gets no new cases';
COMMENT ON COLUMN hold.check_id IS 'because of which check';
COMMENT ON COLUMN hold.owner_post_id IS 'quality lead who answers for it';
COMMENT ON COLUMN hold.status IS 'RULES 7';
COMMENT ON COLUMN hold.placed_at IS 'when';
COMMENT ON COLUMN hold.expires_at IS 'unless renewed by name';
COMMENT ON COLUMN hold.ended_at IS 'when';
COMMENT ON COLUMN hold.ended_reason IS 'why';
COMMENT ON COLUMN hold.renewed_by IS 'actor who last renewed it';

CREATE TABLE moderation (
  id BIGSERIAL NOT NULL,
  reference VARCHAR(20) NOT NULL,
  check_id BIGINT NOT NULL,
  moderator_id BIGINT,
  status VARCHAR(40) NOT NULL,
  reason VARCHAR(40) NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  own_grid JSONB,
  is_somebody_exposed BOOLEAN,
  answers JSONB,
  choices JSONB,
  decision JSONB,
  colleague_would_have VARCHAR(20),
  reasons VARCHAR,
  decided_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_moderation PRIMARY KEY (id),
  CONSTRAINT uq_moderation_reference UNIQUE (reference),
  CONSTRAINT fk_moderation_check_id FOREIGN KEY(check_id) REFERENCES check_record (id),
  CONSTRAINT fk_moderation_moderator_id FOREIGN KEY(moderator_id) REFERENCES user_account (id),
  CONSTRAINT ck_moderation_moderationstatus CHECK (status IN ('open', 'decided'))
);
CREATE UNIQUE INDEX ix_moderation_check_id ON moderation (check_id);
CREATE INDEX ix_moderation_moderator_id ON moderation (moderator_id);
COMMENT ON COLUMN moderation.id IS 'internal key';
COMMENT ON COLUMN moderation.reference IS 'random, in addresses';
COMMENT ON COLUMN moderation.check_id IS 'which check';
COMMENT ON COLUMN moderation.moderator_id IS 'who decides';
COMMENT ON COLUMN moderation.status IS 'where it is';
COMMENT ON COLUMN moderation.reason IS 'split, or a fact is disputed';
COMMENT ON COLUMN moderation.opened_at IS 'when';
COMMENT ON COLUMN moderation.due_at IS 'RULES 1';
COMMENT ON COLUMN moderation.own_grid IS 'levels as settled';
COMMENT ON COLUMN moderation.is_somebody_exposed IS 'as settled';
COMMENT ON COLUMN moderation.answers IS 'item -> rubrics.Answer as settled';
COMMENT ON COLUMN moderation.choices IS 'line -> whose answer was taken (a, b or other) and why';
COMMENT ON COLUMN moderation.decision IS 'rubrics.VerdictDecision as settled';
COMMENT ON COLUMN moderation.colleague_would_have IS 'would a colleague with this load and this record have done the same?';
COMMENT ON COLUMN moderation.reasons IS 'why';
COMMENT ON COLUMN moderation.decided_at IS 'when';

CREATE TABLE review (
  id BIGSERIAL NOT NULL,
  reference VARCHAR(20) NOT NULL,
  check_id BIGINT NOT NULL,
  reader_id BIGINT,
  status VARCHAR(40) NOT NULL,
  stage INTEGER NOT NULL,
  wanted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  assigned_at TIMESTAMP WITH TIME ZONE,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  claimed_until TIMESTAMP WITH TIME ZONE,
  opened_at TIMESTAMP WITH TIME ZONE,
  contaminated_at TIMESTAMP WITH TIME ZONE,
  lock_1_at TIMESTAMP WITH TIME ZONE,
  own_grid JSONB,
  confidence VARCHAR(20),
  is_somebody_exposed BOOLEAN,
  own_reasons VARCHAR,
  lock_2_at TIMESTAMP WITH TIME ZONE,
  answers JSONB,
  submitted_at TIMESTAMP WITH TIME ZONE,
  submission_key VARCHAR(64),
  scorecard JSONB,
  decision JSONB,
  changes_view BOOLEAN,
  changes_view_reason VARCHAR,
  done_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_review PRIMARY KEY (id),
  CONSTRAINT uq_review_check_id_reader_id UNIQUE (check_id, reader_id),
  CONSTRAINT ck_review_four_stages CHECK (stage BETWEEN 1 AND 4),
  CONSTRAINT ck_review_lock_1_before_stage_2 CHECK (stage = 1 OR lock_1_at IS NOT NULL),
  CONSTRAINT ck_review_lock_2_before_stage_3 CHECK (stage <= 2 OR lock_2_at IS NOT NULL),
  CONSTRAINT ck_review_submitted_before_stage_4 CHECK (stage <= 3 OR submitted_at IS NOT NULL),
  CONSTRAINT uq_review_reference UNIQUE (reference),
  CONSTRAINT fk_review_check_id FOREIGN KEY(check_id) REFERENCES check_record (id),
  CONSTRAINT fk_review_reader_id FOREIGN KEY(reader_id) REFERENCES user_account (id),
  CONSTRAINT ck_review_reviewstatus CHECK (status IN ('wanted', 'assigned', 'opened', 'submitted', 'done', 'withdrawn')),
  CONSTRAINT uq_review_submission_key UNIQUE (submission_key)
);
CREATE INDEX ix_review_check_id ON review (check_id);
CREATE INDEX ix_review_reader_status ON review (reader_id, status);
COMMENT ON COLUMN review.id IS 'internal key';
COMMENT ON COLUMN review.reference IS 'random, in addresses';
COMMENT ON COLUMN review.check_id IS 'which check';
COMMENT ON COLUMN review.reader_id IS 'who reads; empty: wanted, not yet claimed';
COMMENT ON COLUMN review.status IS 'where it is';
COMMENT ON COLUMN review.stage IS '1 own judgement, 2 quality, 3 level revealed, 4 flag revealed';
COMMENT ON COLUMN review.wanted_at IS 'when the read was asked for';
COMMENT ON COLUMN review.assigned_at IS 'when a reader claimed it or was given it';
COMMENT ON COLUMN review.due_at IS 'date shown to the reader; some carry an urgent date without being urgent';
COMMENT ON COLUMN review.claimed_until IS 'a claimed case nobody opened returns to the pool';
COMMENT ON COLUMN review.opened_at IS 'first opened';
COMMENT ON COLUMN review.contaminated_at IS 'reader saw the officer''s level elsewhere';
COMMENT ON COLUMN review.lock_1_at IS 'own levels locked';
COMMENT ON COLUMN review.own_grid IS 'rubrics.Grid of the reader';
COMMENT ON COLUMN review.confidence IS 'low, medium or high confidence in the own level';
COMMENT ON COLUMN review.is_somebody_exposed IS 'is somebody exposed now';
COMMENT ON COLUMN review.own_reasons IS 'why this level';
COMMENT ON COLUMN review.lock_2_at IS 'quality answers locked';
COMMENT ON COLUMN review.answers IS 'item -> rubrics.Answer, locked at lock 2 and at submit';
COMMENT ON COLUMN review.submitted_at IS 'when';
COMMENT ON COLUMN review.submission_key IS 'a retry with the same key gets the same receipt';
COMMENT ON COLUMN review.scorecard IS 'rubrics.Scorecard';
COMMENT ON COLUMN review.decision IS 'rubrics.VerdictDecision of this read alone';
COMMENT ON COLUMN review.changes_view IS 'does the flag change your view? kept apart';
COMMENT ON COLUMN review.changes_view_reason IS 'why';
COMMENT ON COLUMN review.done_at IS 'stage 4 answered';

CREATE TABLE serious_further_offence (
  id BIGSERIAL NOT NULL,
  case_id BIGINT NOT NULL,
  occurred_on DATE NOT NULL,
  notified_on DATE NOT NULL,
  region_code VARCHAR(10) NOT NULL,
  pdu_code VARCHAR(10) NOT NULL,
  check_id BIGINT,
  entered_by VARCHAR(80) NOT NULL,
  entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
  withdrawn_at TIMESTAMP WITH TIME ZONE,
  withdrawn_reason VARCHAR,
  CONSTRAINT pk_serious_further_offence PRIMARY KEY (id),
  CONSTRAINT ck_serious_further_offence_notified_afterwards CHECK (notified_on >= occurred_on),
  CONSTRAINT ck_serious_further_offence_withdrawn_with_its_reason CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL)),
  CONSTRAINT fk_serious_further_offence_case_id FOREIGN KEY(case_id) REFERENCES case_record (id),
  CONSTRAINT fk_serious_further_offence_check_id FOREIGN KEY(check_id) REFERENCES check_record (id)
);
CREATE INDEX ix_serious_further_offence_check_id ON serious_further_offence (check_id);
CREATE INDEX ix_serious_further_offence_pdu_code ON serious_further_offence (pdu_code);
CREATE INDEX ix_serious_further_offence_region_code ON serious_further_offence (region_code);
CREATE UNIQUE INDEX uq_serious_further_offence_case ON serious_further_offence (case_id, occurred_on) WHERE withdrawn_at IS NULL;
COMMENT ON COLUMN serious_further_offence.id IS 'internal key';
COMMENT ON COLUMN serious_further_offence.case_id IS 'whose case';
COMMENT ON COLUMN serious_further_offence.occurred_on IS 'day of the offence';
COMMENT ON COLUMN serious_further_offence.notified_on IS 'day of the notification';
COMMENT ON COLUMN serious_further_offence.region_code IS 'where the case was held when it was entered';
COMMENT ON COLUMN serious_further_offence.pdu_code IS 'where the case was held when it was entered';
COMMENT ON COLUMN serious_further_offence.check_id IS 'last check that was final before it';
COMMENT ON COLUMN serious_further_offence.entered_by IS 'actor; they may not read the case';
COMMENT ON COLUMN serious_further_offence.entered_at IS 'when';
COMMENT ON COLUMN serious_further_offence.withdrawn_at IS 'when it turned out to be a mistake: it counts no more';
COMMENT ON COLUMN serious_further_offence.withdrawn_reason IS 'why, in words';

CREATE TABLE verdict (
  id BIGSERIAL NOT NULL,
  check_id BIGINT NOT NULL,
  supersedes_id BIGINT,
  verdict VARCHAR(40) NOT NULL,
  severity VARCHAR(4) NOT NULL,
  is_urgent BOOLEAN NOT NULL,
  is_underclassified BOOLEAN NOT NULL,
  is_overclassified BOOLEAN NOT NULL,
  assessed_overall VARCHAR(12) NOT NULL,
  reviewed_overall VARCHAR(12),
  decision JSONB NOT NULL,
  attribution VARCHAR(40) NOT NULL,
  attributed_person_id BIGINT,
  decided_by JSONB NOT NULL,
  rubric_version VARCHAR(20) NOT NULL,
  policy_version VARCHAR(20) NOT NULL,
  decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_verdict PRIMARY KEY (id),
  CONSTRAINT ck_verdict_nobody_when_none CHECK (attribution <> 'none' OR attributed_person_id IS NULL),
  CONSTRAINT ck_verdict_somebody_otherwise CHECK (attribution = 'none' OR attributed_person_id IS NOT NULL),
  CONSTRAINT fk_verdict_check_id FOREIGN KEY(check_id) REFERENCES check_record (id),
  CONSTRAINT fk_verdict_supersedes_id FOREIGN KEY(supersedes_id) REFERENCES verdict (id),
  CONSTRAINT ck_verdict_verdictvalue CHECK (verdict IN ('pass', 'pass_with_actions', 'recheck', 'fail', 'not_scorable')),
  CONSTRAINT ck_verdict_attribution CHECK (attribution IN ('author', 'holder', 'none')),
  CONSTRAINT fk_verdict_attributed_person_id FOREIGN KEY(attributed_person_id) REFERENCES person (id)
);
CREATE INDEX ix_verdict_attributed_person_id ON verdict (attributed_person_id);
CREATE INDEX ix_verdict_check_id ON verdict (check_id);
CREATE UNIQUE INDEX ix_verdict_supersedes_id ON verdict (supersedes_id);
CREATE UNIQUE INDEX uq_verdict_first ON verdict (check_id) WHERE supersedes_id IS NULL;
COMMENT ON COLUMN verdict.id IS 'internal key';
COMMENT ON COLUMN verdict.check_id IS 'which check';
COMMENT ON COLUMN verdict.supersedes_id IS 'earlier verdict that no longer holds';
COMMENT ON COLUMN verdict.verdict IS 'RULES 2';
COMMENT ON COLUMN verdict.severity IS 'S0-S4, S3s, O or H';
COMMENT ON COLUMN verdict.is_urgent IS 'S4 in any deciding read';
COMMENT ON COLUMN verdict.is_underclassified IS 'overall level found too low';
COMMENT ON COLUMN verdict.is_overclassified IS 'overall level found too high';
COMMENT ON COLUMN verdict.assessed_overall IS 'officer''s overall level, recomputed';
COMMENT ON COLUMN verdict.reviewed_overall IS 'overall level as agreed';
COMMENT ON COLUMN verdict.decision IS 'rubrics.VerdictDecision with its reasons';
COMMENT ON COLUMN verdict.attribution IS 'whose assessment it was';
COMMENT ON COLUMN verdict.attributed_person_id IS 'the officer it is attributed to';
COMMENT ON COLUMN verdict.decided_by IS 'readers or moderator in whose name it stands';
COMMENT ON COLUMN verdict.rubric_version IS 'rubric that scored it';
COMMENT ON COLUMN verdict.policy_version IS 'policy that decided it';
COMMENT ON COLUMN verdict.decided_at IS 'when';

CREATE TABLE cut (
  id BIGSERIAL NOT NULL,
  person_id BIGINT NOT NULL,
  verdict_id BIGINT NOT NULL,
  status VARCHAR(40) NOT NULL,
  cap_pct NUMERIC(5, 2) NOT NULL,
  cap_points INTEGER NOT NULL,
  own_available_points INTEGER NOT NULL,
  points_at_decision INTEGER NOT NULL,
  starts_on DATE NOT NULL,
  ends_on DATE NOT NULL,
  decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
  activated_at TIMESTAMP WITH TIME ZONE,
  landed_at TIMESTAMP WITH TIME ZONE,
  ended_at TIMESTAMP WITH TIME ZONE,
  ended_reason VARCHAR(200),
  CONSTRAINT pk_cut PRIMARY KEY (id),
  CONSTRAINT ck_cut_cap_lowers CHECK (cap_pct > 0 AND cap_pct < 100),
  CONSTRAINT ck_cut_ends_after_start CHECK (ends_on > starts_on),
  CONSTRAINT ck_cut_never_raises_a_cap CHECK (cap_points >= 0 AND cap_points <= own_available_points),
  CONSTRAINT fk_cut_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_cut_verdict_id FOREIGN KEY(verdict_id) REFERENCES verdict (id),
  CONSTRAINT ck_cut_cutstatus CHECK (status IN ('scheduled', 'active', 'ended', 'overturned'))
);
CREATE INDEX ix_cut_person_id ON cut (person_id);
CREATE UNIQUE INDEX ix_cut_verdict_id ON cut (verdict_id);
CREATE UNIQUE INDEX uq_cut_live ON cut (person_id) WHERE status IN ('scheduled', 'active');
COMMENT ON COLUMN cut.id IS 'internal key';
COMMENT ON COLUMN cut.person_id IS 'whose';
COMMENT ON COLUMN cut.verdict_id IS 'fail that began it';
COMMENT ON COLUMN cut.status IS 'RULES 7';
COMMENT ON COLUMN cut.cap_pct IS 'percent of own available points';
COMMENT ON COLUMN cut.cap_points IS 'most points over all postings while it runs';
COMMENT ON COLUMN cut.own_available_points IS 'available points without our own reduction, all postings';
COMMENT ON COLUMN cut.points_at_decision IS 'total points carried when decided';
COMMENT ON COLUMN cut.starts_on IS 'first day';
COMMENT ON COLUMN cut.ends_on IS 'last day unless merged with a later fail or prolonged by none';
COMMENT ON COLUMN cut.decided_at IS 'when';
COMMENT ON COLUMN cut.activated_at IS 'when it became active';
COMMENT ON COLUMN cut.landed_at IS 'total points first at or under cap_points';
COMMENT ON COLUMN cut.ended_at IS 'when';
COMMENT ON COLUMN cut.ended_reason IS 'why';

CREATE TABLE feedback (
  id BIGSERIAL NOT NULL,
  reference VARCHAR(20) NOT NULL,
  verdict_id BIGINT NOT NULL,
  check_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  content JSONB NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  show_by_at TIMESTAMP WITH TIME ZONE NOT NULL,
  conversation_at TIMESTAMP WITH TIME ZONE,
  conversation_by VARCHAR(80),
  shown_at TIMESTAMP WITH TIME ZONE,
  acknowledged_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_feedback PRIMARY KEY (id),
  CONSTRAINT uq_feedback_reference UNIQUE (reference),
  CONSTRAINT fk_feedback_verdict_id FOREIGN KEY(verdict_id) REFERENCES verdict (id),
  CONSTRAINT fk_feedback_check_id FOREIGN KEY(check_id) REFERENCES check_record (id),
  CONSTRAINT fk_feedback_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX ix_feedback_check_id ON feedback (check_id);
CREATE INDEX ix_feedback_person_id ON feedback (person_id);
CREATE UNIQUE INDEX ix_feedback_verdict_id ON feedback (verdict_id);
COMMENT ON COLUMN feedback.id IS 'internal key';
COMMENT ON COLUMN feedback.reference IS 'random, in addresses';
COMMENT ON COLUMN feedback.verdict_id IS 'consequence of which verdict';
COMMENT ON COLUMN feedback.check_id IS 'about which check';
COMMENT ON COLUMN feedback.person_id IS 'for whom';
COMMENT ON COLUMN feedback.content IS 'outcome in words, what was good, what to change, evidence, causes';
COMMENT ON COLUMN feedback.recorded_at IS 'when';
COMMENT ON COLUMN feedback.show_by_at IS 'shown then at the latest';
COMMENT ON COLUMN feedback.conversation_at IS 'when the SPO spoke with the officer';
COMMENT ON COLUMN feedback.conversation_by IS 'actor';
COMMENT ON COLUMN feedback.shown_at IS 'when the officer could first see it';
COMMENT ON COLUMN feedback.acknowledged_at IS 'read on';

CREATE TABLE moderation_draft (
  moderation_id BIGINT NOT NULL,
  version INTEGER NOT NULL,
  content JSONB NOT NULL,
  saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
  window_id VARCHAR(64) NOT NULL,
  seq INTEGER NOT NULL,
  CONSTRAINT pk_moderation_draft PRIMARY KEY (moderation_id),
  CONSTRAINT fk_moderation_draft_moderation_id FOREIGN KEY(moderation_id) REFERENCES moderation (id)
);
COMMENT ON COLUMN moderation_draft.moderation_id IS 'which moderation';
COMMENT ON COLUMN moderation_draft.version IS 'a save must name the version it changes';
COMMENT ON COLUMN moderation_draft.content IS 'form fields as typed';
COMMENT ON COLUMN moderation_draft.saved_at IS 'when';
COMMENT ON COLUMN moderation_draft.window_id IS 'browser window that saved it; empty: a plain post';
COMMENT ON COLUMN moderation_draft.seq IS 'that window''s own count of saves';

CREATE TABLE obligation (
  id BIGSERIAL NOT NULL,
  kind VARCHAR(40) NOT NULL,
  owner_post_id BIGINT NOT NULL,
  check_id BIGINT,
  verdict_id BIGINT,
  case_id BIGINT,
  person_id BIGINT,
  what VARCHAR(400) NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  is_urgent BOOLEAN NOT NULL,
  n_rungs_risen INTEGER NOT NULL,
  closed_at TIMESTAMP WITH TIME ZONE,
  closed_by VARCHAR(80),
  decision VARCHAR(1000),
  CONSTRAINT pk_obligation PRIMARY KEY (id),
  CONSTRAINT ck_obligation_closed_only_by_a_decision CHECK ((closed_at IS NULL) = (decision IS NULL)),
  CONSTRAINT ck_obligation_obligationkind CHECK (kind IN ('level_correction', 'worry', 'conversation', 'support', 'caseload_review', 'finding', 'reduction', 'escalation', 'hold', 'late_read', 'restore_check', 'find_record', 'paused_round')),
  CONSTRAINT fk_obligation_owner_post_id FOREIGN KEY(owner_post_id) REFERENCES post (id),
  CONSTRAINT fk_obligation_check_id FOREIGN KEY(check_id) REFERENCES check_record (id),
  CONSTRAINT fk_obligation_verdict_id FOREIGN KEY(verdict_id) REFERENCES verdict (id),
  CONSTRAINT fk_obligation_case_id FOREIGN KEY(case_id) REFERENCES case_record (id),
  CONSTRAINT fk_obligation_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX ix_obligation_case_id ON obligation (case_id);
CREATE INDEX ix_obligation_check_id ON obligation (check_id);
CREATE INDEX ix_obligation_open_due ON obligation (due_at) WHERE closed_at IS NULL;
CREATE INDEX ix_obligation_owner_post_id ON obligation (owner_post_id);
CREATE INDEX ix_obligation_person_id ON obligation (person_id);
CREATE INDEX ix_obligation_verdict_id ON obligation (verdict_id);
COMMENT ON COLUMN obligation.id IS 'internal key';
COMMENT ON COLUMN obligation.kind IS 'what must be done';
COMMENT ON COLUMN obligation.owner_post_id IS 'whose duty';
COMMENT ON COLUMN obligation.check_id IS 'from which check';
COMMENT ON COLUMN obligation.verdict_id IS 'consequence of which verdict';
COMMENT ON COLUMN obligation.case_id IS 'about which case';
COMMENT ON COLUMN obligation.person_id IS 'about which officer';
COMMENT ON COLUMN obligation.what IS 'one plain sentence';
COMMENT ON COLUMN obligation.opened_at IS 'when';
COMMENT ON COLUMN obligation.due_at IS 'overdue after';
COMMENT ON COLUMN obligation.is_urgent IS 'urgent clocks apply';
COMMENT ON COLUMN obligation.n_rungs_risen IS 'times it has gone up the ladder';
COMMENT ON COLUMN obligation.closed_at IS 'when';
COMMENT ON COLUMN obligation.closed_by IS 'actor';
COMMENT ON COLUMN obligation.decision IS 'how it was met, in words';

CREATE TABLE review_draft (
  review_id BIGINT NOT NULL,
  version INTEGER NOT NULL,
  content JSONB NOT NULL,
  saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
  window_id VARCHAR(64) NOT NULL,
  seq INTEGER NOT NULL,
  CONSTRAINT pk_review_draft PRIMARY KEY (review_id),
  CONSTRAINT fk_review_draft_review_id FOREIGN KEY(review_id) REFERENCES review (id)
);
COMMENT ON COLUMN review_draft.review_id IS 'which read';
COMMENT ON COLUMN review_draft.version IS 'a save must name the version it changes';
COMMENT ON COLUMN review_draft.content IS 'form fields as typed';
COMMENT ON COLUMN review_draft.saved_at IS 'when';
COMMENT ON COLUMN review_draft.window_id IS 'browser window that saved it; empty: a plain post';
COMMENT ON COLUMN review_draft.seq IS 'that window''s own count of saves';

CREATE TABLE review_draft_revision (
  id BIGSERIAL NOT NULL,
  review_id BIGINT NOT NULL,
  version INTEGER NOT NULL,
  content JSONB NOT NULL,
  saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_review_draft_revision PRIMARY KEY (id),
  CONSTRAINT uq_review_draft_revision_review_id_version UNIQUE (review_id, version),
  CONSTRAINT fk_review_draft_revision_review_id FOREIGN KEY(review_id) REFERENCES review (id)
);
COMMENT ON COLUMN review_draft_revision.id IS 'internal key';
COMMENT ON COLUMN review_draft_revision.review_id IS 'which read';
COMMENT ON COLUMN review_draft_revision.version IS 'version that was saved';
COMMENT ON COLUMN review_draft_revision.content IS 'form fields as typed';
COMMENT ON COLUMN review_draft_revision.saved_at IS 'when';

CREATE TABLE review_kind (
  review_id BIGINT NOT NULL,
  kind VARCHAR(40) NOT NULL,
  wanted_region_code VARCHAR(10),
  unwanted_region_code VARCHAR(10),
  true_due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_review_kind PRIMARY KEY (review_id),
  CONSTRAINT fk_review_kind_review_id FOREIGN KEY(review_id) REFERENCES review (id),
  CONSTRAINT ck_review_kind_readkind CHECK (kind IN ('first', 'second', 'replacement', 'expert', 'gold', 'calibration', 'sfo', 'before_move'))
);
COMMENT ON COLUMN review_kind.review_id IS 'which read';
COMMENT ON COLUMN review_kind.kind IS 'RULES 7';
COMMENT ON COLUMN review_kind.wanted_region_code IS 'only a reader of this region';
COMMENT ON COLUMN review_kind.unwanted_region_code IS 'not a reader of this region';
COMMENT ON COLUMN review_kind.true_due_at IS 'the date that counts, whatever the reader was shown';

CREATE TABLE caseload_review_case (
  id BIGSERIAL NOT NULL,
  verdict_id BIGINT NOT NULL,
  obligation_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  rank INTEGER NOT NULL,
  outcome VARCHAR(40),
  reviewed_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_caseload_review_case PRIMARY KEY (id),
  CONSTRAINT uq_caseload_review_case_verdict_id_case_id UNIQUE (verdict_id, case_id),
  CONSTRAINT fk_caseload_review_case_verdict_id FOREIGN KEY(verdict_id) REFERENCES verdict (id),
  CONSTRAINT fk_caseload_review_case_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligation (id),
  CONSTRAINT fk_caseload_review_case_case_id FOREIGN KEY(case_id) REFERENCES case_record (id)
);
CREATE INDEX ix_caseload_review_case_case_id ON caseload_review_case (case_id);
CREATE INDEX ix_caseload_review_case_obligation_id ON caseload_review_case (obligation_id);
CREATE INDEX ix_caseload_review_case_verdict_id ON caseload_review_case (verdict_id);
COMMENT ON COLUMN caseload_review_case.id IS 'internal key';
COMMENT ON COLUMN caseload_review_case.verdict_id IS 'consequence of which verdict';
COMMENT ON COLUMN caseload_review_case.obligation_id IS 'the SPO''s duty';
COMMENT ON COLUMN caseload_review_case.case_id IS 'which case';
COMMENT ON COLUMN caseload_review_case.rank IS 'by flag, then by level and age of the assessment';
COMMENT ON COLUMN caseload_review_case.outcome IS 'agreed, corrected or sent for a read';
COMMENT ON COLUMN caseload_review_case.reviewed_at IS 'when';

CREATE TABLE cut_decision (
  id BIGSERIAL NOT NULL,
  verdict_id BIGINT NOT NULL,
  decision VARCHAR(40) NOT NULL,
  reason VARCHAR(40) NOT NULL,
  working JSONB NOT NULL,
  cut_id BIGINT,
  policy_version VARCHAR(20) NOT NULL,
  decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_cut_decision PRIMARY KEY (id),
  CONSTRAINT fk_cut_decision_verdict_id FOREIGN KEY(verdict_id) REFERENCES verdict (id),
  CONSTRAINT ck_cut_decision_cutdecisionvalue CHECK (decision IN ('new', 'merged', 'none')),
  CONSTRAINT fk_cut_decision_cut_id FOREIGN KEY(cut_id) REFERENCES cut (id)
);
CREATE INDEX ix_cut_decision_cut_id ON cut_decision (cut_id);
CREATE UNIQUE INDEX ix_cut_decision_verdict_id ON cut_decision (verdict_id);
COMMENT ON COLUMN cut_decision.id IS 'internal key';
COMMENT ON COLUMN cut_decision.verdict_id IS 'which fail';
COMMENT ON COLUMN cut_decision.decision IS 'RULES 4';
COMMENT ON COLUMN cut_decision.reason IS 'reason code';
COMMENT ON COLUMN cut_decision.working IS 'the frozen CutDecision with its reasons and figures';
COMMENT ON COLUMN cut_decision.cut_id IS 'new or merged into';
COMMENT ON COLUMN cut_decision.policy_version IS 'policy that decided it';
COMMENT ON COLUMN cut_decision.decided_at IS 'when';

CREATE TABLE cut_posting (
  id BIGSERIAL NOT NULL,
  cut_id BIGINT NOT NULL,
  staff_code VARCHAR NOT NULL,
  team_code VARCHAR NOT NULL,
  contracted_hours NUMERIC(5, 1) NOT NULL,
  other_reduction_hours NUMERIC(8, 1) NOT NULL,
  own_available_points INTEGER NOT NULL,
  cap_points INTEGER NOT NULL,
  reduction_hours NUMERIC(8, 1) NOT NULL,
  CONSTRAINT pk_cut_posting PRIMARY KEY (id),
  CONSTRAINT uq_cut_posting_cut_id_staff_code_team_code UNIQUE (cut_id, staff_code, team_code),
  CONSTRAINT fk_cut_posting_cut_id FOREIGN KEY(cut_id) REFERENCES cut (id),
  CONSTRAINT fk_cut_posting_staff_code FOREIGN KEY(staff_code) REFERENCES staff_code (code),
  CONSTRAINT fk_cut_posting_team_code FOREIGN KEY(team_code) REFERENCES team (code)
);
CREATE INDEX ix_cut_posting_staff_code ON cut_posting (staff_code);
COMMENT ON COLUMN cut_posting.id IS 'internal key';
COMMENT ON COLUMN cut_posting.cut_id IS 'which cut';
COMMENT ON COLUMN cut_posting.staff_code IS 'who';
COMMENT ON COLUMN cut_posting.team_code IS 'where';
COMMENT ON COLUMN cut_posting.contracted_hours IS 'a week';
COMMENT ON COLUMN cut_posting.other_reduction_hours IS 'reductions other than ours';
COMMENT ON COLUMN cut_posting.own_available_points IS 'trunc(nominal x (contracted - other reductions) / default hours)';
COMMENT ON COLUMN cut_posting.cap_points IS 'trunc(cap x own available)';
COMMENT ON COLUMN cut_posting.reduction_hours IS 'what to key in WMT';

CREATE TABLE escalation (
  id BIGSERIAL NOT NULL,
  kind VARCHAR(40) NOT NULL,
  obligation_id BIGINT NOT NULL,
  verdict_id BIGINT,
  cut_id BIGINT,
  overdue_obligation_id BIGINT,
  pdu_code VARCHAR(10) NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_escalation PRIMARY KEY (id),
  CONSTRAINT ck_escalation_of_a_cut CHECK (kind <> 'cut' OR cut_id IS NOT NULL),
  CONSTRAINT ck_escalation_escalationkind CHECK (kind IN ('cut', 'pdu', 'correction', 'reduction')),
  CONSTRAINT fk_escalation_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligation (id),
  CONSTRAINT fk_escalation_verdict_id FOREIGN KEY(verdict_id) REFERENCES verdict (id),
  CONSTRAINT fk_escalation_cut_id FOREIGN KEY(cut_id) REFERENCES cut (id),
  CONSTRAINT fk_escalation_overdue_obligation_id FOREIGN KEY(overdue_obligation_id) REFERENCES obligation (id)
);
CREATE INDEX ix_escalation_cut_id ON escalation (cut_id);
CREATE UNIQUE INDEX ix_escalation_obligation_id ON escalation (obligation_id);
CREATE INDEX ix_escalation_overdue_obligation_id ON escalation (overdue_obligation_id);
CREATE INDEX ix_escalation_pdu_code ON escalation (pdu_code);
CREATE INDEX ix_escalation_verdict_id ON escalation (verdict_id);
CREATE UNIQUE INDEX uq_escalation_cut ON escalation (cut_id) WHERE kind = 'cut';
CREATE UNIQUE INDEX uq_escalation_pdu ON escalation (pdu_code) WHERE kind = 'pdu';
COMMENT ON COLUMN escalation.id IS 'internal key';
COMMENT ON COLUMN escalation.kind IS 'about what';
COMMENT ON COLUMN escalation.obligation_id IS 'owner and clock';
COMMENT ON COLUMN escalation.verdict_id IS 'consequence of which verdict';
COMMENT ON COLUMN escalation.cut_id IS 'whose overflow';
COMMENT ON COLUMN escalation.overdue_obligation_id IS 'correction or reduction that is overdue';
COMMENT ON COLUMN escalation.pdu_code IS 'PDU';
COMMENT ON COLUMN escalation.opened_at IS 'when';

CREATE TABLE finding (
  id BIGSERIAL NOT NULL,
  obligation_id BIGINT NOT NULL,
  verdict_id BIGINT NOT NULL,
  item_id VARCHAR(8) NOT NULL,
  cause VARCHAR(40) NOT NULL,
  pdu_code VARCHAR(10) NOT NULL,
  reason VARCHAR(1000) NOT NULL,
  CONSTRAINT pk_finding PRIMARY KEY (id),
  CONSTRAINT fk_finding_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligation (id),
  CONSTRAINT fk_finding_verdict_id FOREIGN KEY(verdict_id) REFERENCES verdict (id)
);
CREATE INDEX ix_finding_cause ON finding (cause);
CREATE UNIQUE INDEX ix_finding_obligation_id ON finding (obligation_id);
CREATE INDEX ix_finding_pdu_code ON finding (pdu_code);
CREATE INDEX ix_finding_verdict_id ON finding (verdict_id);
COMMENT ON COLUMN finding.id IS 'internal key';
COMMENT ON COLUMN finding.obligation_id IS 'owner and clock';
COMMENT ON COLUMN finding.verdict_id IS 'consequence of which verdict';
COMMENT ON COLUMN finding.item_id IS 'rubric item';
COMMENT ON COLUMN finding.cause IS 'cause code';
COMMENT ON COLUMN finding.pdu_code IS 'PDU at the draw';
COMMENT ON COLUMN finding.reason IS 'the reviewer''s one line';

CREATE TABLE improvement_plan (
  id BIGSERIAL NOT NULL,
  obligation_id BIGINT NOT NULL,
  pdu_code VARCHAR(10) NOT NULL,
  ground VARCHAR(40) NOT NULL,
  n_counted INTEGER NOT NULL,
  n_of INTEGER NOT NULL,
  since_at TIMESTAMP WITH TIME ZONE NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  policy_version VARCHAR(20) NOT NULL,
  CONSTRAINT pk_improvement_plan PRIMARY KEY (id),
  CONSTRAINT fk_improvement_plan_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligation (id),
  CONSTRAINT ck_improvement_plan_planground CHECK (ground IN ('causes', 'risen'))
);
CREATE UNIQUE INDEX ix_improvement_plan_obligation_id ON improvement_plan (obligation_id);
CREATE INDEX ix_improvement_plan_pdu_code ON improvement_plan (pdu_code);
COMMENT ON COLUMN improvement_plan.id IS 'internal key';
COMMENT ON COLUMN improvement_plan.obligation_id IS 'owner and clock';
COMMENT ON COLUMN improvement_plan.pdu_code IS 'PDU';
COMMENT ON COLUMN improvement_plan.ground IS 'which threshold was passed';
COMMENT ON COLUMN improvement_plan.n_counted IS 'fails with workload, oversight or IT as a cause, or escalations risen past the head';
COMMENT ON COLUMN improvement_plan.n_of IS 'of so many fails, or escalations';
COMMENT ON COLUMN improvement_plan.since_at IS 'counted from then until it was opened';
COMMENT ON COLUMN improvement_plan.opened_at IS 'when';
COMMENT ON COLUMN improvement_plan.policy_version IS 'whose thresholds';

CREATE TABLE level_correction (
  id BIGSERIAL NOT NULL,
  obligation_id BIGINT NOT NULL,
  check_id BIGINT NOT NULL,
  review_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  assessed_overall VARCHAR(40) NOT NULL,
  reviewed_overall VARCHAR(40) NOT NULL,
  groups VARCHAR(400) NOT NULL,
  is_somebody_exposed BOOLEAN NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  outcome VARCHAR(40),
  changed_to VARCHAR(40),
  changed_on DATE,
  kept_reason VARCHAR(2000),
  CONSTRAINT pk_level_correction PRIMARY KEY (id),
  CONSTRAINT ck_level_correction_changed_says_how CHECK (outcome <> 'changed' OR (changed_to IS NOT NULL AND changed_on IS NOT NULL)),
  CONSTRAINT ck_level_correction_kept_says_why CHECK (outcome <> 'kept' OR kept_reason IS NOT NULL),
  CONSTRAINT fk_level_correction_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligation (id),
  CONSTRAINT fk_level_correction_check_id FOREIGN KEY(check_id) REFERENCES check_record (id),
  CONSTRAINT fk_level_correction_review_id FOREIGN KEY(review_id) REFERENCES review (id),
  CONSTRAINT fk_level_correction_case_id FOREIGN KEY(case_id) REFERENCES case_record (id),
  CONSTRAINT ck_level_correction_assessed_overall CHECK (assessed_overall IN ('LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH')),
  CONSTRAINT ck_level_correction_reviewed_overall CHECK (reviewed_overall IN ('LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH')),
  CONSTRAINT ck_level_correction_correctionoutcome CHECK (outcome IN ('changed', 'kept')),
  CONSTRAINT ck_level_correction_changed_to CHECK (changed_to IN ('LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH'))
);
CREATE INDEX ix_level_correction_case_id ON level_correction (case_id);
CREATE UNIQUE INDEX ix_level_correction_check_id ON level_correction (check_id);
CREATE UNIQUE INDEX ix_level_correction_obligation_id ON level_correction (obligation_id);
CREATE INDEX ix_level_correction_review_id ON level_correction (review_id);
COMMENT ON COLUMN level_correction.id IS 'internal key';
COMMENT ON COLUMN level_correction.obligation_id IS 'owner and clock';
COMMENT ON COLUMN level_correction.check_id IS 'from which check';
COMMENT ON COLUMN level_correction.review_id IS 'first read that found it';
COMMENT ON COLUMN level_correction.case_id IS 'which case';
COMMENT ON COLUMN level_correction.assessed_overall IS 'officer''s overall level';
COMMENT ON COLUMN level_correction.reviewed_overall IS 'reader''s overall level';
COMMENT ON COLUMN level_correction.groups IS 'groups found higher, in words';
COMMENT ON COLUMN level_correction.is_somebody_exposed IS 'due in 1 working day if so';
COMMENT ON COLUMN level_correction.opened_at IS 'when';
COMMENT ON COLUMN level_correction.outcome IS 'how it closed';
COMMENT ON COLUMN level_correction.changed_to IS 'new overall level';
COMMENT ON COLUMN level_correction.changed_on IS 'date of the change';
COMMENT ON COLUMN level_correction.kept_reason IS 'kept, because ...';

CREATE TABLE move (
  id BIGSERIAL NOT NULL,
  cut_id BIGINT NOT NULL,
  verdict_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  from_staff_code VARCHAR(10) NOT NULL,
  to_staff_code VARCHAR NOT NULL,
  to_team_code VARCHAR NOT NULL,
  points INTEGER NOT NULL,
  order_reason VARCHAR(300) NOT NULL,
  status VARCHAR(40) NOT NULL,
  proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  level_check_id BIGINT,
  level_read_at TIMESTAMP WITH TIME ZONE,
  handover_recorded_at TIMESTAMP WITH TIME ZONE,
  ended_at TIMESTAMP WITH TIME ZONE,
  ended_reason VARCHAR(500),
  CONSTRAINT pk_move PRIMARY KEY (id),
  CONSTRAINT ck_move_handover_first CHECK (status <> 'handed_over' OR handover_recorded_at IS NOT NULL),
  CONSTRAINT fk_move_cut_id FOREIGN KEY(cut_id) REFERENCES cut (id),
  CONSTRAINT fk_move_verdict_id FOREIGN KEY(verdict_id) REFERENCES verdict (id),
  CONSTRAINT fk_move_case_id FOREIGN KEY(case_id) REFERENCES case_record (id),
  CONSTRAINT fk_move_to_staff_code FOREIGN KEY(to_staff_code) REFERENCES staff_code (code),
  CONSTRAINT fk_move_to_team_code FOREIGN KEY(to_team_code) REFERENCES team (code),
  CONSTRAINT ck_move_movestatus CHECK (status IN ('proposed', 'level_confirmed', 'accepted', 'handed_over', 'declined', 'withdrawn')),
  CONSTRAINT fk_move_level_check_id FOREIGN KEY(level_check_id) REFERENCES check_record (id)
);
CREATE INDEX ix_move_case_id ON move (case_id);
CREATE INDEX ix_move_cut_id ON move (cut_id);
CREATE UNIQUE INDEX ix_move_level_check_id ON move (level_check_id);
CREATE INDEX ix_move_to_staff_code ON move (to_staff_code);
CREATE INDEX ix_move_verdict_id ON move (verdict_id);
CREATE UNIQUE INDEX uq_move_open_case ON move (case_id) WHERE status IN ('proposed', 'level_confirmed', 'accepted');
COMMENT ON COLUMN move.id IS 'internal key';
COMMENT ON COLUMN move.cut_id IS 'because of which cut';
COMMENT ON COLUMN move.verdict_id IS 'consequence of which verdict';
COMMENT ON COLUMN move.case_id IS 'which case';
COMMENT ON COLUMN move.from_staff_code IS 'from';
COMMENT ON COLUMN move.to_staff_code IS 'to';
COMMENT ON COLUMN move.to_team_code IS 'to';
COMMENT ON COLUMN move.points IS 'points that go with it';
COMMENT ON COLUMN move.order_reason IS 'why this case and this receiver';
COMMENT ON COLUMN move.status IS 'where it is';
COMMENT ON COLUMN move.proposed_at IS 'when';
COMMENT ON COLUMN move.level_check_id IS 'the SPO''s own read of the level';
COMMENT ON COLUMN move.level_read_at IS 'the SPO read the level again';
COMMENT ON COLUMN move.handover_recorded_at IS 'handover record';
COMMENT ON COLUMN move.ended_at IS 'handed over, declined or withdrawn';
COMMENT ON COLUMN move.ended_reason IS 'why';

CREATE TABLE reduction_request (
  id BIGSERIAL NOT NULL,
  cut_id BIGINT NOT NULL,
  verdict_id BIGINT NOT NULL,
  obligation_id BIGINT NOT NULL,
  staff_code VARCHAR NOT NULL,
  team_code VARCHAR NOT NULL,
  reduction_hours NUMERIC(8, 1) NOT NULL,
  starts_on DATE NOT NULL,
  ends_on DATE NOT NULL,
  status VARCHAR(40) NOT NULL,
  keyed_by VARCHAR(80),
  keyed_at TIMESTAMP WITH TIME ZONE,
  confirmed_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_reduction_request PRIMARY KEY (id),
  CONSTRAINT uq_reduction_request_cut_id_staff_code_team_code_starts_on UNIQUE (cut_id, staff_code, team_code, starts_on),
  CONSTRAINT fk_reduction_request_cut_id FOREIGN KEY(cut_id) REFERENCES cut (id),
  CONSTRAINT fk_reduction_request_verdict_id FOREIGN KEY(verdict_id) REFERENCES verdict (id),
  CONSTRAINT fk_reduction_request_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligation (id),
  CONSTRAINT fk_reduction_request_staff_code FOREIGN KEY(staff_code) REFERENCES staff_code (code),
  CONSTRAINT fk_reduction_request_team_code FOREIGN KEY(team_code) REFERENCES team (code),
  CONSTRAINT ck_reduction_request_reductionrequeststatus CHECK (status IN ('requested', 'keyed', 'confirmed', 'ended', 'withdrawn'))
);
CREATE UNIQUE INDEX ix_reduction_request_obligation_id ON reduction_request (obligation_id);
CREATE INDEX ix_reduction_request_staff_code ON reduction_request (staff_code);
CREATE INDEX ix_reduction_request_verdict_id ON reduction_request (verdict_id);
COMMENT ON COLUMN reduction_request.id IS 'internal key';
COMMENT ON COLUMN reduction_request.cut_id IS 'because of which cut';
COMMENT ON COLUMN reduction_request.verdict_id IS 'consequence of which verdict';
COMMENT ON COLUMN reduction_request.obligation_id IS 'the SPO''s duty to key it';
COMMENT ON COLUMN reduction_request.staff_code IS 'who';
COMMENT ON COLUMN reduction_request.team_code IS 'where';
COMMENT ON COLUMN reduction_request.reduction_hours IS 'a week';
COMMENT ON COLUMN reduction_request.starts_on IS 'from';
COMMENT ON COLUMN reduction_request.ends_on IS 'until';
COMMENT ON COLUMN reduction_request.status IS 'RULES 7';
COMMENT ON COLUMN reduction_request.keyed_by IS 'actor';
COMMENT ON COLUMN reduction_request.keyed_at IS 'when';
COMMENT ON COLUMN reduction_request.confirmed_at IS 'seen in WMT''s figures';

CREATE TABLE worry (
  id BIGSERIAL NOT NULL,
  review_id BIGINT NOT NULL,
  check_id BIGINT NOT NULL,
  sentence VARCHAR(1000) NOT NULL,
  raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
  obligation_id BIGINT NOT NULL,
  CONSTRAINT pk_worry PRIMARY KEY (id),
  CONSTRAINT fk_worry_review_id FOREIGN KEY(review_id) REFERENCES review (id),
  CONSTRAINT fk_worry_check_id FOREIGN KEY(check_id) REFERENCES check_record (id),
  CONSTRAINT fk_worry_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligation (id)
);
CREATE INDEX ix_worry_check_id ON worry (check_id);
CREATE INDEX ix_worry_obligation_id ON worry (obligation_id);
CREATE INDEX ix_worry_review_id ON worry (review_id);
COMMENT ON COLUMN worry.id IS 'internal key';
COMMENT ON COLUMN worry.review_id IS 'from which read';
COMMENT ON COLUMN worry.check_id IS 'about which check';
COMMENT ON COLUMN worry.sentence IS 'what worries the reader';
COMMENT ON COLUMN worry.raised_at IS 'when';
COMMENT ON COLUMN worry.obligation_id IS 'the SPO''s duty to acknowledge it';

CREATE TABLE escalation_item (
  id BIGSERIAL NOT NULL,
  escalation_id BIGINT NOT NULL,
  kind VARCHAR(40) NOT NULL,
  case_id BIGINT,
  points INTEGER NOT NULL,
  what VARCHAR(400) NOT NULL,
  interim_cover VARCHAR(200),
  contact_plan VARCHAR(400),
  status VARCHAR(40) NOT NULL,
  decision VARCHAR(40),
  decision_reason VARCHAR(2000),
  decided_by VARCHAR(80),
  decided_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_escalation_item PRIMARY KEY (id),
  CONSTRAINT ck_escalation_item_case_is_covered CHECK (kind <> 'case' OR (case_id IS NOT NULL AND interim_cover IS NOT NULL)),
  CONSTRAINT ck_escalation_item_decided_says_how CHECK ((status = 'decided') = (decision IS NOT NULL)),
  CONSTRAINT fk_escalation_item_escalation_id FOREIGN KEY(escalation_id) REFERENCES escalation (id),
  CONSTRAINT ck_escalation_item_itemkind CHECK (kind IN ('case', 'points', 'officer_over', 'notice', 'override', 'overdue')),
  CONSTRAINT fk_escalation_item_case_id FOREIGN KEY(case_id) REFERENCES case_record (id),
  CONSTRAINT ck_escalation_item_itemstatus CHECK (status IN ('open', 'decided')),
  CONSTRAINT ck_escalation_item_itemdecision CHECK (decision IN ('transfer', 'fund', 'stop_other_work', 'accept_risk', 'done'))
);
CREATE INDEX ix_escalation_item_case_id ON escalation_item (case_id);
CREATE INDEX ix_escalation_item_escalation_id ON escalation_item (escalation_id);
CREATE INDEX ix_escalation_item_open ON escalation_item (escalation_id) WHERE status = 'open';
COMMENT ON COLUMN escalation_item.id IS 'internal key';
COMMENT ON COLUMN escalation_item.escalation_id IS 'on which list';
COMMENT ON COLUMN escalation_item.kind IS 'about what';
COMMENT ON COLUMN escalation_item.case_id IS 'unplaced case';
COMMENT ON COLUMN escalation_item.points IS 'points that do not fit';
COMMENT ON COLUMN escalation_item.what IS 'one plain sentence';
COMMENT ON COLUMN escalation_item.interim_cover IS 'who covers the case meanwhile';
COMMENT ON COLUMN escalation_item.contact_plan IS 'what contact goes on meanwhile';
COMMENT ON COLUMN escalation_item.status IS 'RULES 7';
COMMENT ON COLUMN escalation_item.decision IS 'RULES 6';
COMMENT ON COLUMN escalation_item.decision_reason IS 'in writing';
COMMENT ON COLUMN escalation_item.decided_by IS 'actor';
COMMENT ON COLUMN escalation_item.decided_at IS 'when';
