-- What the codes of a group of scans mean, and who may post them where: one row for each, in the arrays' order `ord`.
-- The arrays are those of post_scans, which this is the first step of.
--
--   allowed            1, or 0: the sender or operator is not of that pharmacy (a binding: it is out of scope)
--   product_id, units  the product, and base units in what the code stands for. The master data go before what the
--                      pharmacy's people have said of the code, and that before what the district has learned.
--                      What a person chose stands above all; the code then counts if it means that product.
--   code_id            the learned binding that said so; NULL: the master data, or a person alone
--   lot, expiry        as given, else the binding's where it stands for a lot
--   problem, detail    as given; or needs_review when code or request names another lot or expiry than the binding
--
-- The district's binding is passed over where the pharmacy has revoked a binding of that code since: there the code is
-- unknown until it is bound or approved anew.
--
-- Plain SQL without settings of its own, so the planner takes it into the caller's statement. A code of the master data
-- searches the learned ones with NULL, which reads nothing; LIMIT makes it a search by index even where the planner
-- takes a table for empty that has grown since.
DROP FUNCTION IF EXISTS resolve_scans;
CREATE FUNCTION resolve_scans(_pharmacy int[], _lookup text[], _lot text[], _expiry date[], _operator int[],
	_sender int[], _problem text[], _detail text[], _product int[])
RETURNS TABLE (ord bigint, allowed int, product_id int, units int, code_id bigint, lot text, expiry date,
	problem text, detail text)
LANGUAGE sql STABLE
AS $$
	SELECT i.ord,
		CASE WHEN i.product IS NOT NULL THEN may_act_for(i.pharmacy)
			ELSE s.id IS NOT NULL AND (i.operator = i.sender OR o.id IS NOT NULL) END::int,
		coalesce(i.product, c.product_id, own.product_id, d.product_id),
		coalesce(CASE WHEN coalesce(c.product_id = i.product, true) THEN c.units END, own.units, d.units, 1),
		k.id,
		coalesce(i.lot, CASE WHEN coalesce(i.expiry = k.expiry, true) THEN k.lot END),
		coalesce(i.expiry, CASE WHEN coalesce(i.lot = k.lot, true) THEN k.expiry END),
		CASE WHEN k.strange THEN 'needs_review' ELSE i.problem END,
		CASE WHEN k.strange THEN concat_ws(' ', 'contradicts: this code stands for lot', k.lot, k.expiry::text) || '; compare with the pack'
			ELSE i.detail END
	FROM unnest(_pharmacy, _lookup, _lot, _expiry, _operator, _sender, _problem, _detail, _product)
		WITH ORDINALITY AS i (pharmacy, lookup, lot, expiry, operator, sender, problem, detail, product, ord)
	LEFT JOIN account s ON s.id = i.sender AND s.disabled_at IS NULL AND (s.pharmacy_id = i.pharmacy
		OR s.role = 'admin' AND EXISTS (SELECT FROM pharmacy p WHERE p.id = i.pharmacy))
	LEFT JOIN account o ON o.id = nullif(i.operator, i.sender) AND o.disabled_at IS NULL
		AND (o.pharmacy_id = i.pharmacy OR o.role = 'admin')
	LEFT JOIN product_code c ON c.code = i.lookup
	LEFT JOIN LATERAL (SELECT l.* FROM pharmacy_code l
		WHERE l.pharmacy_id = i.pharmacy AND l.code = CASE WHEN c.code IS NULL THEN i.lookup END AND l.revoked_at IS NULL
			AND coalesce(l.product_id = i.product, true)
		LIMIT 1) own ON true
	LEFT JOIN LATERAL (SELECT l.* FROM district_code l
		WHERE l.code = CASE WHEN c.code IS NULL AND own.code IS NULL THEN i.lookup END AND l.revoked_at IS NULL
			AND coalesce(l.product_id = i.product, true) AND NOT EXISTS (SELECT FROM pharmacy_code r
				WHERE r.pharmacy_id = i.pharmacy AND r.code = l.code AND r.revoked_at > l.at)
		LIMIT 1) d ON true
	CROSS JOIN LATERAL (SELECT v.*, i.product IS NULL AND (i.lot <> v.lot OR i.expiry <> v.expiry) AS strange
		FROM (SELECT coalesce(own.id, d.id) AS id, CASE WHEN own.id IS NULL THEN d.lot ELSE own.lot END AS lot,
			CASE WHEN own.id IS NULL THEN d.expiry ELSE own.expiry END AS expiry) v) k
$$;
