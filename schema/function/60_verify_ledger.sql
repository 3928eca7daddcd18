-- What must always hold in the ledger, check by check: how many things were looked at, how many are wrong, and
-- the first of them. Reads what the asker may see: an auditor everything.
--
--   stock       per lot, the sum of its movements is its stock, in each state
--   movements   every movement's lot is there and is of its product
--   scans       every posted scan's movement is there
--   packs       every pack's lot and last movement are there
--   reversals   an undoing names a movement of the same lot and kind, with the opposite quantity
--   chain       per pharmacy, blocks are numbered from 1 without a gap, follow on each other, and lie below the
--               sealer's mark
--   seals       each block's hash is SHA-256(previous hash || its rows as they are now), and it has as many rows
--   sealed      no movement lies below the sealer's mark and outside of its pharmacy's blocks
CREATE OR REPLACE FUNCTION verify_ledger()
RETURNS TABLE (rule text, looked_at bigint, wrong bigint, first_bad text)
LANGUAGE sql STABLE
SET search_path = yaoku, pg_temp
SET work_mem = '128MB'
AS $$
	WITH sums AS MATERIALIZED (
		SELECT m.pharmacy_id, m.lot_id, sum(m.quantity) AS usable, coalesce(sum(m.quarantined), 0) AS quarantined,
			coalesce(sum(m.in_transit), 0) AS in_transit
		FROM movement m
		GROUP BY m.pharmacy_id, m.lot_id
	), ends AS MATERIALIZED (
		SELECT s.pharmacy_id, max(s.to_id) AS to_id FROM seal s GROUP BY s.pharmacy_id
	), block AS (
		SELECT s.pharmacy_id, s.number, s.movements, s.hash,
			lag(s.hash) OVER (PARTITION BY s.pharmacy_id ORDER BY s.number) AS previous,
			count(m.id) AS rows, string_agg(movement_text(m) || E'\n', '' ORDER BY m.id) AS text
		FROM seal s
		LEFT JOIN movement m ON m.pharmacy_id = s.pharmacy_id AND m.id > s.from_id AND m.id <= s.to_id
		GROUP BY s.pharmacy_id, s.number, s.movements, s.hash
	), link AS (
		SELECT s.pharmacy_id, s.number, s.from_id, s.to_id,
			row_number() OVER w AS position, coalesce(lag(s.to_id) OVER w, 0) AS end_before
		FROM seal s
		WINDOW w AS (PARTITION BY s.pharmacy_id ORDER BY s.number)
	)
	SELECT 'stock', count(*), count(*) FILTER (WHERE b.bad),
		min(format('pharmacy %s lot %s (%s): movements give %s usable, %s quarantined, %s in transit; stock says %s, %s, %s',
			b.pharmacy_id, b.id, b.lot, b.in_usable, b.in_quarantine, b.on_the_way, b.usable, b.quarantined, b.in_transit))
			FILTER (WHERE b.bad)
	FROM (
		SELECT l.*, coalesce(s.usable, 0) AS in_usable, coalesce(s.quarantined, 0) AS in_quarantine,
			coalesce(s.in_transit, 0) AS on_the_way,
			(coalesce(s.usable, 0), coalesce(s.quarantined, 0), coalesce(s.in_transit, 0))
				<> (l.usable::bigint, l.quarantined::bigint, l.in_transit::bigint) AS bad
		FROM lot l
		LEFT JOIN sums s ON s.pharmacy_id = l.pharmacy_id AND s.lot_id = l.id
	) b
	UNION ALL
	SELECT 'movements', count(*), count(*) FILTER (WHERE l.id IS NULL),
		min(format('pharmacy %s movement %s: no lot %s of product %s', m.pharmacy_id, m.id, m.lot_id, m.product_id))
			FILTER (WHERE l.id IS NULL)
	FROM movement m
	LEFT JOIN lot l ON l.pharmacy_id = m.pharmacy_id AND l.id = m.lot_id AND l.product_id = m.product_id
	UNION ALL
	SELECT 'scans', count(*), count(*) FILTER (WHERE m.id IS NULL),
		min(format('pharmacy %s scan %s: no movement %s', s.pharmacy_id, s.id, coalesce(s.movement_id::text, 'at all')))
			FILTER (WHERE m.id IS NULL)
	FROM scan s
	LEFT JOIN movement m ON m.pharmacy_id = s.pharmacy_id AND m.id = s.movement_id
	WHERE s.outcome = 'posted'
	UNION ALL
	SELECT 'packs', count(*), count(*) FILTER (WHERE l.id IS NULL OR m.id IS NULL),
		min(format('pharmacy %s pack %s: no lot %s or no movement %s of it', k.pharmacy_id, k.code, k.lot_id, k.movement_id))
			FILTER (WHERE l.id IS NULL OR m.id IS NULL)
	FROM pack k
	LEFT JOIN lot l ON l.pharmacy_id = k.pharmacy_id AND l.id = k.lot_id AND l.product_id = k.product_id
	LEFT JOIN movement m ON m.pharmacy_id = k.pharmacy_id AND m.id = k.movement_id AND m.lot_id = k.lot_id
	UNION ALL
	SELECT 'reversals', count(*), count(*) FILTER (WHERE o.id IS NULL),
		min(format('pharmacy %s movement %s: does not undo movement %s', r.pharmacy_id, r.id, r.reverses))
			FILTER (WHERE o.id IS NULL)
	FROM movement r
	LEFT JOIN movement o ON o.pharmacy_id = r.pharmacy_id AND o.id = r.reverses AND o.lot_id = r.lot_id AND o.kind = r.kind
		AND o.quantity = -r.quantity AND coalesce(o.quarantined, 0) = -coalesce(r.quarantined, 0)
	WHERE r.reverses IS NOT NULL
	UNION ALL
	SELECT 'chain', count(*), count(*) FILTER (WHERE b.bad),
		min(format('pharmacy %s block %s: covers %s to %s after a block that ends at %s', b.pharmacy_id, b.number, b.from_id,
			b.to_id, b.end_before)) FILTER (WHERE b.bad)
	FROM (
		SELECT l.*, l.number <> l.position OR l.from_id <> l.end_before OR l.to_id <= l.from_id
			OR l.to_id > (SELECT z.sealed_to FROM sealer z) AS bad
		FROM link l
	) b
	UNION ALL
	SELECT 'seals', count(*), count(*) FILTER (WHERE c.bad),
		min(format('pharmacy %s block %s: sealed with %s rows, has %s; the hash does not fit', c.pharmacy_id, c.number,
			c.movements, c.rows)) FILTER (WHERE c.bad)
	FROM (
		SELECT b.*, b.rows <> b.movements OR block_hash(b.previous, coalesce(b.text, '')) <> b.hash AS bad
		FROM block b
	) c
	UNION ALL
	SELECT 'sealed', count(*), count(*) FILTER (WHERE coalesce(e.to_id, 0) < m.id),
		min(format('pharmacy %s movement %s: not in any block, though it is below the seal', m.pharmacy_id, m.id))
			FILTER (WHERE coalesce(e.to_id, 0) < m.id)
	FROM movement m
	LEFT JOIN ends e ON e.pharmacy_id = m.pharmacy_id
	WHERE m.id <= (SELECT z.sealed_to FROM sealer z)
$$;

-- How long the tail is that no block covers yet.
CREATE OR REPLACE FUNCTION unsealed_movements() RETURNS bigint LANGUAGE sql STABLE
SET search_path = yaoku, pg_temp
AS $$ SELECT count(*) FROM movement m WHERE m.id > (SELECT z.sealed_to FROM sealer z) $$;
