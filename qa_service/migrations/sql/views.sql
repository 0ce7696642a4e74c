-- The flags that may be used: those of the artefact that a named person approved. Candidates' scores lie
-- beside them and no query that serves a page, a list or a draw reads them (tests/service/flags).
CREATE VIEW approved_flag AS
  SELECT f.* FROM flag f JOIN flag_artefact a ON a.digest = f.artefact_digest WHERE a.status = 'approved'
    AND a.purpose = 'flag';
-- The second score, which also looks at what was recorded since the assessment: an SPO's caseload review alone
-- reads it (tests/service/flags).
CREATE VIEW approved_review_now AS
  SELECT f.* FROM flag f JOIN flag_artefact a ON a.digest = f.artefact_digest WHERE a.status = 'approved'
    AND a.purpose = 'review_now' AND f.target NOT IN ('none', 'unscored');
