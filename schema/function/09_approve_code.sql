-- An administrator takes a pharmacy's binding into the district: every pharmacy that has not bound the code itself
-- knows it from now on. A code that is there already with this meaning is the same answer. Its lot goes along.
-- Who may: an administrator. Problems: not_found, forbidden, revoked, master_code, code_conflict.
CREATE OR REPLACE FUNCTION approve_code(_id bigint)
RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	bound pharmacy_code;
	made district_code;
BEGIN
	IF my_role() IS DISTINCT FROM 'admin' THEN
		RETURN ('forbidden', 'only an administrator takes a code into the district', NULL)::answer;
	END IF;
	PERFORM lock_code(k.code) FROM pharmacy ph JOIN pharmacy_code k ON k.pharmacy_id = ph.id AND k.id = _id;
	SELECT k.* INTO bound FROM pharmacy ph JOIN pharmacy_code k ON k.pharmacy_id = ph.id AND k.id = _id;
	SELECT d.* INTO made FROM district_code d WHERE d.code = bound.code AND d.revoked_at IS NULL;
	IF bound.id IS NULL THEN
		RETURN ('not_found', 'there is no such binding of a pharmacy', NULL)::answer;
	ELSIF bound.revoked_at IS NOT NULL THEN
		RETURN ('revoked', 'this binding was revoked; nothing was saved', NULL)::answer;
	ELSIF EXISTS (SELECT FROM product_code c WHERE c.code = bound.code) THEN
		RETURN ('master_code', 'the master data have this code now; nothing was saved', NULL)::answer;
	ELSIF (made.product_id, made.units) <> (bound.product_id, bound.units) THEN
		RETURN ('code_conflict', 'the district knows this code with another meaning; revoke that first; nothing was saved',
			NULL)::answer;
	END IF;
	IF made.id IS NULL THEN
		INSERT INTO district_code (code, product_id, units, lot, expiry, account_id)
		VALUES (bound.code, bound.product_id, bound.units, bound.lot, bound.expiry, my_account())
		RETURNING * INTO made;
		PERFORM write_audit('code.approve', made.id::text, jsonb_strip_nulls(jsonb_build_object('code', made.code,
			'product_id', made.product_id, 'units', made.units, 'lot', made.lot, 'expiry', made.expiry,
			'binding', bound.id, 'pharmacy_id', bound.pharmacy_id)), NULL);
	END IF;
	RETURN (NULL, NULL, jsonb_build_object('id', made.id, 'pharmacy_id', NULL, 'code', made.code,
		'product_id', made.product_id, 'units', made.units, 'lot', made.lot, 'expiry', made.expiry))::answer;
END $$;

ALTER FUNCTION approve_code OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION approve_code FROM PUBLIC;
GRANT EXECUTE ON FUNCTION approve_code TO yaoku_app;
