-- Lock the shelves of these pairs for change, making those that are missing, in the one order that everybody
-- keeps: (pharmacy_id, product_id). Pairs may repeat; a pair with NULL is passed over. Returns each pair's published
-- minimum, in the order given; NULL where there is none.
DROP FUNCTION IF EXISTS lock_shelves;
CREATE FUNCTION lock_shelves(_pharmacy int[], _product int[]) RETURNS int[]
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $$
DECLARE
	missing boolean;
	minima int[];
BEGIN
	WITH locked AS MATERIALIZED (
		SELECT w.ord, s.minimum
		FROM unnest(_pharmacy, _product) WITH ORDINALITY AS w (pharmacy, product, ord)
		JOIN shelf s ON s.pharmacy_id = w.pharmacy AND s.product_id = w.product
		ORDER BY s.pharmacy_id, s.product_id
		FOR NO KEY UPDATE OF s
	), named AS (	-- a place for those that name no product or have no shelf yet
		SELECT l.ord, l.minimum, 1 AS locked FROM locked l
		UNION ALL
		SELECT w.ord, NULL, 0 FROM unnest(_product) WITH ORDINALITY AS w (product, ord) WHERE w.product IS NULL
	)
	SELECT array_agg(n.minimum ORDER BY n.ord), count(*) < coalesce(cardinality(_product), 0) INTO minima, missing FROM named n;
	IF NOT missing THEN
		RETURN minima;
	END IF;
	INSERT INTO shelf (pharmacy_id, product_id)
	SELECT DISTINCT w.pharmacy, w.product
	FROM unnest(_pharmacy, _product) AS w (pharmacy, product)
	WHERE w.product IS NOT NULL
	ORDER BY 1, 2
	ON CONFLICT (pharmacy_id, product_id) DO NOTHING;
	RETURN lock_shelves(_pharmacy, _product);
END $$;
