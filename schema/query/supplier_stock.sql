-- The published levels of what the asking supplier supplies. $1 cursor (pharmacy-product), $2 limit.
-- Columns: as the items of GET /supplier/stock
SELECT s.pharmacy_id, s.product_id, s.gtin, s.name, s.on_hand, s.on_order, s.position, s.minimum, s.maximum,
	s.preferred, s.daily_demand, s.pharmacy_id || '-' || s.product_id AS cursor
FROM yaoku.supplier_stock(coalesce(split_part($1::text, '-', 1)::int, 0), coalesce(split_part($1, '-', 2)::int, 0),
	$2::int) s
