-- do
-- A case follows its holder's team when the team, or its PDU, has moved.
UPDATE case_record r SET region_code = d.region_code, pdu_code = d.code
FROM case_assignment a JOIN team t ON t.code = a.team_code JOIN pdu d ON d.code = t.pdu_code
WHERE a.case_id = r.id AND a.to_on IS NULL AND (r.region_code, r.pdu_code) <> (d.region_code, d.code);
