-- change
INSERT INTO pdu (code, name, region_code) SELECT pdu_code, name, region_code FROM stage_pdus
ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, region_code = EXCLUDED.region_code
WHERE (pdu.name, pdu.region_code) <> (EXCLUDED.name, EXCLUDED.region_code);
