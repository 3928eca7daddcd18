-- Keep the profile of the scanner at a workstation, and tell every worker. The service has derived it from `_arrived`.
--
-- Who may: the pharmacy's people, an administrator for any (_pharmacy NULL: the asker's own).
-- Problems: missing_member, not_found (no such pharmacy), invalid_member (the name would not fit an address).
CREATE OR REPLACE FUNCTION put_workstation(_pharmacy int, _name text, _prefix text, _suffix text, _separator text,
	_fault text, _arrived bytea)
RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	wanted_pharmacy int := coalesce(_pharmacy, my_pharmacy());
	profile jsonb := jsonb_build_object('prefix', _prefix, 'suffix', _suffix, 'separator', _separator, 'fault', _fault);
	before jsonb;
BEGIN
	IF wanted_pharmacy IS NULL THEN
		RETURN ('missing_member', 'pharmacy_id: say which pharmacy', NULL)::answer;
	ELSIF coalesce(my_role(), '') NOT IN ('clerk', 'manager', 'admin') OR NOT may_act_for(wanted_pharmacy)
		OR NOT EXISTS (SELECT FROM pharmacy WHERE id = wanted_pharmacy) THEN
		RETURN ('not_found', 'there is no such pharmacy', NULL)::answer;
	ELSIF _name ~ '/' THEN
		RETURN ('invalid_member', 'name: a workstation with a profile has no / in its name', NULL)::answer;
	END IF;

	SELECT jsonb_build_object('prefix', w.prefix, 'suffix', w.suffix, 'separator', w.separator, 'fault', w.fault)
	INTO before FROM workstation w WHERE w.pharmacy_id = wanted_pharmacy AND w.name = _name FOR UPDATE;
	INSERT INTO workstation (pharmacy_id, name, prefix, suffix, separator, fault, arrived, changed_by)
	VALUES (wanted_pharmacy, _name, _prefix, _suffix, _separator, _fault, _arrived, my_account())
	ON CONFLICT (pharmacy_id, name) DO UPDATE SET prefix = excluded.prefix, suffix = excluded.suffix,
		separator = excluded.separator, fault = excluded.fault, arrived = excluded.arrived,
		changed_at = now(), changed_by = excluded.changed_by;
	PERFORM write_audit('workstation.put', _name, jsonb_strip_nulls(jsonb_build_object('old', before, 'new', profile)),
		wanted_pharmacy);
	PERFORM pg_notify('yaoku_workstations', '');
	RETURN (NULL, NULL, jsonb_build_object('pharmacy_id', wanted_pharmacy, 'name', _name) || profile)::answer;
END $$;

-- Forget it: scans of the workstation are read as they come. May: as above. Problems: not_found.
CREATE OR REPLACE FUNCTION delete_workstation(_pharmacy int, _name text) RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	wanted_pharmacy int := coalesce(_pharmacy, my_pharmacy());
	found_name text;
BEGIN
	IF coalesce(my_role(), '') IN ('clerk', 'manager', 'admin') AND may_act_for(wanted_pharmacy) THEN
		DELETE FROM workstation w WHERE w.pharmacy_id = wanted_pharmacy AND w.name = _name RETURNING w.name INTO found_name;
	END IF;
	IF found_name IS NULL THEN
		RETURN ('not_found', 'no profile is kept for this workstation', NULL)::answer;
	END IF;
	PERFORM write_audit('workstation.delete', _name, NULL, wanted_pharmacy);
	PERFORM pg_notify('yaoku_workstations', '');
	RETURN (NULL, NULL, jsonb_build_object('pharmacy_id', wanted_pharmacy, 'name', _name))::answer;
END $$;

ALTER FUNCTION put_workstation OWNER TO yaoku_ledger;
ALTER FUNCTION delete_workstation OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION put_workstation, delete_workstation FROM PUBLIC;
GRANT EXECUTE ON FUNCTION put_workstation, delete_workstation TO yaoku_app;
