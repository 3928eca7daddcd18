-- A learned code is unknown again: a pharmacy's binding there (the district's does not take its place, see
-- resolve_scans), the district's in the district, while pharmacies that have bound it themselves still know it. What
-- was posted stays; `scans` of the answer counts it. What was revoked before is the same answer, with the first reason.
-- With one dissenter less, the others may now be three of one mind.
-- Who may: a manager for the own pharmacy; an administrator. Problems: not_found, forbidden.
CREATE OR REPLACE FUNCTION revoke_code(_id bigint, _reason text)
RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	learned record;
	ended boolean;
	touched int;
BEGIN
	SELECT v.* INTO learned FROM (
		SELECT k.pharmacy_id, k.code, k.product_id FROM pharmacy ph
		JOIN pharmacy_code k ON k.pharmacy_id = ph.id AND k.id = _id WHERE may_act_for(ph.id)
		UNION ALL
		SELECT NULL, d.code, d.product_id FROM district_code d WHERE d.id = _id) v;
	IF learned.code IS NULL THEN
		RETURN ('not_found', 'there is no such learned code', NULL)::answer;
	ELSIF NOT coalesce(my_role() = 'admin' OR my_role() = 'manager' AND learned.pharmacy_id IS NOT NULL, false) THEN
		RETURN ('forbidden', 'an administrator revokes what the district knows', NULL)::answer;
	END IF;
	PERFORM lock_code(learned.code);
	IF learned.pharmacy_id IS NOT NULL THEN
		UPDATE pharmacy_code SET revoked_at = clock_timestamp(), revoked_by = my_account(), reason = _reason
		WHERE pharmacy_id = learned.pharmacy_id AND id = _id AND revoked_at IS NULL;
	ELSE
		UPDATE district_code SET revoked_at = clock_timestamp(), revoked_by = my_account(), reason = _reason
		WHERE id = _id AND revoked_at IS NULL;
	END IF;
	ended := FOUND;
	SELECT count(*) INTO touched FROM scan s WHERE s.code_id = _id;
	IF ended THEN
		PERFORM write_audit('code.revoke', _id::text, jsonb_build_object('code', learned.code,
			'product_id', learned.product_id, 'scans', touched, 'reason', _reason), learned.pharmacy_id);
		IF learned.pharmacy_id IS NOT NULL THEN
			PERFORM promote_code(learned.code);
		END IF;
	END IF;
	RETURN (NULL, NULL, (SELECT jsonb_build_object('id', _id, 'pharmacy_id', learned.pharmacy_id, 'code', learned.code,
			'product_id', learned.product_id, 'revoked_at', utc(v.revoked_at), 'reason', v.reason, 'scans', touched)
		FROM (SELECT k.revoked_at, k.reason FROM pharmacy_code k WHERE k.pharmacy_id = learned.pharmacy_id AND k.id = _id
			UNION ALL SELECT d.revoked_at, d.reason FROM district_code d WHERE d.id = _id) v))::answer;
END $$;

ALTER FUNCTION revoke_code OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION revoke_code FROM PUBLIC;
GRANT EXECUTE ON FUNCTION revoke_code TO yaoku_app;
