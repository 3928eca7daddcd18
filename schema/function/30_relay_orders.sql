-- Give every committed revision that has none its place in its supplier's feed, and wake who waits for it.
-- Returns the suppliers touched.
--
-- The place is the highest one of the supplier plus 1, counted up. That is safe because only one relay runs at
-- a time: it reads committed rows only, and what it gives becomes visible all at once, so nobody who has read up
-- to a place ever finds something new at or below it. A sequence or an id drawn by the writers could not promise
-- that: they commit in another order than they draw. The job's lease makes it one relay; the lock here covers the
-- moment in which a lost lease has a new holder already. A supplier's row is never locked, so no two pharmacies
-- ever wait for each other because they order from the same supplier.
--
-- Revisions of one order keep their order: all of an order are here once its newest is, and order_id, revision
-- sorts them. Run every 200 ms: with nothing to do it reads an empty partial index.
--
-- Who may: the job (yaoku_app). Locks: the relay's own advisory lock.
CREATE OR REPLACE FUNCTION relay_orders() RETURNS SETOF int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
	suppliers int[];
BEGIN
	PERFORM pg_advisory_xact_lock(7958, 2);
	WITH waiting AS MATERIALIZED (
		SELECT r.supplier_id, r.pharmacy_id, r.order_id, r.revision
		FROM order_revision r
		WHERE NOT r.relayed
		ORDER BY r.order_id, r.revision
		LIMIT 2000
	), placed AS (
		INSERT INTO feed (supplier_id, position, pharmacy_id, order_id, revision)
		SELECT w.supplier_id, h.head + row_number() OVER (PARTITION BY w.supplier_id ORDER BY w.order_id, w.revision),
			w.pharmacy_id, w.order_id, w.revision
		FROM waiting w
		JOIN (SELECT s.supplier_id, (SELECT coalesce(max(f.position), 0) FROM feed f WHERE f.supplier_id = s.supplier_id)
			AS head FROM (SELECT DISTINCT supplier_id FROM waiting) s) h ON h.supplier_id = w.supplier_id
	), marked AS (
		UPDATE order_revision r SET relayed = true
		FROM waiting w
		WHERE r.pharmacy_id = w.pharmacy_id AND r.order_id = w.order_id AND r.revision = w.revision
	)
	SELECT array_agg(DISTINCT w.supplier_id) INTO suppliers FROM waiting w;
	PERFORM pg_notify('yaoku_feed', s::text) FROM unnest(suppliers) AS s;
	RETURN QUERY SELECT s FROM unnest(suppliers) AS s;
END $$;

ALTER FUNCTION relay_orders OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION relay_orders FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relay_orders TO yaoku_app;
