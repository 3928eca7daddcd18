-- Expiry loss: what expiry has cost, and what it is about to cost.
--
--   written_off             taken off by write-off when the lot was expired or within the pharmacy's dispensing
--                           lock before expiry: the loss that earlier use would have avoided
--   other_write_off         the other write-offs: damage and the like; the two together are all of the ledger's
--   purchased_value         receipts
--   write_off_rate          written_off_value / purchased_value
--   expired_on_shelf        still there at the end of the last day, usable or quarantined by the book, though expired
--                           or locked the day after
--
-- Values are at the cost of the lot. Days, undone movements, _group_by, _pharmacy and totals: as in
-- 50_report_turnover.sql; expired_on_shelf does not add up over months, it is a level.
--
-- The shelf at the end of a day is reckoned back from now: lots that are locked by then, plus what was
-- taken from them since.
DROP FUNCTION IF EXISTS report_expiry_loss;
CREATE FUNCTION report_expiry_loss(_from date, _to date, _group_by text, _pharmacy int)
RETURNS TABLE (key text, label text, written_off_quantity bigint, written_off_value numeric,
	other_write_off_quantity bigint, other_write_off_value numeric, purchased_value numeric, write_off_rate numeric,
	expired_on_shelf_quantity bigint, expired_on_shelf_value numeric)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = yaoku, pg_temp
SET plan_cache_mode = force_custom_plan		-- a plan for any arguments is a thousand times slower
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH period AS (
		SELECT p.first, p.last FROM report_periods(_from, _to, _group_by, _pharmacy) p
	), moved AS (	-- since _from, of interest: write-offs, receipts, and whatever happened to locked lots
		SELECT m.pharmacy_id, m.product_id, d.day, m.kind, l.unit_price, l.expiry - ph.dispensing_lock_days AS good_to,
			m.quantity + coalesce(m.quarantined, 0) AS quantity
		FROM pharmacy ph
		JOIN movement m ON m.pharmacy_id = ph.id
		JOIN lot l ON l.pharmacy_id = m.pharmacy_id AND l.id = m.lot_id
		CROSS JOIN LATERAL (SELECT (m.at AT TIME ZONE ph.time_zone)::date AS day OFFSET 0) d
		WHERE (_pharmacy IS NULL OR m.pharmacy_id = _pharmacy)
			AND m.at >= _from::timestamp AT TIME ZONE 'UTC' - interval '1 day'
			AND (m.kind IN ('write_off', 'receive') OR m.at >= (l.expiry - ph.dispensing_lock_days)::timestamp AT TIME ZONE 'UTC'
				- interval '1 day')
			AND d.day >= _from
	), part AS (
		SELECT p.first, m.pharmacy_id, m.product_id,
			-m.quantity * (m.kind = 'write_off' AND m.day <= p.last AND m.good_to < m.day)::int AS lost,
			-m.quantity * (m.kind = 'write_off' AND m.day <= p.last AND m.good_to >= m.day)::int AS other,
			m.quantity * (m.kind = 'receive' AND m.day <= p.last)::int AS bought,
			-m.quantity * (m.day > p.last AND m.good_to <= p.last)::int AS expired,
			m.unit_price
		FROM period p
		JOIN moved m ON m.day >= p.first
		WHERE m.day <= p.last OR m.good_to <= p.last
		UNION ALL
		SELECT p.first, l.pharmacy_id, l.product_id, 0, 0, 0, l.usable + l.quarantined, l.unit_price
		FROM period p
		CROSS JOIN pharmacy ph
		JOIN lot l ON l.pharmacy_id = ph.id AND l.expiry - ph.dispensing_lock_days <= p.last
		WHERE (_pharmacy IS NULL OR l.pharmacy_id = _pharmacy) AND l.usable + l.quarantined > 0
	), figures AS (
		SELECT report_key(_group_by, t.pharmacy_id, t.product_id, s.supplier_id) AS key, t.first,
			sum(t.lost) AS lost, sum(t.lost * t.unit_price) AS lost_value,
			sum(t.other) AS other, sum(t.other * t.unit_price) AS other_value,
			sum(t.bought * t.unit_price) AS bought_value,
			sum(t.expired) AS expired, sum(t.expired * t.unit_price) AS expired_value
		FROM part t
		LEFT JOIN first_supplier s ON s.product_id = t.product_id AND _group_by = 'supplier'
		GROUP BY 1, t.first
	)
	SELECT CASE WHEN _group_by = 'month' THEN to_char(f.first, 'YYYY-MM') ELSE coalesce(f.key::text, '') END,
		report_label(_group_by, f.key, f.first),
		f.lost::bigint, round(f.lost_value, 2), f.other::bigint, round(f.other_value, 2), round(f.bought_value, 2),
		round(f.lost_value / nullif(f.bought_value, 0), 4), f.expired::bigint, round(f.expired_value, 2)
	FROM figures f
	WHERE f.lost <> 0 OR f.other <> 0 OR f.bought_value <> 0 OR f.expired <> 0
	ORDER BY f.first, f.key;
END $$;
