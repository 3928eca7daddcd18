-- Publish the minimum and maximum of a product in a pharmacy, set by hand, and order at once what they ask for.
-- Both NULL: the shelf is not replenished any more; orders under way stay.
--
-- Who may: a manager for the own pharmacy, an administrator for any (_pharmacy NULL: the asker's own).
-- Locks: the shelf, then what place_orders locks.
-- Problems: missing_member, not_found, invalid_member (minimum above maximum, below 0, or only one of them).
CREATE OR REPLACE FUNCTION put_threshold(_pharmacy int, _product int, _minimum int, _maximum int, _reason text)
RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	wanted_pharmacy int := coalesce(_pharmacy, my_pharmacy());
	before shelf;
	after shelf;
BEGIN
	IF wanted_pharmacy IS NULL THEN
		RETURN ('missing_member', 'pharmacy_id: say which pharmacy', NULL)::answer;
	ELSIF coalesce(my_role(), '') NOT IN ('manager', 'admin') OR NOT may_act_for(wanted_pharmacy)
		OR NOT EXISTS (SELECT FROM pharmacy WHERE id = wanted_pharmacy)
		OR NOT EXISTS (SELECT FROM product WHERE id = _product) THEN
		RETURN ('not_found', 'there is no such pharmacy or product', NULL)::answer;
	ELSIF (_minimum IS NULL) <> (_maximum IS NULL) OR _minimum < 0 OR _maximum < _minimum THEN
		RETURN ('invalid_member', 'minimum and maximum: 0 <= minimum <= maximum, or both null', NULL)::answer;
	END IF;

	PERFORM lock_shelves(ARRAY[wanted_pharmacy], ARRAY[_product]);
	SELECT * INTO before FROM shelf WHERE pharmacy_id = wanted_pharmacy AND product_id = _product;
	UPDATE shelf SET minimum = _minimum, maximum = _maximum, source = 'manual',
		explain = jsonb_strip_nulls(jsonb_build_object('set_by', my_account(), 'set_at', utc(now()), 'reason', _reason))
	WHERE pharmacy_id = wanted_pharmacy AND product_id = _product
	RETURNING * INTO after;
	PERFORM write_audit('threshold.put', format('product %s', _product), jsonb_strip_nulls(jsonb_build_object(
		'old', jsonb_build_object('minimum', before.minimum, 'maximum', before.maximum, 'source', before.source),
		'new', jsonb_build_object('minimum', _minimum, 'maximum', _maximum, 'source', 'manual'),
		'reason', _reason)), wanted_pharmacy);
	PERFORM place_orders(ARRAY[wanted_pharmacy], ARRAY[_product]);
	RETURN (NULL, NULL, jsonb_build_object('pharmacy_id', wanted_pharmacy, 'product_id', _product, 'minimum', _minimum,
		'maximum', _maximum, 'source', after.source, 'explain', after.explain))::answer;
END $$;

ALTER FUNCTION put_threshold OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION put_threshold FROM PUBLIC;
GRANT EXECUTE ON FUNCTION put_threshold TO yaoku_app;
