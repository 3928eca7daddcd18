-- What a pharmacy has, expects and publishes of a product: the one definition of "position".
--
--   on_hand    usable stock: not expired, not within the pharmacy's dispensing lock, not recalled
--   expiring   the part of it that will expire within 7 days before it is used, at daily_demand and issued
--              first expired first: max over lots i of (sum up to i - demand until i expires)
--              (the outdating term of Broekmeulen & van Donselaar 2009, EWA, in closed form for FEFO)
--   on_order   open order lines not shipped yet: confirmed, else ordered; and open shipment lines: what is on its
--              way, also of a line that was closed because it shipped short; each less received
--   position   on_hand - expiring + on_order
CREATE OR REPLACE VIEW shelf_level WITH (security_invoker = true) AS
SELECT s.pharmacy_id, s.product_id, s.minimum, s.maximum, s.source, s.explain, s.daily_demand,
	h.on_hand, h.expiring, o.on_order, h.on_hand - h.expiring + o.on_order AS position
FROM shelf s
JOIN pharmacy ph ON ph.id = s.pharmacy_id
CROSS JOIN LATERAL (
	SELECT coalesce(sum(l.usable), 0)::int AS on_hand,
		coalesce(max(ceil(l.up_to - s.daily_demand * (l.expiry - l.today + 1)))
			FILTER (WHERE l.expiry < l.today + 7 AND l.up_to > s.daily_demand * (l.expiry - l.today + 1)), 0)::int
			AS expiring
	FROM (SELECT a.usable, a.expiry, d.today, sum(a.usable) OVER (ORDER BY a.expiry, a.id) AS up_to
		FROM today(ph.time_zone) AS d (today)
		JOIN lot a ON a.pharmacy_id = s.pharmacy_id AND a.product_id = s.product_id
			AND a.expiry >= d.today + ph.dispensing_lock_days AND a.usable > 0
		WHERE NOT EXISTS (SELECT FROM recall r
			WHERE r.product_id = a.product_id AND r.lot = a.lot AND r.lifted_at IS NULL)) l
) h
CROSS JOIN LATERAL (
	SELECT (coalesce((SELECT sum(greatest(coalesce(ol.confirmed, ol.quantity) - ol.received, 0)) FROM order_line ol
			WHERE ol.pharmacy_id = s.pharmacy_id AND ol.product_id = s.product_id AND ol.open AND ol.shipped IS NULL), 0)
		+ coalesce((SELECT sum(greatest(sl.quantity - sl.received, 0)) FROM shipment_line sl
			WHERE sl.pharmacy_id = s.pharmacy_id AND sl.product_id = s.product_id AND sl.open), 0))::int AS on_order
) o;

GRANT SELECT ON shelf_level TO yaoku_app, yaoku_ledger, yaoku_auditor;
