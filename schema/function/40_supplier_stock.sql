-- The published levels of what the asking supplier supplies, page by page after (_after_pharmacy, _after_product).
-- `preferred`: it would be asked first if the shelf fell short now. Shelves without thresholds are not published.
--
-- Who may: a supplier, for its own products; it has no pharmacy scope, so this function reads on its behalf.
DROP FUNCTION IF EXISTS supplier_stock;
CREATE FUNCTION supplier_stock(_after_pharmacy int, _after_product int, _limit int)
RETURNS TABLE (pharmacy_id int, product_id int, gtin text, name text, on_hand int, on_order int, "position" int,
	minimum int, maximum int, preferred boolean, daily_demand real)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
	WITH page AS MATERIALIZED (
		SELECT s.pharmacy_id, s.product_id
		FROM shelf s
		WHERE (s.pharmacy_id, s.product_id) > (_after_pharmacy, _after_product) AND s.minimum IS NOT NULL
			AND s.product_id IN (SELECT c.product_id FROM supplier_product c WHERE c.supplier_id = my_supplier())
		ORDER BY s.pharmacy_id, s.product_id
		LIMIT _limit
	)
	SELECT s.pharmacy_id, s.product_id, p.gtin, p.name, s.on_hand, s.on_order, s.position, s.minimum, s.maximum,
		coalesce((SELECT c.supplier_id = my_supplier() FROM preferred_supplier(s.pharmacy_id, s.product_id) c), false),
		s.daily_demand
	FROM page g
	CROSS JOIN LATERAL (SELECT v.* FROM shelf_level v
		WHERE v.pharmacy_id = g.pharmacy_id AND v.product_id = g.product_id OFFSET 0) s
	JOIN product p ON p.id = s.product_id
	ORDER BY s.pharmacy_id, s.product_id
$$;

ALTER FUNCTION supplier_stock OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION supplier_stock FROM PUBLIC;
GRANT EXECUTE ON FUNCTION supplier_stock TO yaoku_app;
