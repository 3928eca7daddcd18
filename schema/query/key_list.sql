-- Keys the asker may manage. $1 pharmacy id or NULL, $2 cursor (after this id), $3 limit.
-- Columns: id, key_id, name, kind (agent, supplier, metrics), pharmacy_id, supplier_id, created_at, disabled_at, cursor.
SELECT a.id, a.login AS key_id, a.name, CASE a.role WHEN 'clerk' THEN 'agent' ELSE a.role END AS kind, a.pharmacy_id,
	a.supplier_id, a.created_at, a.disabled_at, a.id AS cursor
FROM yaoku.account a
WHERE a.kind = 'program' AND yaoku.may_manage(a.role, a.pharmacy_id)
	AND ($1::int IS NULL OR a.pharmacy_id = $1::int) AND ($2::int IS NULL OR a.id > $2::int)
ORDER BY a.id
LIMIT $3::int
