-- refuse former_crn | has a record of its own here, apart from the case it was merged into | Ask for the two cases to be merged first: an import never joins two histories.
DELETE FROM stage_former_crns s USING case_crn f, case_crn c
WHERE f.crn = s.former_crn AND c.crn = s.crn AND f.case_id <> c.case_id RETURNING s._row, s.former_crn;
-- change
INSERT INTO case_crn (crn, case_id, is_current, recorded_at)
SELECT s.former_crn, c.case_id, false, %(at)s FROM stage_former_crns s JOIN case_crn c USING (crn)
ON CONFLICT (crn) DO NOTHING;
