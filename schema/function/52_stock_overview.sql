-- The figures at the head of the stock overview, of one pharmacy or, with _pharmacy NULL, of all in scope.
--
--   stock_value, at_risk_value, expired_value    at cost: all on hand; what expires within the pharmacy's near-expiry
--                                                days; what is past its last day for dispensing
--   turnover_30d, turnover_30d_last_year         a year, over the 30 days before today, and the same days a year
--                                                ago; NULL when the ledger does not reach back so far
--   stock_outs                                   shelves with thresholds and nothing to dispense
--   open_orders, oldest_order_at, held_scans     what waits
--   recalls                                      in force, for a lot that is there
CREATE OR REPLACE FUNCTION stock_overview(_pharmacy int)
RETURNS TABLE (stock_value numeric, at_risk_value numeric, expired_value numeric, turnover_30d numeric,
	turnover_30d_last_year numeric, stock_outs bigint, open_orders bigint, oldest_order_at timestamptz, held_scans bigint,
	recalls bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = yaoku, pg_temp
SET plan_cache_mode = force_custom_plan		-- a plan for any argument is a hundred times slower
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH place AS MATERIALIZED (
		SELECT ph.id, today(ph.time_zone) AS today, ph.dispensing_lock_days, ph.near_expiry_days
		FROM pharmacy ph
		WHERE (_pharmacy IS NULL OR ph.id = $1) AND may_act_for(ph.id)
	), stock AS MATERIALIZED (
		SELECT l.pharmacy_id, l.product_id, l.lot, l.usable, (l.usable + l.quarantined) * l.unit_price AS value,
			l.expiry < p.today + p.dispensing_lock_days AS locked, l.expiry <= p.today + p.near_expiry_days AS near,
			r.id AS recall_id
		FROM place p
		JOIN lot l ON l.pharmacy_id = p.id
		LEFT JOIN LATERAL (SELECT min(r.id) AS id FROM recall r
			WHERE r.product_id = l.product_id AND r.lot = l.lot AND r.lifted_at IS NULL) r ON true
		WHERE (_pharmacy IS NULL OR l.pharmacy_id = $1) AND l.usable + l.quarantined > 0
	), sums AS (
		SELECT coalesce(sum(s.value), 0.00) AS stock_value,
			coalesce(sum(s.value) FILTER (WHERE s.near AND NOT s.locked), 0.00) AS at_risk_value,
			coalesce(sum(s.value) FILTER (WHERE s.locked), 0.00) AS expired_value, count(DISTINCT s.recall_id) AS recalls
		FROM stock s
	), outs AS (	-- by a probe for each shelf: the sums above are too wide a guess for the planner
		SELECT count(*) AS stock_outs
		FROM place p
		JOIN shelf h ON h.pharmacy_id = p.id AND h.minimum IS NOT NULL
		WHERE (_pharmacy IS NULL OR h.pharmacy_id = $1) AND NOT EXISTS (SELECT FROM lot l
			WHERE l.pharmacy_id = h.pharmacy_id AND l.product_id = h.product_id
				AND l.expiry >= p.today + p.dispensing_lock_days AND l.usable > 0
				AND NOT EXISTS (SELECT FROM recall r
					WHERE r.product_id = l.product_id AND r.lot = l.lot AND r.lifted_at IS NULL))
	), orders AS (
		SELECT count(*) AS open_orders, min(o.placed_at) AS oldest_order_at
		FROM place p
		JOIN purchase_order o ON o.pharmacy_id = p.id AND o.status IN ('open', 'confirmed', 'shipped')
	), held AS (
		SELECT count(*) AS held_scans
		FROM place p
		JOIN scan s ON s.pharmacy_id = p.id AND s.outcome = 'held'
	), span AS (
		SELECT max(p.today) - 30 AS first, min(m.at) AS oldest
		FROM place p
		LEFT JOIN LATERAL (SELECT m.at FROM movement m WHERE m.pharmacy_id = p.id ORDER BY m.id LIMIT 1) m ON true
	)
	SELECT sums.stock_value, sums.at_risk_value, sums.expired_value,
		(SELECT r.turnover FROM report_turnover(span.first, span.first + 29, 'all', _pharmacy) r) AS turnover_30d,
		CASE WHEN span.oldest < (span.first - 365)::timestamp AT TIME ZONE 'UTC' THEN
			(SELECT r.turnover FROM report_turnover(span.first - 365, span.first - 336, 'all', _pharmacy) r)
			END AS turnover_30d_last_year,
		outs.stock_outs, orders.open_orders, orders.oldest_order_at, held.held_scans, sums.recalls
	FROM sums, outs, orders, held, span;
END $$;
