-- The ledger, newest first. Each pharmacy's newest are read from its key, then merged, so that a page of the
-- whole district needs no index of its own.
--
-- $1 pharmacy id, $2 product id, $3 kind, $4 from day, $5 to day (whole days in the pharmacy's zone), $6 lot: each NULL
-- for all; $7 cursor (before this id), $8 limit
-- Columns: as the items of GET /movements
WITH page AS MATERIALIZED (
	SELECT m.*
	FROM yaoku.pharmacy ph
	CROSS JOIN LATERAL (
		SELECT m.pharmacy_id, m.id
		FROM yaoku.movement m
		WHERE m.pharmacy_id = ph.id AND m.id < coalesce($7::bigint, 9223372036854775807)
			AND ($2::int IS NULL OR m.product_id = $2)
			AND ($3::yaoku.movement_kind IS NULL OR m.kind = $3)
			AND ($4::date IS NULL OR m.at >= $4::timestamp AT TIME ZONE ph.time_zone)
			AND ($5::date IS NULL OR m.at < ($5 + 1)::timestamp AT TIME ZONE ph.time_zone)
			AND ($6::text IS NULL OR m.lot_id = ANY (ARRAY(SELECT l.id FROM yaoku.lot l
				WHERE l.pharmacy_id = ph.id AND l.lot = $6 AND ($2::int IS NULL OR l.product_id = $2))))
		ORDER BY m.id DESC
		LIMIT $8::int
	) m
	WHERE ($1::int IS NULL OR ph.id = $1) AND yaoku.may_act_for(ph.id)
	ORDER BY m.id DESC
	LIMIT $8::int
)
SELECT m.id, m.at, m.pharmacy_id, m.product_id, p.name, l.lot, l.expiry, m.kind, m.quantity, m.quarantined, m.in_transit,
	a.name AS operator, m.workstation, m.scanned_at, m.order_id, m.reason, m.reverses, m.pack, m.id AS cursor
FROM page g
JOIN yaoku.movement m ON m.pharmacy_id = g.pharmacy_id AND m.id = g.id
JOIN yaoku.lot l ON l.pharmacy_id = m.pharmacy_id AND l.id = m.lot_id
JOIN yaoku.product p ON p.id = m.product_id
LEFT JOIN yaoku.account a ON a.id = m.operator_id
ORDER BY m.id DESC
