-- What is wrong with a shipment, one row for each fault; none: it may be booked. See ship_order.
-- Who may: functions of yaoku_ledger, after lock_order.
CREATE OR REPLACE FUNCTION shipment_refusals(_order purchase_order, _lines jsonb) RETURNS TABLE (line bigint, reason text)
LANGUAGE sql STABLE
AS $$
	WITH item AS MATERIALIZED (
		SELECT i.*, ol.line IS NOT NULL AS known, ol.product_id, ol.quantity AS ordered,
			today(ph.time_zone) + ph.dispensing_lock_days AS first_good,
			sum(i.quantity) OVER (PARTITION BY i.line) AS of_line,
			count(*) OVER (PARTITION BY i.line, i.lot) AS same_lot
		FROM jsonb_to_recordset(_lines) AS i (line bigint, lot text, expiry date, quantity bigint, trace_codes jsonb)
		JOIN pharmacy ph ON ph.id = _order.pharmacy_id
		LEFT JOIN order_line ol ON ol.pharmacy_id = _order.pharmacy_id AND ol.order_id = _order.id
			AND ol.line = i.line AND ol.open
	), code AS MATERIALIZED (
		SELECT i.line, i.lot, i.product_id, i.quantity, c.code, m.product_id AS means, coalesce(m.units, 1) AS units,
			is_pack_code(c.code) AS formed, count(*) OVER (PARTITION BY c.code) AS times,
			EXISTS (SELECT FROM shipment_pack sp
				JOIN shipment_line s ON s.pharmacy_id = sp.pharmacy_id AND s.order_id = sp.order_id AND s.number = sp.number
				WHERE sp.pharmacy_id = _order.pharmacy_id AND sp.code = c.code AND s.open) AS announced,
			EXISTS (SELECT FROM pack k WHERE k.pharmacy_id = _order.pharmacy_id AND k.code = c.code
				AND k.state <> 'returned') AS here
		FROM item i
		CROSS JOIN LATERAL jsonb_array_elements_text(CASE jsonb_typeof(i.trace_codes) WHEN 'array' THEN i.trace_codes
			ELSE '[]' END) AS c (code)
		LEFT JOIN product_code m ON m.code = CASE WHEN c.code LIKE '01%' THEN substr(c.code, 3, 14) ELSE left(c.code, 7) END
		WHERE i.known
	)
	SELECT i.line, 'this order has no such open line' FROM item i WHERE NOT i.known
	UNION
	SELECT i.line, format('lot %s: the quantity must be above 0', i.lot) FROM item i WHERE i.quantity <= 0
	UNION
	SELECT i.line, format('%s is more than the %s ordered', i.of_line, i.ordered) FROM item i WHERE i.of_line > i.ordered
	UNION
	SELECT i.line, format('lot %s is named twice', i.lot) FROM item i WHERE i.same_lot > 1
	UNION
	SELECT i.line, format('lot %s expires %s; the pharmacy takes nothing that expires before %s', i.lot, i.expiry, i.first_good)
	FROM item i WHERE i.expiry < i.first_good
	UNION
	SELECT i.line, format('lot %s is recalled', i.lot)
	FROM item i JOIN recall r ON r.product_id = i.product_id AND r.lot = i.lot AND r.lifted_at IS NULL
	UNION
	SELECT c.line, format('lot %s: trace codes for %s, but the quantity is %s', c.lot, sum(c.units), c.quantity)
	FROM code c GROUP BY c.line, c.lot, c.quantity HAVING sum(c.units) <> c.quantity
	UNION
	SELECT f.line, format('trace code %s %s', min(f.code), f.fault)
		|| CASE WHEN count(*) > 1 THEN format(', and %s more', count(*) - 1) ELSE '' END
	FROM (SELECT c.line, c.code, CASE
			WHEN NOT c.formed THEN 'is not 8 and 19 more digits, nor 01, GTIN, 21 and serial'
			WHEN c.times > 1 THEN 'is named twice'
			WHEN c.means IS DISTINCT FROM c.product_id THEN 'is not of this product'
			WHEN c.announced THEN 'is announced by another shipment'
			WHEN c.here THEN 'is in this pharmacy already' END AS fault
		FROM code c) f
	WHERE f.fault IS NOT NULL
	GROUP BY f.line, f.fault
$$;

ALTER FUNCTION shipment_refusals OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION shipment_refusals FROM PUBLIC;
