-- Stock by lot and state, in the order of pharmacy, product and expiry. What is on the shelf has one of three
-- states: recalled, expired (past the pharmacy's last day for dispensing it) or usable.
--
-- $1 pharmacy id, $2 product id, $3 lot, $4 days: expiring from today within so many, $5 state, $6 search (part of a name
-- or GTIN): each NULL for all; $7 cursor (pharmacy-lot id-state number), $8 limit
-- Columns: as the items of GET /stock
WITH after AS MATERIALIZED (
	SELECT c.pharmacy_id, c.state, l.product_id, l.expiry, l.lot
	FROM (SELECT split_part($7, '-', 1)::int AS pharmacy_id, split_part($7, '-', 2)::bigint AS lot_id,
		split_part($7, '-', 3)::int AS state WHERE $7::text IS NOT NULL) c
	JOIN yaoku.lot l ON l.pharmacy_id = c.pharmacy_id AND l.id = c.lot_id
)
SELECT l.pharmacy_id, l.product_id, p.name, l.lot, l.expiry, s.state, s.quantity,
	l.pharmacy_id || '-' || l.id || '-' || s.number AS cursor
FROM (
	SELECT l.*, l.expiry < d.today + ph.dispensing_lock_days AS locked, d.today
	FROM yaoku.pharmacy ph
	CROSS JOIN LATERAL (SELECT yaoku.today(ph.time_zone) AS today) d
	JOIN yaoku.lot l ON l.pharmacy_id = ph.id
	WHERE ($1::int IS NULL OR ph.id = $1) AND ($1::int IS NULL OR l.pharmacy_id = $1)
		AND yaoku.may_act_for(ph.id)
) l
JOIN yaoku.product p ON p.id = l.product_id
CROSS JOIN LATERAL (VALUES
	(1, CASE WHEN EXISTS (SELECT FROM yaoku.recall r
			WHERE r.product_id = l.product_id AND r.lot = l.lot AND r.lifted_at IS NULL) THEN 'recalled'
		WHEN l.locked THEN 'expired' ELSE 'usable' END, l.usable),
	(2, 'quarantined', l.quarantined),
	(3, 'in_transit', l.in_transit)) AS s (number, state, quantity)
WHERE s.quantity > 0
	AND ($2::int IS NULL OR l.product_id = $2)
	AND ($3::text IS NULL OR l.lot = $3)
	AND ($4::int IS NULL OR l.expiry BETWEEN l.today AND l.today + $4)
	AND ($5::text IS NULL OR s.state = $5)
	AND ($6::text IS NULL
		OR strpos(lower(concat_ws(' ', p.name, p.name_en, p.generic_name, p.maker, p.gtin)), lower($6)) > 0)
	AND ($7::text IS NULL OR (l.pharmacy_id, l.product_id, l.expiry, l.lot) >= (
		(SELECT a.pharmacy_id FROM after a), (SELECT a.product_id FROM after a), (SELECT a.expiry FROM after a),
		(SELECT a.lot FROM after a)))
	AND ($7::text IS NULL OR (l.pharmacy_id, l.product_id, l.expiry, l.lot, s.number) > (
		(SELECT a.pharmacy_id FROM after a), (SELECT a.product_id FROM after a), (SELECT a.expiry FROM after a),
		(SELECT a.lot FROM after a), (SELECT a.state FROM after a)))
ORDER BY l.pharmacy_id, l.product_id, l.expiry, l.lot, s.number
LIMIT $8::int
