-- How codes are learned. Every change of what a code means holds lock_code(), so that of bindings, approvals and
-- revocations of one code each sees what the one before left. (An advisory lock: these functions run on the
-- coordinator.) Scans do not ask for it: a group that has read a binding before it was revoked is posted by it, and is
-- among the scans that it touched.
-- Who may: functions of yaoku_ledger.

CREATE OR REPLACE FUNCTION lock_code(_code text) RETURNS void LANGUAGE sql
BEGIN ATOMIC
	SELECT pg_advisory_xact_lock(hashtextextended('yaoku.code ' || _code, 0));
END;

-- GTIN-14 or the first 7 digits of a trace code: it stands on every box of the product, so never for one lot.
CREATE OR REPLACE FUNCTION names_every_box(_lookup text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN _lookup ~ '^([0-9]{14}|8[0-9]{6})$';

-- A pharmacy's people say what a code means. Units or lot that are not said now stay what was said of the same product
-- before; another product, lot or number of units ends the binding there was. Returns the id of the one that counts.
DROP FUNCTION IF EXISTS remember_code;
CREATE FUNCTION remember_code(_pharmacy int, _code text, _product int, _units int, _lot text, _expiry date)
RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
	known pharmacy_code;
	wanted pharmacy_code;
BEGIN
	PERFORM lock_code(_code);
	SELECT * INTO known FROM pharmacy_code k
	WHERE k.pharmacy_id = _pharmacy AND k.code = _code AND k.revoked_at IS NULL;
	wanted.units := coalesce(_units, CASE WHEN known.product_id = _product THEN known.units END, 1);
	wanted.lot := coalesce(_lot, CASE WHEN known.product_id = _product THEN known.lot END);
	wanted.expiry := coalesce(_expiry, CASE WHEN known.product_id = _product AND known.lot = wanted.lot THEN known.expiry END);

	UPDATE pharmacy_code k SET lot = wanted.lot, expiry = wanted.expiry
	WHERE k.pharmacy_id = known.pharmacy_id AND k.id = known.id AND k.product_id = _product AND k.units = wanted.units
		AND coalesce(k.lot = wanted.lot, true) AND coalesce(k.expiry = wanted.expiry, true);
	IF FOUND THEN
		RETURN known.id;
	END IF;
	wanted.id := nextval('learned_code_id');
	UPDATE pharmacy_code k SET revoked_at = clock_timestamp(), revoked_by = my_account(), replaced_by = wanted.id
	WHERE k.pharmacy_id = known.pharmacy_id AND k.id = known.id;
	INSERT INTO pharmacy_code (pharmacy_id, id, code, product_id, units, lot, expiry, account_id, at)
	VALUES (_pharmacy, wanted.id, _code, _product, wanted.units, wanted.lot, wanted.expiry, my_account(), clock_timestamp());
	RETURN wanted.id;
END $$;

-- Take a code into the district when three pharmacies have bound it to the same product and units and none to another.
-- Once it was revoked there, three have to bind it anew. Its lot only if they all name the same. The caller holds
-- lock_code(). The audit row names whoever's binding or revocation completed it.
CREATE OR REPLACE FUNCTION promote_code(_code text) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
	made district_code;
BEGIN
	INSERT INTO district_code (code, product_id, units, lot, expiry)
	SELECT _code, min(k.product_id), min(k.units), max(k.lot) FILTER (WHERE k.one_lot), max(k.expiry) FILTER (WHERE k.one_lot)
	FROM (SELECT a.*, count(*) OVER (PARTITION BY a.lot, a.expiry) = count(*) OVER () AS one_lot
		FROM pharmacy_code a WHERE a.code = _code AND a.revoked_at IS NULL) k
	HAVING count(DISTINCT (k.product_id, k.units)) = 1 AND count(*) FILTER (WHERE k.at > coalesce(
		(SELECT max(d.revoked_at) FROM district_code d WHERE d.code = _code), '-infinity')) >= 3
	ON CONFLICT (code) WHERE revoked_at IS NULL DO NOTHING
	RETURNING * INTO made;
	IF made.id IS NOT NULL THEN
		PERFORM write_audit('code.promote', made.id::text, jsonb_strip_nulls(jsonb_build_object('code', made.code,
			'product_id', made.product_id, 'units', made.units, 'lot', made.lot, 'expiry', made.expiry)), NULL);
	END IF;
END $$;

REVOKE ALL ON FUNCTION remember_code, promote_code FROM PUBLIC;
GRANT EXECUTE ON FUNCTION remember_code, promote_code TO yaoku_ledger;
