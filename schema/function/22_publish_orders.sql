-- Give each of these orders its next revision, and keep it whole as the supplier will read it. The relay gives
-- it a place in the feed after this transaction has committed; nothing here is shared between pharmacies.
--
-- Who may: functions of yaoku_ledger. Locks: the orders' rows, which the caller holds. An order may repeat.
-- What is not known yet (confirmed, shipped, received, promised_on, sscc, reason) is left out.
CREATE OR REPLACE FUNCTION publish_orders(_pharmacy int[], _order bigint[]) RETURNS void
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $$
BEGIN
	WITH published AS (
		UPDATE purchase_order o SET revision = o.revision + 1, changed_at = now()
		FROM (SELECT DISTINCT t.pharmacy, t.id FROM unnest(_pharmacy, _order) AS t (pharmacy, id)) t
		WHERE o.pharmacy_id = t.pharmacy AND o.id = t.id
		RETURNING o.pharmacy_id, o.id, o.revision, o.supplier_id, o.status, o.placed_at, o.sscc, o.reason
	)
	INSERT INTO order_revision (pharmacy_id, order_id, revision, supplier_id, document)
	SELECT o.pharmacy_id, o.id, o.revision, o.supplier_id, jsonb_build_object(
		'id', o.id, 'revision', o.revision, 'status', o.status,
		'pharmacy', jsonb_build_object('id', ph.id, 'name', ph.name, 'address', ph.address),
		'placed_at', utc(o.placed_at), 'lines', l.lines)
		|| jsonb_strip_nulls(jsonb_build_object('sscc', o.sscc, 'reason', o.reason))
	FROM published o
	JOIN pharmacy ph ON ph.id = o.pharmacy_id
	CROSS JOIN LATERAL (
		SELECT coalesce(jsonb_agg(jsonb_build_object('line', ol.line, 'product_id', p.id, 'gtin', p.gtin, 'name', p.name,
			'maker', p.maker, 'strength', p.strength, 'quantity', ol.quantity, 'order_unit', p.order_unit,
			'units_per_order_unit', ol.units_per_order_unit, 'unit_price', ol.unit_price::text)
			|| jsonb_strip_nulls(jsonb_build_object('confirmed', ol.confirmed, 'promised_on', ol.promised_on,
				'shipped', ol.shipped, 'received', CASE WHEN ol.shipped IS NOT NULL OR ol.received > 0 THEN ol.received END))
			ORDER BY ol.line), '[]') AS lines
		FROM order_line ol
		JOIN product p ON p.id = ol.product_id
		WHERE ol.pharmacy_id = o.pharmacy_id AND ol.order_id = o.id
	) l;
END $$;

ALTER FUNCTION publish_orders OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION publish_orders FROM PUBLIC;
