-- One page of the asking supplier's feed, after a cursor (0: from the oldest), as one row:
--   orders   JSON array of order documents, at most _limit
--   cursor   the place read up to: rows that the filter left out are behind it too
--   head     the last place there is; when it lies beyond the cursor, there is more to read
--
-- A document is what the supplier was told at that revision. With a status, only orders that have it now are
-- given, and then their status member says so, whatever it was at the revision.
--
-- One call looks at 10,000 places at most, so that a filter that matches little costs little. Places have no gaps.
--
-- Who may: a supplier, for itself. Also notes that the supplier polls, at most once a minute.
GRANT UPDATE (last_poll_at) ON supplier TO yaoku_ledger;

CREATE OR REPLACE FUNCTION supplier_orders(_status text, _cursor bigint, _limit int)
RETURNS TABLE (orders json, cursor bigint, head bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	me int := my_supplier();
	wanted order_status := _status::order_status;
BEGIN
	UPDATE supplier SET last_poll_at = now()
	WHERE id = me AND coalesce(last_poll_at < now() - interval '1 minute', true);

	RETURN QUERY
	WITH top AS (
		SELECT coalesce(max(f.position), 0) AS head FROM feed f WHERE f.supplier_id = me
	), page AS MATERIALIZED (
		SELECT f.position, r.document, o.status
		FROM feed f
		JOIN order_revision r ON r.pharmacy_id = f.pharmacy_id AND r.order_id = f.order_id AND r.revision = f.revision
		JOIN purchase_order o ON o.pharmacy_id = f.pharmacy_id AND o.id = f.order_id
		WHERE f.supplier_id = me AND f.position > _cursor AND f.position <= _cursor + 10000
			AND (wanted IS NULL OR o.status = wanted)
		ORDER BY f.position
		LIMIT _limit
	)
	SELECT coalesce('[' || string_agg((CASE WHEN wanted IS NULL THEN p.document
			ELSE p.document || jsonb_build_object('status', p.status) END)::text, ',' ORDER BY p.position) || ']', '[]')::json,
		CASE WHEN count(*) = _limit THEN max(p.position)
			ELSE greatest(_cursor, least(_cursor + 10000, (SELECT t.head FROM top t))) END,
		(SELECT t.head FROM top t)
	FROM page p;
END $$;

ALTER FUNCTION supplier_orders OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION supplier_orders FROM PUBLIC;
GRANT EXECUTE ON FUNCTION supplier_orders TO yaoku_app;
