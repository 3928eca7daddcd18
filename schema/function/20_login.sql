-- Logging in and being logged in. The service has no right to the tables: it asks these functions, with the
-- hash of the cookie or key, never the secret itself.

-- The wait after so many failures: none before the fifth, then 1, 2, 4, 8, 15 minutes.
CREATE OR REPLACE FUNCTION login_delay(_failures int) RETURNS interval LANGUAGE sql IMMUTABLE
RETURN CASE WHEN _failures < 5 THEN interval '0' ELSE least(2 ^ least(_failures - 5, 4), 15) * interval '1 minute' END;

-- Begin a log-in: how long to wait, else the account to check the password against (account NULL: no such person).
-- The try is counted here, before the password is checked, so that many at once cannot slip through; start_session()
-- takes it back. Failures count against the login as a whole, but an address that the person has logged in from
-- before has a count of its own: a stranger elsewhere cannot lock a clerk out. The row's existence marks the address.
CREATE OR REPLACE FUNCTION begin_login(_login text, _address text)
RETURNS TABLE (wait_seconds int, account_id int, secret text, role text, pharmacy_id int, supplier_id int, name text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	counted text := _login;
	attempt login_attempt;
BEGIN
	IF EXISTS (SELECT FROM login_attempt a WHERE a.login = _login || chr(31) || _address) THEN
		counted := _login || chr(31) || _address;
	END IF;
	INSERT INTO login_attempt (login, failures, next_at) VALUES (counted, 0, now()) ON CONFLICT DO NOTHING;
	SELECT * INTO attempt FROM login_attempt a WHERE a.login = counted FOR UPDATE;
	IF attempt.next_at > clock_timestamp() THEN
		wait_seconds := ceil(extract(epoch FROM attempt.next_at - clock_timestamp()));
		RETURN NEXT;
		RETURN;
	END IF;
	IF attempt.next_at < now() - interval '1 day' THEN
		attempt.failures := 0;
	END IF;
	UPDATE login_attempt a SET failures = attempt.failures + 1,
		next_at = clock_timestamp() + login_delay(attempt.failures + 1)
	WHERE a.login = counted;
	wait_seconds := 0;
	SELECT a.id, a.secret, a.role, a.pharmacy_id, a.supplier_id, a.name
	INTO account_id, secret, role, pharmacy_id, supplier_id, name
	FROM account a WHERE a.login = _login AND a.kind = 'person' AND a.disabled_at IS NULL;
	RETURN NEXT;
END $$;

-- The password was right: forget the failures, remember the address, end the session of the cookie that came along,
-- and begin a new one. Idle for 60 minutes or after 12 hours it is over. The account must be the person's of this login.
CREATE OR REPLACE FUNCTION start_session(_login text, _address text, _account int, _token_hash bytea, _old_hash bytea,
	_csrf text, _user_agent text)
RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	person account;
BEGIN
	SELECT * INTO person FROM account a
	WHERE a.id = _account AND a.login = _login AND a.kind = 'person' AND a.disabled_at IS NULL
	FOR SHARE;
	IF person.id IS NULL THEN
		RETURN ('wrong_password', NULL, NULL)::answer;
	END IF;
	INSERT INTO login_attempt (login, failures, next_at) VALUES (_login || chr(31) || _address, 0, now())
	ON CONFLICT (login) DO UPDATE SET failures = 0, next_at = now();
	DELETE FROM login_attempt a WHERE a.login = _login AND a.failures < 5;
	DELETE FROM session s WHERE s.token_hash = _old_hash;
	INSERT INTO session (token_hash, account_id, csrf, expires_at, user_agent)
	VALUES (_token_hash, _account, _csrf, now() + interval '12 hours', left(_user_agent, 200));
	INSERT INTO audit (account_id, pharmacy_id, action, subject, detail, request)
	VALUES (_account, person.pharmacy_id, 'session.start', _account::text, jsonb_build_object('address', _address),
		nullif(current_setting('yaoku.request', true), ''));
	RETURN (NULL, NULL, NULL)::answer;
END $$;

-- Log out. Every worker is told to forget this cookie.
CREATE OR REPLACE FUNCTION end_session(_token_hash bytea) RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
BEGIN
	DELETE FROM session s WHERE s.token_hash = _token_hash;
	PERFORM write_audit('session.end', my_account()::text, NULL);
	PERFORM pg_notify('yaoku_access', encode(_token_hash, 'hex'));
	RETURN (NULL, NULL, NULL)::answer;
END $$;

-- Who has this cookie; no row: nobody, or no longer.
CREATE OR REPLACE FUNCTION find_session(_token_hash bytea)
RETURNS TABLE (account_id int, role text, pharmacy_id int, supplier_id int, name text, csrf text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = yaoku, pg_temp
BEGIN ATOMIC
	SELECT a.id, a.role, a.pharmacy_id, a.supplier_id, a.name, s.csrf
	FROM session s JOIN account a ON a.id = s.account_id
	WHERE s.token_hash = _token_hash AND s.expires_at > now() AND s.seen_at > now() - interval '60 minutes'
		AND a.disabled_at IS NULL;
END;

-- The session was used: put its idle end off. At most one write a minute, however many workers ask.
CREATE OR REPLACE FUNCTION touch_session(_token_hash bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = yaoku, pg_temp
BEGIN ATOMIC
	UPDATE session s SET seen_at = now()
	WHERE s.token_hash = _token_hash AND s.seen_at < now() - interval '50 seconds';
END;

-- Who has this key; no row: nobody. What is compared are hashes of 32 random bytes, so the time it takes tells nothing.
CREATE OR REPLACE FUNCTION find_key(_login text, _secret_hash bytea)
RETURNS TABLE (account_id int, role text, pharmacy_id int, supplier_id int, name text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = yaoku, pg_temp
BEGIN ATOMIC
	SELECT a.id, a.role, a.pharmacy_id, a.supplier_id, a.name
	FROM account a
	WHERE a.login = _login AND a.kind = 'program' AND a.secret = encode(_secret_hash, 'hex') AND a.disabled_at IS NULL;
END;

-- A job: forget sessions that are over and failures of yesterday; addresses are remembered for 30 days.
CREATE OR REPLACE FUNCTION sweep_access() RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = yaoku, pg_temp
BEGIN ATOMIC
	DELETE FROM session s WHERE s.expires_at < now() OR s.seen_at < now() - interval '60 minutes';
	DELETE FROM login_attempt a
	WHERE a.next_at < now() - CASE WHEN strpos(a.login, chr(31)) > 0 THEN interval '30 days' ELSE interval '1 day' END;
END;

ALTER FUNCTION begin_login OWNER TO yaoku_owner;
ALTER FUNCTION start_session OWNER TO yaoku_owner;
ALTER FUNCTION end_session OWNER TO yaoku_owner;
ALTER FUNCTION find_session OWNER TO yaoku_owner;
ALTER FUNCTION touch_session OWNER TO yaoku_owner;
ALTER FUNCTION find_key OWNER TO yaoku_owner;
ALTER FUNCTION sweep_access OWNER TO yaoku_owner;
REVOKE ALL ON FUNCTION begin_login, start_session, end_session, find_session, touch_session, find_key, sweep_access
	FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_login, start_session, end_session, find_session, touch_session, find_key, sweep_access
	TO yaoku_app;
