-- Order what the level test finds although nothing was scanned: lots that expired at midnight or came near it,
-- recalls, a shelf nobody could supply before. Returns the number of order lines made.
--
-- Two passes, because shelf_level costs too much for every shelf of the district each minute. The first reads
-- every lot once and keeps the shelves that may be short: the usable stock that is good for 7 days or more is a
-- lower bound of the position (what may expire in use is all within 7 days, and is never more than there is).
-- The second asks shelf_level, and who could supply, of these only. At most _limit shelves are ordered for in one
-- call, so that no shelf stays locked for long; the rest is found again by the next call, because whoever was
-- ordered for is no longer short.
--
-- Who may: the job (yaoku_app). Locks: the shelves found, in order, then what place_orders locks.
CREATE OR REPLACE FUNCTION sweep_levels(_limit int DEFAULT 500) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	pharmacies int[];
	products int[];
BEGIN
	WITH day AS MATERIALIZED (
		SELECT ph.id, today(ph.time_zone) + greatest(ph.dispensing_lock_days, 7) AS first_safe FROM pharmacy ph
	), safe AS (
		SELECT l.pharmacy_id, l.product_id, sum(l.usable) AS usable
		FROM lot l
		JOIN day d ON d.id = l.pharmacy_id
		WHERE l.usable > 0 AND l.expiry >= d.first_safe
			AND NOT EXISTS (SELECT FROM recall r
				WHERE r.product_id = l.product_id AND r.lot = l.lot AND r.lifted_at IS NULL)
		GROUP BY l.pharmacy_id, l.product_id
	), suspect AS MATERIALIZED (
		SELECT s.pharmacy_id, s.product_id
		FROM shelf s
		LEFT JOIN safe a ON a.pharmacy_id = s.pharmacy_id AND a.product_id = s.product_id
		WHERE coalesce(a.usable, 0) <= s.minimum
			AND NOT EXISTS (SELECT FROM order_line ol
				WHERE ol.pharmacy_id = s.pharmacy_id AND ol.product_id = s.product_id AND ol.open)
	), short AS (
		SELECT s.pharmacy_id, s.product_id
		FROM suspect t
		CROSS JOIN LATERAL (SELECT v.* FROM shelf_level v
			WHERE v.pharmacy_id = t.pharmacy_id AND v.product_id = t.product_id OFFSET 0) s
		WHERE s.position <= s.minimum AND s.position < s.maximum
			AND EXISTS (SELECT FROM preferred_supplier(s.pharmacy_id, s.product_id))
		LIMIT _limit
	)
	SELECT array_agg(s.pharmacy_id), array_agg(s.product_id) INTO pharmacies, products FROM short s;
	IF pharmacies IS NULL THEN
		RETURN 0;
	END IF;
	PERFORM lock_shelves(pharmacies, products);
	RETURN place_orders(pharmacies, products);
END $$;

ALTER FUNCTION sweep_levels OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION sweep_levels FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sweep_levels TO yaoku_app;
