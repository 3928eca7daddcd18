-- People and programs: made, changed and disabled. An admin manages everybody, a manager the staff and the
-- workstations of the own pharmacy. Each change writes its audit row and tells every worker.

-- The service lists accounts and must not read their secrets.
REVOKE SELECT ON account FROM yaoku_app, yaoku_auditor;
GRANT SELECT (id, kind, role, pharmacy_id, supplier_id, login, name, created_at, disabled_at) ON account
	TO yaoku_app, yaoku_auditor;

-- May the asker make or change an account of this role and pharmacy?
CREATE OR REPLACE FUNCTION may_manage(_role text, _pharmacy int) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(my_role() = 'admin'
	OR (my_role() = 'manager' AND _pharmacy = my_pharmacy() AND _role IN ('clerk', 'manager')), false);

-- What is wrong with a role and the place it is for, or NULL.
CREATE OR REPLACE FUNCTION account_fault(_role text, _pharmacy int, _supplier int) RETURNS answer
LANGUAGE sql STABLE
SET search_path = yaoku, pg_temp
RETURN CASE
	WHEN (_pharmacy IS NOT NULL) <> (_role IN ('clerk', 'manager'))
		THEN ('invalid_member', 'pharmacy_id belongs to clerks, managers and agents, and to them only', NULL)::answer
	WHEN (_supplier IS NOT NULL) <> (_role = 'supplier')
		THEN ('invalid_member', 'supplier_id belongs to suppliers, and to them only', NULL)::answer
	WHEN NOT may_manage(_role, _pharmacy)
		THEN ('forbidden', 'this is for an administrator, or the manager of the same pharmacy', NULL)::answer
	WHEN _pharmacy IS NOT NULL AND NOT EXISTS (SELECT FROM pharmacy p WHERE p.id = _pharmacy)
		THEN ('not_found', 'there is no such pharmacy', NULL)::answer
	WHEN _supplier IS NOT NULL AND NOT EXISTS (SELECT FROM supplier s WHERE s.id = _supplier)
		THEN ('not_found', 'there is no such supplier', NULL)::answer
END;

-- Make an account. A person's `_secret` is an Argon2id string, a program's the hex SHA-256 of its secret.
-- Body: id, username (of a program: key_id), name, role, pharmacy_id, supplier_id.
CREATE OR REPLACE FUNCTION create_account(_kind text, _login text, _name text, _role text, _pharmacy int, _supplier int,
	_secret text)
RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	fault answer := account_fault(_role, _pharmacy, _supplier);
	word text := CASE _kind WHEN 'person' THEN 'user' ELSE 'key' END;
	made int;
	body jsonb;
BEGIN
	IF fault.problem IS NOT NULL THEN
		RETURN fault;
	ELSIF _kind = 'person' AND _login ~ '[[:space:][:cntrl:]]' THEN
		RETURN ('invalid_member', 'username must not contain spaces', NULL)::answer;
	END IF;
	INSERT INTO account (kind, role, pharmacy_id, supplier_id, login, name, secret)
	VALUES (_kind, _role, _pharmacy, _supplier, _login, _name, _secret)
	ON CONFLICT (login) DO NOTHING RETURNING id INTO made;
	IF made IS NULL THEN
		RETURN ('duplicate', 'this username is taken', NULL)::answer;
	END IF;
	body := jsonb_build_object('id', made, CASE _kind WHEN 'person' THEN 'username' ELSE 'key_id' END, _login,
		'name', _name, 'role', _role, 'pharmacy_id', _pharmacy, 'supplier_id', _supplier);
	PERFORM write_audit(word || '.create', made::text, body, _pharmacy);
	RETURN (NULL, NULL, body)::answer;
END $$;

-- Disable an account for good: its sessions end, its key opens nothing. Again is no error.
CREATE OR REPLACE FUNCTION disable_account(_kind text, _id int) RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	found account;
	word text := CASE _kind WHEN 'person' THEN 'user' ELSE 'key' END;
BEGIN
	SELECT * INTO found FROM account a WHERE a.id = _id AND a.kind = _kind AND may_manage(a.role, a.pharmacy_id)
	FOR UPDATE;
	IF found.id IS NULL THEN
		RETURN ('not_found', format('there is no such %s', word), NULL)::answer;
	ELSIF found.id = my_account() THEN
		RETURN ('conflict', 'nobody can disable the own account', NULL)::answer;
	END IF;
	IF found.disabled_at IS NULL THEN
		UPDATE account a SET disabled_at = now() WHERE a.id = _id;
		DELETE FROM session s WHERE s.account_id = _id;
		PERFORM write_audit(word || '.disable', _id::text, jsonb_build_object('login', found.login), found.pharmacy_id);
		PERFORM pg_notify('yaoku_access', '');
	END IF;
	RETURN (NULL, NULL, jsonb_build_object('id', _id, 'disabled', true))::answer;
END $$;

-- Give a person another password, the own or, for who may manage, another's; all other sessions of the person end.
CREATE OR REPLACE FUNCTION set_password(_id int, _secret text, _keep_session bytea) RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	found account;
BEGIN
	SELECT * INTO found FROM account a
	WHERE a.id = _id AND a.kind = 'person' AND a.disabled_at IS NULL
		AND (a.id = my_account() OR may_manage(a.role, a.pharmacy_id))
	FOR UPDATE;
	IF found.id IS NULL THEN
		RETURN ('not_found', 'there is no such user', NULL)::answer;
	END IF;
	UPDATE account a SET secret = _secret WHERE a.id = _id;
	DELETE FROM session s WHERE s.account_id = _id AND s.token_hash IS DISTINCT FROM _keep_session;
	DELETE FROM login_attempt a WHERE a.login = found.login;
	UPDATE login_attempt a SET failures = 0, next_at = now() WHERE starts_with(a.login, found.login || chr(31));
	PERFORM write_audit('user.password', _id::text, NULL, found.pharmacy_id);
	PERFORM pg_notify('yaoku_access', '');
	RETURN (NULL, NULL, jsonb_build_object('id', _id))::answer;
END $$;

-- Begin to change a password, before anything is hashed: problem, when the asker may not; of the own account how long to
-- wait, else the string to check the present password against. A wrong one counts as a failed log-in of this person
-- from this address, or a session left open could be used to guess; set_password() takes it back.
DROP FUNCTION IF EXISTS my_secret();
CREATE OR REPLACE FUNCTION begin_password(_id int, _address text)
RETURNS TABLE (problem text, wait_seconds int, secret text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	person_login text;
BEGIN
	SELECT a.login INTO person_login FROM account a
	WHERE a.id = _id AND a.kind = 'person' AND a.disabled_at IS NULL
		AND (a.id = my_account() OR may_manage(a.role, a.pharmacy_id));
	wait_seconds := 0;
	IF person_login IS NULL THEN
		problem := 'not_found';
	ELSIF _id = my_account() THEN
		SELECT l.wait_seconds, l.secret INTO wait_seconds, secret FROM begin_login(person_login, _address) l;
	END IF;
	RETURN NEXT;
END $$;

ALTER FUNCTION create_account OWNER TO yaoku_owner;
ALTER FUNCTION disable_account OWNER TO yaoku_owner;
ALTER FUNCTION set_password OWNER TO yaoku_owner;
ALTER FUNCTION begin_password OWNER TO yaoku_owner;
REVOKE ALL ON FUNCTION create_account, disable_account, set_password, begin_password FROM PUBLIC;
GRANT EXECUTE ON FUNCTION create_account, disable_account, set_password, begin_password TO yaoku_app;
