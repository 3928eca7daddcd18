-- The scans whose product a learned binding named, newest first: exactly what its revocation puts in doubt.
--
-- $1 binding id, $2 cursor (before this movement), $3 limit
-- Columns: as the items of GET /codes/{id}/scans
SELECT s.id AS scan_id, s.pharmacy_id, s.movement_id, m.kind AS movement, m.product_id, p.name, l.lot, l.expiry,
	m.quantity, m.quarantined, m.at, a.name AS operator,
	EXISTS (SELECT FROM yaoku.movement r WHERE r.pharmacy_id = m.pharmacy_id AND r.reverses = m.id) AS reversed,
	s.movement_id AS cursor
FROM yaoku.scan s
JOIN yaoku.movement m ON m.pharmacy_id = s.pharmacy_id AND m.id = s.movement_id
JOIN yaoku.lot l ON l.pharmacy_id = m.pharmacy_id AND l.id = m.lot_id
JOIN yaoku.product p ON p.id = m.product_id
LEFT JOIN yaoku.account a ON a.id = m.operator_id
WHERE s.code_id = $1::bigint AND ($2::bigint IS NULL OR s.movement_id < $2)
ORDER BY s.movement_id DESC
LIMIT $3::int
