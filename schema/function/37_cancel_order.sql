-- The pharmacy no longer waits for this order, or for the rest of it. Its lines and shipment lines are closed;
-- what the shelves lack is ordered anew at once. A shipped order of which something has come is received, short;
-- any other is cancelled.
--
-- Who may: staff of the order's pharmacy. Locks: lock_order. Problems: not_found, conflict (its status).
CREATE OR REPLACE FUNCTION cancel_order(_order bigint, _reason text) RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	asked purchase_order;
	ended order_status;
	pharmacies int[];	-- of all its lines, with
	products int[];
BEGIN
	asked := lock_order(_order);
	IF asked.id IS NULL OR NOT may_act_for(asked.pharmacy_id) THEN
		RETURN ('not_found', 'there is no such order', NULL)::answer;
	ELSIF asked.status NOT IN ('open', 'confirmed', 'shipped') THEN
		RETURN ('conflict', 'the order is ' || asked.status || ' already', NULL)::answer;
	END IF;

	SELECT CASE WHEN asked.status = 'shipped' AND coalesce(sum(ol.received), 0) > 0 THEN 'received' ELSE 'cancelled' END,
		array_agg(ol.pharmacy_id), array_agg(ol.product_id)
	INTO ended, pharmacies, products
	FROM order_line ol
	WHERE ol.pharmacy_id = asked.pharmacy_id AND ol.order_id = asked.id;
	UPDATE purchase_order SET status = ended, reason = _reason
	WHERE pharmacy_id = asked.pharmacy_id AND id = asked.id;
	UPDATE order_line SET open = false
	WHERE pharmacy_id = asked.pharmacy_id AND order_id = asked.id AND open;
	UPDATE shipment_line SET open = false
	WHERE pharmacy_id = asked.pharmacy_id AND order_id = asked.id AND open;
	PERFORM write_audit('order.cancel', 'order ' || asked.id,
		jsonb_build_object('from', asked.status, 'to', ended, 'reason', _reason), asked.pharmacy_id);
	PERFORM publish_orders(ARRAY[asked.pharmacy_id], ARRAY[asked.id]);
	PERFORM place_orders(pharmacies, products);
	RETURN order_answer(asked.pharmacy_id, asked.id);
END $$;

ALTER FUNCTION cancel_order OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION cancel_order FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cancel_order TO yaoku_app;
