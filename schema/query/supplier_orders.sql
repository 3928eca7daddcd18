-- A page of the asking supplier's feed. $1 status or NULL, $2 cursor, $3 limit.
-- Columns: orders (JSON array), cursor (read up to), head (the last place there is)
SELECT f.orders, f.cursor, f.head
FROM yaoku.supplier_orders($1::text, $2::bigint, $3::int) f
