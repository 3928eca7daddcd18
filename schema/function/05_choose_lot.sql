-- The lot that a movement is about, or no row; read in the order of the index, so first expired first.
--
-- `_known`, the pack's lot, decides where there is one; else the lot text, with the expiry if that is known; else, going
-- out, the first lot of that expiry that has any of what the movement takes (`_usable` and `_quarantined` are its signs),
-- a recalled one only if the movement is not `_locked`. `_recalls` false: there are no recalls to ask about.
CREATE OR REPLACE FUNCTION choose_lot(_pharmacy int, _product int, _known bigint, _lot text, _expiry date,
	_usable int, _quarantined int, _locked boolean, _recalls boolean)
RETURNS TABLE (id bigint, lot text, expiry date, usable int, quarantined int)
LANGUAGE sql STABLE
AS $$
	SELECT a.id, a.lot, a.expiry, a.usable, a.quarantined
	FROM lot a
	WHERE a.pharmacy_id = _pharmacy AND a.product_id = _product
		AND a.expiry BETWEEN coalesce(_expiry, '-infinity') AND coalesce(_expiry, 'infinity') AND CASE
		WHEN _known IS NOT NULL THEN a.id = _known
		WHEN _lot IS NOT NULL THEN a.lot = _lot
		ELSE (a.usable * -_usable > 0 OR a.quarantined * -_quarantined > 0)
			AND NOT (_locked AND _recalls AND EXISTS (SELECT FROM recall r
				WHERE r.product_id = a.product_id AND r.lot = a.lot AND r.lifted_at IS NULL)) END
	ORDER BY a.expiry, a.lot
	LIMIT 1
$$;
