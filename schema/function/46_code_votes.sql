-- How many pharmacies have bound a code to this product and units, and how many to something else: numbers only, for an
-- asker who sees no other pharmacy's bindings. Nobody: 0 and 0.
CREATE OR REPLACE FUNCTION code_votes(_code text, _product int, _units int, OUT agree int, OUT differ int)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
	SELECT count(*) FILTER (WHERE (k.product_id, k.units) = (_product, _units)),
		count(*) FILTER (WHERE (k.product_id, k.units) <> (_product, _units))
	FROM pharmacy_code k
	WHERE k.code = _code AND k.revoked_at IS NULL AND my_role() IN ('clerk', 'manager', 'admin')
$$;

ALTER FUNCTION code_votes OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION code_votes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION code_votes TO yaoku_app;
