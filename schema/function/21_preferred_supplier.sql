-- Who would be asked for a product of this pharmacy now, and at which price; no row when nobody can be:
-- the lowest rank, then the lowest price, of those who have not declined it here within 24 hours.
-- A plain query, so that the planner puts it in place of the call.
CREATE OR REPLACE FUNCTION preferred_supplier(_pharmacy int, _product int)
RETURNS TABLE (supplier_id int, unit_price numeric) LANGUAGE sql STABLE
AS $$
	SELECT c.supplier_id, c.unit_price
	FROM supplier_product c
	WHERE c.product_id = _product
		AND NOT EXISTS (SELECT FROM order_line d
			WHERE d.pharmacy_id = _pharmacy AND d.product_id = _product AND d.supplier_id = c.supplier_id
				AND d.declined_at > now() - interval '24 hours')
	ORDER BY c.rank, c.unit_price, c.supplier_id
	LIMIT 1
$$;
