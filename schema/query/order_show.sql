-- One order with its lines and what was shipped of them.
--
-- $1 order id
-- Columns: as the members of GET /orders/{id}; no row when the asker may not see it
SELECT o.id, o.revision, o.status,
	jsonb_build_object('id', ph.id, 'name', ph.name, 'address', ph.address) AS pharmacy,
	jsonb_build_object('id', s.id, 'name', s.name) AS supplier,
	o.placed_at, o.reason, o.sscc, coalesce(l.lines, '[]') AS lines
FROM yaoku.supplier s	-- few, and their index leads to the id
JOIN yaoku.purchase_order o ON o.supplier_id = s.id AND o.id = $1::bigint
JOIN yaoku.pharmacy ph ON ph.id = o.pharmacy_id
CROSS JOIN LATERAL (
	SELECT jsonb_agg(jsonb_build_object('line', ol.line, 'product_id', p.id, 'gtin', p.gtin, 'name', p.name,
		'maker', p.maker, 'strength', p.strength, 'quantity', ol.quantity, 'order_unit', p.order_unit,
		'units_per_order_unit', ol.units_per_order_unit, 'unit_price', ol.unit_price::text, 'confirmed', ol.confirmed,
		'promised_on', ol.promised_on, 'shipped', ol.shipped, 'received', ol.received, 'open', ol.open,
		'shipments', (SELECT coalesce(jsonb_agg(jsonb_build_object('number', sl.number, 'lot', sl.lot,
				'expiry', sl.expiry, 'quantity', sl.quantity, 'received', sl.received, 'open', sl.open)
				ORDER BY sl.number), '[]')
			FROM yaoku.shipment_line sl
			WHERE sl.pharmacy_id = ol.pharmacy_id AND sl.order_id = ol.order_id AND sl.line = ol.line))
		ORDER BY ol.line) AS lines
	FROM yaoku.order_line ol
	JOIN yaoku.product p ON p.id = ol.product_id
	WHERE ol.pharmacy_id = o.pharmacy_id AND ol.order_id = o.id
) l
