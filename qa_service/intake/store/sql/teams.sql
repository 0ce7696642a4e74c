-- change
INSERT INTO team (code, name, pdu_code) SELECT team_code, name, pdu_code FROM stage_teams
ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, pdu_code = EXCLUDED.pdu_code
WHERE (team.name, team.pdu_code) <> (EXCLUDED.name, EXCLUDED.pdu_code);
