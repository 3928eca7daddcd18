-- Who asks, as the service set it for this transaction, and the days and audit rows that follow from it.
-- Nobody: NULL, and so no rows.

CREATE OR REPLACE FUNCTION my_account() RETURNS int LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('yaoku.account', true), '')::int;

CREATE OR REPLACE FUNCTION my_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('yaoku.role', true), '');

-- The pharmacy id, or NULL for the whole district and for nobody: ask may_act_for() before writing.
CREATE OR REPLACE FUNCTION my_pharmacy() RETURNS int LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(nullif(current_setting('yaoku.pharmacy', true), ''), '*')::int;

CREATE OR REPLACE FUNCTION my_supplier() RETURNS int LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('yaoku.supplier', true), '')::int;

-- True when the asker's scope holds this pharmacy: the same comparison as the policies make.
CREATE OR REPLACE FUNCTION may_act_for(_pharmacy int) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('yaoku.pharmacy', true) IN ('*', _pharmacy::text), false);

-- The calendar day at a place.
CREATE OR REPLACE FUNCTION today(_time_zone text) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
RETURN (now() AT TIME ZONE _time_zone)::date;

-- One audit row for a change, in the change's own transaction.
CREATE OR REPLACE FUNCTION write_audit(_action text, _subject text, _detail jsonb, _pharmacy int DEFAULT my_pharmacy())
RETURNS void LANGUAGE sql
BEGIN ATOMIC
	INSERT INTO yaoku.audit (account_id, pharmacy_id, action, subject, detail, request)
	VALUES (yaoku.my_account(), _pharmacy, _action, _subject, _detail,
		nullif(current_setting('yaoku.request', true), ''));
END;
