-- The flags that may be used: those of the artefact that a named person approved. Candidates' scores lie
-- beside them and no query that serves a page, a list or a draw reads them (tests/service/flags).
CREATE VIEW approved_flag AS
  SELECT f.* FROM flag f JOIN flag_artefact a ON a.digest = f.artefact_digest WHERE a.status = 'approved';
