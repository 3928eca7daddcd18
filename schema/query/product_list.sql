-- The medicines. $1 search (part of a name, maker, GTIN or approval number), $2 product id: each NULL for all;
-- $3 cursor (after this id), $4 limit. Columns: as the items of GET /products
SELECT p.id, p.name, p.name_en, p.generic_name, p.strength, p.form, p.maker, p.approval_number, p.gtin, p.trace_prefix,
	p.units_per_order_unit, p.order_unit, p.price, p.shelf_life_days, p.essential, p.antibiotic, p.id AS cursor
FROM yaoku.product p
WHERE p.id > coalesce($3::int, 0)
	AND ($2::int IS NULL OR p.id = $2)
	AND ($1::text IS NULL OR strpos(lower(concat_ws(' ', p.name, p.name_en, p.generic_name, p.maker, p.gtin, p.approval_number)),
		lower($1)) > 0)
ORDER BY p.id
LIMIT $4::int
