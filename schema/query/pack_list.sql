-- Serialised packs, in the order of their codes.
--
-- $1 pharmacy id, $2 product id, $3 state, $4 trace code: each NULL for all; $5 cursor (pharmacy-code in hexadecimal),
-- $6 limit
-- Columns: as the items of GET /packs
SELECT k.code AS trace_code, k.pharmacy_id, k.product_id, p.name, l.lot, l.expiry, k.state,
	k.pharmacy_id || '-' || encode(convert_to(k.code, 'UTF8'), 'hex') AS cursor
FROM yaoku.pack k
JOIN yaoku.product p ON p.id = k.product_id
JOIN yaoku.lot l ON l.pharmacy_id = k.pharmacy_id AND l.id = k.lot_id
WHERE ($1::int IS NULL OR k.pharmacy_id = $1)
	AND ($2::int IS NULL OR k.product_id = $2)
	AND ($3::yaoku.pack_state IS NULL OR k.state = $3)
	AND ($4::text IS NULL OR k.code = $4)
	AND ($5::text IS NULL OR (k.pharmacy_id, k.code) > (split_part($5, '-', 1)::int,
		convert_from(decode(split_part($5, '-', 2), 'hex'), 'UTF8')))
ORDER BY k.pharmacy_id, k.code
LIMIT $6::int
