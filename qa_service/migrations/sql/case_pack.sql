-- A check pins its case as it stood at the draw: nothing recorded later reaches a reader, whoever makes the check.
CREATE FUNCTION pin_case_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT jsonb_build_object(
      'case_type', k.case_type, 'started_on', k.started_on, 'released_on', k.released_on,
      'release_due_on', k.release_due_on, 'ends_on', k.ends_on, 'next_hearing_on', k.next_hearing_on,
      'contact_status', k.contact_status, 'tier', k.tier, 'mappa_category', k.mappa_category,
      'mappa_level', k.mappa_level)
    INTO NEW.case_facts FROM case_record k WHERE k.id = NEW.case_id;
  RETURN NEW;
END
$$;
CREATE TRIGGER pin_case_facts BEFORE INSERT ON check_record FOR EACH ROW EXECUTE FUNCTION pin_case_facts();
