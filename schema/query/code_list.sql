-- Learned codes, the newest binding first: those of the pharmacies in scope, and the district's (pharmacy_id NULL).
--
-- $1 state, $2 search (part of the code, or of a product's name or GTIN), $3 pharmacy id: each NULL for all;
-- $4 cursor (before this id), $5 limit
-- state     revoked    it counts no more
--           conflict   somebody has bound the code to another product or number of units
--           district   every pharmacy knows it
--           waiting    the pharmacy knows it; the district waits for an administrator, or for more to agree
-- Columns: as the items of GET /codes
SELECT k.id, k.pharmacy_id, k.state, k.code, k.product_id, p.name, k.units, k.lot, k.expiry, k.at, a.name AS account,
	k.agree, k.differ, (SELECT count(*) FROM yaoku.scan s WHERE s.code_id = k.id) AS used,
	k.revoked_at, r.name AS revoked_by, k.reason, k.replaced_by, k.id AS cursor
FROM (
	SELECT b.*, v.agree, v.differ, CASE
		WHEN b.revoked_at IS NOT NULL THEN 'revoked'
		WHEN v.differ > 0 OR (d.product_id, d.units) <> (b.product_id, b.units) THEN 'conflict'
		WHEN d.id IS NOT NULL THEN 'district'
		ELSE 'waiting' END AS state
	FROM (
		SELECT o.id, o.pharmacy_id, o.code, o.product_id, o.units, o.lot, o.expiry, o.at, o.account_id, o.revoked_at,
			o.revoked_by, o.reason, o.replaced_by
		FROM yaoku.pharmacy_code o
		WHERE $3::int IS NULL OR o.pharmacy_id = $3
		UNION ALL
		SELECT o.id, NULL, o.code, o.product_id, o.units, o.lot, o.expiry, o.at, o.account_id, o.revoked_at,
			o.revoked_by, o.reason, NULL
		FROM yaoku.district_code o
	) b
	LEFT JOIN yaoku.district_code d ON d.code = b.code AND d.revoked_at IS NULL
	CROSS JOIN LATERAL yaoku.code_votes(b.code, b.product_id, b.units) v
	WHERE $4::bigint IS NULL OR b.id < $4
) k
JOIN yaoku.product p ON p.id = k.product_id
LEFT JOIN yaoku.account a ON a.id = k.account_id
LEFT JOIN yaoku.account r ON r.id = k.revoked_by
WHERE ($1::text IS NULL OR k.state = $1)
	AND ($2::text IS NULL OR strpos(lower(concat_ws(' ', k.code, p.name, p.name_en, p.generic_name, p.gtin)), lower($2)) > 0)
ORDER BY k.id DESC
LIMIT $5::int
