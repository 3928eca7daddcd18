-- Close what has arrived of these orders: shipment lines received in full, order lines that expect nothing
-- more, and orders with no line left, which become received and are published. Returns the number of orders
-- that became received. An order without anything to close is left alone, so it may be asked once too often.
--
-- An order line is done when its shipment is, or, shipped or not, when all that was expected of it has come.
-- A line that is done frees its shelf for the next order, so the level is tested at once.
--
-- Who may: functions of yaoku_ledger. Locks: the caller holds the shelves of what it received; the orders are
-- locked here by (pharmacy, id). Orders may repeat.
CREATE OR REPLACE FUNCTION close_received_orders(_pharmacy int[], _order bigint[]) RETURNS int
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
	pharmacies int[];
	orders bigint[];
	products int[];
BEGIN
	PERFORM FROM purchase_order o
	JOIN (SELECT DISTINCT t.pharmacy, t.id FROM unnest(_pharmacy, _order) AS t (pharmacy, id)) t
		ON o.pharmacy_id = t.pharmacy AND o.id = t.id
	ORDER BY o.pharmacy_id, o.id FOR NO KEY UPDATE OF o;

	UPDATE shipment_line s SET open = false
	FROM unnest(_pharmacy, _order) AS t (pharmacy, id)
	WHERE s.pharmacy_id = t.pharmacy AND s.order_id = t.id AND s.open AND s.received >= s.quantity;

	WITH done AS (
		UPDATE order_line ol SET open = false
		FROM unnest(_pharmacy, _order) AS t (pharmacy, id)
		WHERE ol.pharmacy_id = t.pharmacy AND ol.order_id = t.id AND ol.open
			AND (ol.received >= coalesce(ol.shipped, ol.confirmed, ol.quantity)
				OR ol.shipped IS NOT NULL AND NOT EXISTS (SELECT FROM shipment_line s
					WHERE s.pharmacy_id = ol.pharmacy_id AND s.order_id = ol.order_id AND s.line = ol.line AND s.open))
		RETURNING ol.pharmacy_id, ol.product_id
	)
	SELECT array_agg(d.pharmacy_id), array_agg(d.product_id) INTO pharmacies, products FROM done d;
	PERFORM place_orders(pharmacies, products);

	WITH received AS (
		UPDATE purchase_order o SET status = 'received'
		FROM unnest(_pharmacy, _order) AS t (pharmacy, id)
		WHERE o.pharmacy_id = t.pharmacy AND o.id = t.id AND o.status IN ('open', 'confirmed', 'shipped')
			AND NOT EXISTS (SELECT FROM order_line ol
				WHERE ol.pharmacy_id = o.pharmacy_id AND ol.order_id = o.id AND ol.open)
			AND NOT EXISTS (SELECT FROM shipment_line s
				WHERE s.pharmacy_id = o.pharmacy_id AND s.order_id = o.id AND s.open)
		RETURNING o.pharmacy_id, o.id
	)
	SELECT array_agg(r.pharmacy_id), array_agg(r.id) INTO pharmacies, orders FROM received r;
	PERFORM publish_orders(pharmacies, orders);
	RETURN coalesce(cardinality(orders), 0);
END $$;

ALTER FUNCTION close_received_orders OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION close_received_orders FROM PUBLIC;
