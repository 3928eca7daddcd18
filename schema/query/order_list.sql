-- Orders, the newest first. Overdue: still expected after the last promised day, or, while nothing is promised,
-- after the supplier's lead time.
--
-- $1 status, $2 pharmacy id, $3 supplier id, $4 overdue: each NULL for all; $5 cursor, $6 limit
-- Columns: as the items of GET /orders; value is what was ordered, in money
WITH page AS MATERIALIZED (
	SELECT o.pharmacy_id, o.id
	FROM yaoku.purchase_order o
	WHERE ($1::yaoku.order_status IS NULL OR o.status = $1)
		AND ($2::int IS NULL OR o.pharmacy_id = $2)
		AND ($3::int IS NULL OR o.supplier_id = $3)
		AND ($4::boolean IS NULL OR yaoku.is_overdue(o.pharmacy_id, o.id, o.supplier_id, o.status, o.placed_at) = $4)
		AND ($5::bigint IS NULL OR o.id < $5)
	ORDER BY o.id DESC
	LIMIT $6::int
)
SELECT o.id, o.pharmacy_id, ph.name AS pharmacy_name, o.supplier_id, s.name AS supplier_name, o.status, o.revision,
	o.placed_at, o.changed_at, l.lines, l.value,
	yaoku.is_overdue(o.pharmacy_id, o.id, o.supplier_id, o.status, o.placed_at) AS overdue, o.id AS cursor
FROM page g
JOIN yaoku.purchase_order o ON o.pharmacy_id = g.pharmacy_id AND o.id = g.id
JOIN yaoku.pharmacy ph ON ph.id = o.pharmacy_id
JOIN yaoku.supplier s ON s.id = o.supplier_id
CROSS JOIN LATERAL (
	SELECT count(*)::int AS lines, coalesce(sum(ol.quantity * ol.unit_price), 0.00) AS value
	FROM yaoku.order_line ol
	WHERE ol.pharmacy_id = o.pharmacy_id AND ol.order_id = o.id
) l
ORDER BY o.id DESC
