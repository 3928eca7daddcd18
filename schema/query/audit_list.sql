-- Who changed what, newest first. $1 pharmacy id or NULL (a manager: the own), $2 account id, $3 action, $4 from day,
-- $5 to day (both UTC, inclusive), $6 cursor (before this id), $7 limit.
-- Columns: id, at, account_id, account, pharmacy_id, action, subject, detail, request, cursor.
SELECT u.id, u.at, u.account_id, a.name AS account, u.pharmacy_id, u.action, u.subject, u.detail, u.request, u.id AS cursor
FROM yaoku.audit u LEFT JOIN yaoku.account a ON a.id = u.account_id
WHERE (yaoku.my_role() = 'admin' OR u.pharmacy_id = yaoku.my_pharmacy())
	AND ($1::int IS NULL OR u.pharmacy_id = $1::int) AND ($2::int IS NULL OR u.account_id = $2::int)
	AND ($3::text IS NULL OR u.action = $3::text)
	AND ($4::date IS NULL OR u.at >= $4::date) AND ($5::date IS NULL OR u.at < $5::date + 1)
	AND ($6::bigint IS NULL OR u.id < $6::bigint)
ORDER BY u.id DESC
LIMIT $7::int
