-- do
-- Every area has its posts from the day it is known, held or vacant, so that no duty is without an owner.
INSERT INTO post (kind, title, team_code, pdu_code, region_code)
SELECT 'spo', left('SPO, ' || t.name, 160), t.code, d.code, d.region_code FROM team t JOIN pdu d ON d.code = t.pdu_code
WHERE NOT EXISTS (SELECT 1 FROM post p WHERE p.kind = 'spo' AND p.team_code = t.code)
UNION ALL
SELECT 'head_of_pdu', left('Head of PDU, ' || d.name, 160), NULL, d.code, d.region_code FROM pdu d
WHERE NOT EXISTS (SELECT 1 FROM post p WHERE p.kind = 'head_of_pdu' AND p.pdu_code = d.code)
UNION ALL
SELECT k.kind, left(k.title || r.name, 160), NULL, NULL, r.code
FROM region r CROSS JOIN (VALUES ('regional_director', 'Regional director, '), ('quality_lead', 'Quality lead, ')) k (kind, title)
WHERE NOT EXISTS (SELECT 1 FROM post p WHERE p.kind = k.kind AND p.region_code = r.code)
UNION ALL
SELECT 'national', 'National lead', NULL, NULL, NULL WHERE NOT EXISTS (SELECT 1 FROM post p WHERE p.kind = 'national');
