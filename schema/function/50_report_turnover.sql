-- Turnover: how often the stock was dispensed in a year at the pace of these days.
--
--   dispensed_value       what was dispensed, at the cost of its lot; with zero mark-up also its price
--   mean_inventory_value  I = mean over the days of (on hand at the end of the day x cost of the lot);
--                         on hand is usable and quarantined, goods in transit are excluded
--   turnover              dispensed_value x 365 / days / I
--   days_of_stock         365 / turnover
--
-- Days are whole days in the pharmacy's zone, from _from to _to; days to come are left out. An undone
-- movement counts against its kind on the day of the undoing, so a closed month never changes.
-- _group_by: pharmacy, product, supplier (the one asked first for the product) or month; _pharmacy NULL: all in scope.
-- There is no total row: quantities and values add up, and so do the means, except over months.
--
-- The end of each day is reckoned back from the stock of now: with v(d) the change of value on day d and n
-- days, I = now - sum over d > _from of v(d) x min(d - _from, n) / n. So only movements since _from are read.
DROP FUNCTION IF EXISTS report_turnover;
CREATE FUNCTION report_turnover(_from date, _to date, _group_by text, _pharmacy int)
RETURNS TABLE (key text, label text, dispensed_quantity bigint, dispensed_value numeric, mean_inventory_value numeric,
	turnover numeric, days_of_stock numeric)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = yaoku, pg_temp
SET plan_cache_mode = force_custom_plan		-- a plan for any arguments is a thousand times slower
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH period AS (
		SELECT p.first, p.last, p.last - p.first + 1 AS days
		FROM report_periods(_from, _to, _group_by, _pharmacy) p
	), priced AS (	-- lots with their group; money in cents, because sums of integers are fast
		SELECT l.pharmacy_id, l.id, report_key(_group_by, l.pharmacy_id, l.product_id, s.supplier_id) AS key,
			(l.unit_price * 100)::bigint AS cents, l.usable + l.quarantined AS quantity
		FROM lot l
		LEFT JOIN first_supplier s ON s.product_id = l.product_id AND _group_by = 'supplier'
		WHERE _pharmacy IS NULL OR l.pharmacy_id = _pharmacy
	), flow AS (
		SELECT l.key, (m.at AT TIME ZONE ph.time_zone)::date AS day,
			-sum(m.quantity) FILTER (WHERE m.kind = 'dispense') AS dispensed,
			-sum(m.quantity * l.cents) FILTER (WHERE m.kind = 'dispense') AS dispensed_value,
			sum((m.quantity + coalesce(m.quarantined, 0)) * l.cents) AS change
		FROM movement m
		JOIN priced l ON l.pharmacy_id = m.pharmacy_id AND l.id = m.lot_id
		JOIN pharmacy ph ON ph.id = m.pharmacy_id
		WHERE (_pharmacy IS NULL OR m.pharmacy_id = _pharmacy)
			AND m.at >= _from::timestamp AT TIME ZONE 'UTC' - interval '1 day'
		GROUP BY 1, 2
	), part AS (
		SELECT f.key, f.day, f.dispensed, f.dispensed_value, f.change, NULL::numeric AS now
		FROM flow f
		UNION ALL
		SELECT l.key, NULL, NULL, NULL, NULL, sum(l.quantity * l.cents)
		FROM priced l
		GROUP BY l.key
	), figures AS (
		SELECT t.key, p.first, p.days,
			coalesce(sum(t.dispensed) FILTER (WHERE t.day BETWEEN p.first AND p.last), 0) AS dispensed,
			coalesce(sum(t.dispensed_value) FILTER (WHERE t.day BETWEEN p.first AND p.last), 0) / 100 AS dispensed_value,
			(coalesce(sum(t.now), 0)
				- coalesce(sum(t.change * least(t.day - p.first, p.days)) FILTER (WHERE t.day > p.first), 0)
				/ p.days) / 100 AS inventory
		FROM period p CROSS JOIN part t
		GROUP BY t.key, p.first, p.days
	)
	SELECT CASE WHEN _group_by = 'month' THEN to_char(f.first, 'YYYY-MM') ELSE coalesce(f.key::text, '') END,
		report_label(_group_by, f.key, f.first),
		f.dispensed::bigint, round(f.dispensed_value, 2), round(f.inventory, 2),
		round(f.dispensed_value * 365 / f.days / nullif(f.inventory, 0), 2),
		round(f.inventory * f.days / nullif(f.dispensed_value, 0), 1)
	FROM figures f
	WHERE f.dispensed <> 0 OR f.dispensed_value <> 0 OR f.inventory <> 0
	ORDER BY f.first, f.key;
END $$;
