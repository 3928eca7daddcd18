-- Lock the shelves of these pairs for change, making those that are missing, in the one order that everybody
-- keeps: (pharmacy_id, product_id). Pairs may repeat; a pair with NULL is passed over.
CREATE OR REPLACE FUNCTION lock_shelves(_pharmacy int[], _product int[]) RETURNS void
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	missing boolean;
BEGIN
	WITH wanted AS (
		SELECT DISTINCT w.pharmacy, w.product
		FROM unnest(_pharmacy, _product) AS w (pharmacy, product)
		WHERE w.product IS NOT NULL
	), locked AS MATERIALIZED (
		SELECT s.pharmacy_id, s.product_id
		FROM wanted w JOIN shelf s ON s.pharmacy_id = w.pharmacy AND s.product_id = w.product
		ORDER BY s.pharmacy_id, s.product_id
		FOR NO KEY UPDATE OF s
	)
	SELECT (SELECT count(*) FROM wanted) > (SELECT count(*) FROM locked) INTO missing;
	IF missing THEN
		INSERT INTO shelf (pharmacy_id, product_id)
		SELECT DISTINCT w.pharmacy, w.product
		FROM unnest(_pharmacy, _product) AS w (pharmacy, product)
		WHERE w.product IS NOT NULL
		ORDER BY 1, 2
		ON CONFLICT (pharmacy_id, product_id) DO NOTHING;
	END IF;
END $$;
