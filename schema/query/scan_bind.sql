-- A person binds a held scan to a product. $1 scan id, $2 product id, $3 lot, $4 expiry, $5 remember the code, $6 units,
-- $7 remember the lot.
-- Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body
FROM yaoku.bind_scan($1::uuid, $2::int, $3::text, $4::date, coalesce($5::boolean, false), $6::int,
	coalesce($7::boolean, false)) a
