-- True while an order is still expected after the last day promised for one of its lines, or, as long as nothing is
-- promised, after the supplier's lead time: by the pharmacy's calendar. Sees what the asker may see.
CREATE OR REPLACE FUNCTION is_overdue(_pharmacy int, _order bigint, _supplier int, _status order_status,
	_placed_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT _status IN ('open', 'confirmed', 'shipped') AND yaoku.today(ph.time_zone) > coalesce(
		(SELECT max(ol.promised_on) FROM yaoku.order_line ol WHERE ol.pharmacy_id = _pharmacy AND ol.order_id = _order),
		(_placed_at AT TIME ZONE ph.time_zone)::date + s.lead_days)
	FROM yaoku.pharmacy ph, yaoku.supplier s
	WHERE ph.id = _pharmacy AND s.id = _supplier;
END;
