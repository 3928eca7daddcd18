-- Held scans, the oldest first: what waits for a person.
--
-- $1 pharmacy id, $2 outcome (held, the only one listed): each NULL for all; $3 cursor (microseconds-scan id), $4 limit
-- Columns: as the items of GET /scans; code shows bytes beyond ASCII in octal, code_base64 is exact; learns is what the
-- code can be remembered for (bind_scan); why: a word for needs_review, of a half that waited in vain that it is late
SELECT s.id, s.pharmacy_id, s.request->>'movement' AS movement, encode(s.raw, 'escape') AS code,
	translate(encode(s.raw, 'base64'), E'\n', '') AS code_base64, s.symbology,
	(s.request->>'quantity')::int AS quantity, coalesce(s.remarks->>'lot', s.request->>'lot') AS lot,
	coalesce(s.remarks->>'expiry', s.request->>'expiry')::date AS expiry,
	(s.remarks->>'product_id')::int AS product_id, p.name,
	s.problem, s.remarks->'problem'->>'detail' AS detail,
	CASE WHEN s.remarks->'problem'->>'why' = 'half_waits' AND s.at < clock_timestamp() - (s.remarks->'problem'->>'waits')::int
		* interval '1 second' THEN 'half_late' ELSE s.remarks->'problem'->>'why' END AS why, s.at, (s.request->>'scanned_at')::timestamptz AS scanned_at,
	a.name AS operator, s.request->>'workstation' AS workstation,
	CASE WHEN s.request->>'lookup' IS NULL OR c.code IS NOT NULL THEN 'nothing'
		WHEN yaoku.names_every_box(s.request->>'lookup') THEN 'product' ELSE 'lot' END AS learns,
	(extract(epoch FROM s.at) * 1000000)::bigint || '-' || s.id AS cursor
FROM yaoku.scan s
LEFT JOIN yaoku.product p ON p.id = (s.remarks->>'product_id')::int
LEFT JOIN yaoku.product_code c ON c.code = s.request->>'lookup'
LEFT JOIN yaoku.account a ON a.id = (s.request->>'operator_id')::int
WHERE s.outcome = 'held'
	AND ($1::int IS NULL OR s.pharmacy_id = $1)
	AND ($2::yaoku.scan_outcome IS NULL OR s.outcome = $2)
	AND ($3::text IS NULL OR (s.at, s.id) > (
		'epoch'::timestamptz + split_part($3, '-', 1)::bigint * interval '1 microsecond',
		substr($3, strpos($3, '-') + 1)::uuid))
ORDER BY s.at, s.id
LIMIT $4::int
