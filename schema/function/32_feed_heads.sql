-- The last place of every supplier's feed, 0 while it is empty: what a worker looks at each second in case
-- that a notice was lost. Who may: the service; it says nothing about what is in the feeds.
CREATE OR REPLACE FUNCTION feed_heads() RETURNS TABLE (supplier_id int, head bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
	SELECT s.id, (SELECT coalesce(max(f.position), 0) FROM feed f WHERE f.supplier_id = s.id)
	FROM supplier s
$$;

ALTER FUNCTION feed_heads OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION feed_heads FROM PUBLIC;
GRANT EXECUTE ON FUNCTION feed_heads TO yaoku_app;
