-- The log is written only through this function. Its canonical text is also what `audit verify` recomputes:
-- previous hash, seq, time in microseconds since the epoch, actor, tag, subjects, payload digest.
CREATE FUNCTION audit_link_hash(
  previous_hash text, seq bigint, at timestamptz, actor text, tag text, subjects jsonb, payload_digest text
) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(convert_to(concat_ws(E'\x1f', previous_hash, seq::text,
    (extract(epoch FROM at) * 1000000)::bigint::text, actor, tag, subjects::text, payload_digest), 'UTF8')), 'hex')
$$;

CREATE FUNCTION audit_payload_hash(salt text, payload jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(convert_to(salt || E'\x1f' || payload::text, 'UTF8')), 'hex')
$$;

INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, repeat('0', 64));

CREATE FUNCTION audit_append(
  at timestamptz, actor text, tag text, subjects jsonb, salt text, payload jsonb
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  head audit_head%ROWTYPE;
  digest text := audit_payload_hash(salt, payload);
  link text;
BEGIN
  SELECT * INTO head FROM audit_head WHERE id = 1 FOR UPDATE;
  link := audit_link_hash(head.hash, head.seq + 1, at, actor, tag, subjects, digest);
  INSERT INTO audit_event (seq, at, actor, tag, subjects, payload_digest, previous_hash, hash)
  VALUES (head.seq + 1, at, actor, tag, subjects, digest, head.hash, link);
  INSERT INTO audit_payload (seq, salt, payload) VALUES (head.seq + 1, salt, payload);
  UPDATE audit_head SET seq = head.seq + 1, hash = link WHERE id = 1;
  RETURN head.seq + 1;
END
$$;

REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON audit_event, audit_payload, audit_head FROM qa_app;
REVOKE ALL ON FUNCTION audit_append(timestamptz, text, text, jsonb, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_append(timestamptz, text, text, jsonb, text, jsonb) TO qa_app;
