-- The shipment line that goods coming in belong to, or no row.
--
-- With an order: the product's open line in it, best the one of this pack or lot. Without: only if it is certain,
-- that is the line that announced the pack, or the only open one of the product (and lot) that still expects as
-- much. Two lines that differ only by lot are never told apart by guessing: then there is no row.
-- `remaining` is what the line still expects; `strange`: the shipment announced the line's packs, and not this one. Pharmacy NULL: no row, at no cost.
DROP FUNCTION IF EXISTS find_shipment_line;
CREATE FUNCTION find_shipment_line(_pharmacy int, _product int, _order bigint, _pack text, _lot text, _wanted int)
RETURNS TABLE (order_id bigint, number int, line int, lot text, expiry date, remaining int, unit_price numeric,
	strange boolean)
LANGUAGE sql STABLE
AS $$
	SELECT c.order_id, c.number, c.line, c.lot, c.expiry, c.remaining, o.unit_price, _pack IS NOT NULL AND NOT c.announced
		AND EXISTS (SELECT FROM shipment_pack q
			WHERE q.pharmacy_id = c.pharmacy_id AND q.order_id = c.order_id AND q.number = c.number)
	FROM (
		SELECT s.pharmacy_id, s.order_id, s.number, s.line, s.lot, s.expiry, s.quantity - s.received AS remaining,
			p.code IS NOT NULL AS announced, count(*) OVER () AS candidates,
			row_number() OVER (ORDER BY p.code IS NULL, s.lot IS DISTINCT FROM _lot, s.quantity - s.received < _wanted,
				s.order_id, s.number) AS place
		FROM shipment_line s
		LEFT JOIN shipment_pack p ON p.pharmacy_id = s.pharmacy_id AND p.code = _pack
			AND p.order_id = s.order_id AND p.number = s.number
		WHERE s.pharmacy_id = _pharmacy AND s.product_id = _product AND s.open
			AND (_order IS NOT NULL AND s.order_id = _order OR _order IS NULL AND (_lot IS NULL OR s.lot = _lot))
	) c
	JOIN order_line o ON o.pharmacy_id = c.pharmacy_id AND o.order_id = c.order_id AND o.line = c.line
	WHERE c.place = 1 AND CASE WHEN _order IS NOT NULL THEN _lot IS NOT NULL OR c.announced OR c.candidates = 1
		ELSE c.remaining >= _wanted AND (c.announced OR c.candidates = 1) END
$$;
