-- Shelves with their published thresholds and present level.
--
-- $1 pharmacy id, $2 product id, $3 search (part of a name, maker or GTIN): each NULL for all;
-- $4 cursor (pharmacy-product), $5 limit
-- Columns: as the items of GET /thresholds
WITH page AS MATERIALIZED (
	SELECT s.pharmacy_id, s.product_id, p.name
	FROM yaoku.shelf s
	JOIN yaoku.product p ON p.id = s.product_id
	WHERE ($1::int IS NULL OR s.pharmacy_id = $1)
		AND ($2::int IS NULL OR s.product_id = $2)
		AND ($3::text IS NULL
			OR strpos(lower(concat_ws(' ', p.name, p.name_en, p.generic_name, p.maker, p.gtin)), lower($3)) > 0)
		AND ($4::text IS NULL
			OR (s.pharmacy_id, s.product_id) > (split_part($4, '-', 1)::int, split_part($4, '-', 2)::int))
	ORDER BY s.pharmacy_id, s.product_id
	LIMIT $5::int
)
SELECT s.pharmacy_id, s.product_id, g.name, s.minimum, s.maximum, s.source, s.explain, s.on_hand, s.on_order,
	s.position, s.daily_demand, s.pharmacy_id || '-' || s.product_id AS cursor
FROM page g
CROSS JOIN LATERAL (SELECT v.* FROM yaoku.shelf_level v
	WHERE v.pharmacy_id = g.pharmacy_id AND v.product_id = g.product_id OFFSET 0) s
ORDER BY s.pharmacy_id, s.product_id
