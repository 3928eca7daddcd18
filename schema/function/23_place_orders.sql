-- Order what these shelves lack: the level test of the contract, for a set of shelves at once. Returns the
-- number of order lines made.
--
-- A shelf is short when its position (shelf_level) is at or below its minimum. It gets a line when none is
-- open for it, somebody can supply it, and the maximum leaves something to order: maximum - position, rounded
-- up to whole order units. The line joins the pharmacy's open order with that supplier, or opens one; each
-- order touched is published once. `explain` keeps the arithmetic. Nobody to ask: no line; the sweep tries again.
--
-- It is a test of the level, not of a change, so calling it once too often orders nothing twice.
--
-- Who may: functions of yaoku_ledger; part of the caller's transaction. Locks: the CALLER holds the shelves
-- (lock_shelves), which is what keeps two from ordering for the same shelf; order_line_open would refuse the
-- second with 23505. Here the open orders are locked, in the order of (pharmacy, supplier). Pairs may repeat.
CREATE OR REPLACE FUNCTION place_orders(_pharmacy int[], _product int[]) RETURNS int
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
	pharmacies int[];	-- of the lines to be made, with
	products int[];
	suppliers int[];
	orders bigint[];
BEGIN
	SELECT array_agg(s.pharmacy_id), array_agg(s.product_id), array_agg(c.supplier_id)
	INTO pharmacies, products, suppliers
	FROM (SELECT DISTINCT t.pharmacy, t.product FROM unnest(_pharmacy, _product) AS t (pharmacy, product)) t
	JOIN shelf_level s ON s.pharmacy_id = t.pharmacy AND s.product_id = t.product
	CROSS JOIN LATERAL preferred_supplier(s.pharmacy_id, s.product_id) c
	WHERE s.position <= s.minimum AND s.position < s.maximum
		AND NOT EXISTS (SELECT FROM order_line ol
			WHERE ol.pharmacy_id = s.pharmacy_id AND ol.product_id = s.product_id AND ol.open);
	IF pharmacies IS NULL THEN
		RETURN 0;
	END IF;

	-- One statement finds or opens each order and locks it; only the next one sees what others added before.
	WITH opened AS (
		INSERT INTO purchase_order (pharmacy_id, supplier_id)
		SELECT DISTINCT t.pharmacy, t.supplier
		FROM unnest(pharmacies, suppliers) AS t (pharmacy, supplier)
		ORDER BY 1, 2
		ON CONFLICT (pharmacy_id, supplier_id) WHERE status = 'open' DO UPDATE SET changed_at = now()
		RETURNING pharmacy_id, id, supplier_id
	)
	SELECT array_agg(o.id ORDER BY t.ord) INTO orders
	FROM unnest(pharmacies, suppliers) WITH ORDINALITY AS t (pharmacy, supplier, ord)
	JOIN opened o ON o.pharmacy_id = t.pharmacy AND o.supplier_id = t.supplier;

	INSERT INTO order_line (pharmacy_id, order_id, line, product_id, supplier_id, quantity, units_per_order_unit,
		unit_price, explain)
	SELECT n.pharmacy, n.order_id, n.last_line + row_number() OVER (PARTITION BY n.pharmacy, n.order_id ORDER BY n.product),
		n.product, n.supplier, n.quantity, n.units_per_order_unit, n.unit_price,
		jsonb_build_object('position', n.position, 'minimum', n.minimum, 'maximum', n.maximum, 'on_hand', n.on_hand,
			'expiring', n.expiring, 'on_order', n.on_order, 'needed', n.needed, 'quantity', n.quantity)
	FROM (
		SELECT t.*, s.position, s.minimum, s.maximum, s.on_hand, s.expiring, s.on_order,
			s.maximum - s.position AS needed, p.units_per_order_unit, c.unit_price,
			-- in bigint, because the sum may pass 2^31 before it is divided
			((s.maximum - s.position + p.units_per_order_unit::bigint - 1) / p.units_per_order_unit
				* p.units_per_order_unit)::int AS quantity,
			(SELECT coalesce(max(ol.line), 0) FROM order_line ol
				WHERE ol.pharmacy_id = t.pharmacy AND ol.order_id = t.order_id) AS last_line
		FROM unnest(pharmacies, products, suppliers, orders) AS t (pharmacy, product, supplier, order_id)
		JOIN shelf_level s ON s.pharmacy_id = t.pharmacy AND s.product_id = t.product
		JOIN product p ON p.id = t.product
		JOIN supplier_product c ON c.product_id = t.product AND c.supplier_id = t.supplier
	) n;
	PERFORM publish_orders(pharmacies, orders);
	RETURN cardinality(orders);
END $$;

ALTER FUNCTION place_orders OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION place_orders FROM PUBLIC;
