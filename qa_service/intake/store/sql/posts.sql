-- refuse team_code | an SPO's post names its team | Fill team_code, or correct kind.
DELETE FROM stage_posts WHERE kind = 'SPO' AND team_code IS NULL RETURNING _row, kind;
-- refuse pdu_code | a head of PDU's post names its PDU | Fill pdu_code, or correct kind.
DELETE FROM stage_posts WHERE kind = 'HEAD_OF_PDU' AND pdu_code IS NULL RETURNING _row, kind;
-- refuse region_code | a regional director's post names its region | Fill region_code, or correct kind.
DELETE FROM stage_posts WHERE kind = 'REGIONAL_DIRECTOR' AND region_code IS NULL RETURNING _row, kind;
-- do
-- A post is known by its kind and its narrowest area; the wider areas follow from that.
CREATE TEMP TABLE placed_post ON COMMIT DROP AS
SELECT lower(s.kind) AS kind, s.title, t.code AS team_code, d.code AS pdu_code,
  CASE WHEN s.kind = 'NATIONAL' THEN NULL ELSE coalesce(d.region_code, s.region_code) END AS region_code,
  s.holder_person_key, s.from_on, s.to_on
FROM stage_posts s
LEFT JOIN team t ON s.kind = 'SPO' AND t.code = s.team_code
LEFT JOIN pdu d ON (s.kind = 'SPO' AND d.code = t.pdu_code) OR (s.kind = 'HEAD_OF_PDU' AND d.code = s.pdu_code);
-- change
INSERT INTO post (kind, title, team_code, pdu_code, region_code)
SELECT DISTINCT ON (kind, team_code, pdu_code, region_code) kind, title, team_code, pdu_code, region_code
FROM placed_post ORDER BY kind, team_code, pdu_code, region_code, from_on DESC
ON CONFLICT (kind, team_code, pdu_code, region_code) DO UPDATE SET title = EXCLUDED.title
WHERE post.title <> EXCLUDED.title;
-- change
INSERT INTO post_holder (post_id, person_id, from_on, to_on)
SELECT DISTINCT ON (post.id, person.id, s.from_on) post.id, person.id, s.from_on, s.to_on
FROM placed_post s JOIN person ON person.person_key = s.holder_person_key
JOIN post ON post.kind = s.kind AND (post.team_code, post.pdu_code, post.region_code)
  IS NOT DISTINCT FROM (s.team_code, s.pdu_code, s.region_code)
ON CONFLICT (post_id, person_id, from_on) DO UPDATE SET to_on = EXCLUDED.to_on
WHERE post_holder.to_on IS DISTINCT FROM EXCLUDED.to_on;
