-- The supplier will not send this order. Its lines are closed, and not offered to it again for 24 hours; what
-- the shelves lack goes to the next supplier at once.
--
-- Who may: the order's supplier, until it ships. Locks: lock_order. Problems: not_found, conflict (its status).
CREATE OR REPLACE FUNCTION decline_order(_order bigint, _reason text) RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	asked purchase_order;
	pharmacies int[];	-- of the lines that are closed, with
	products int[];
BEGIN
	asked := lock_order(_order);
	IF asked.id IS NULL OR asked.supplier_id IS DISTINCT FROM my_supplier() THEN
		RETURN ('not_found', 'there is no such order', NULL)::answer;
	ELSIF asked.status NOT IN ('open', 'confirmed') THEN
		RETURN ('conflict', 'the order is ' || asked.status || '; only an open or confirmed one can be declined', NULL)::answer;
	END IF;

	UPDATE purchase_order SET status = 'declined', reason = _reason
	WHERE pharmacy_id = asked.pharmacy_id AND id = asked.id;
	WITH declined AS (
		UPDATE order_line SET open = false, declined_at = now()
		WHERE pharmacy_id = asked.pharmacy_id AND order_id = asked.id AND open
		RETURNING pharmacy_id, product_id
	)
	SELECT array_agg(d.pharmacy_id), array_agg(d.product_id) INTO pharmacies, products FROM declined d;
	PERFORM write_audit('order.decline', 'order ' || asked.id,
		jsonb_build_object('from', asked.status, 'reason', _reason), asked.pharmacy_id);
	PERFORM publish_orders(ARRAY[asked.pharmacy_id], ARRAY[asked.id]);
	PERFORM place_orders(pharmacies, products);
	RETURN order_answer(asked.pharmacy_id, asked.id);
END $$;

ALTER FUNCTION decline_order OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION decline_order FROM PUBLIC;
GRANT EXECUTE ON FUNCTION decline_order TO yaoku_app;
