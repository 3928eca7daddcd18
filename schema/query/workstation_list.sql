-- Workstations whose scanner has been set up. $1 pharmacy id or NULL, $2 cursor (after this id), $3 limit.
-- Columns: pharmacy_id, name, prefix, suffix, separator, fault, arrived_base64, changed_at, changed_by (a name), cursor.
SELECT w.pharmacy_id, w.name, w.prefix, w.suffix, w.separator, w.fault,
	translate(encode(w.arrived, 'base64'), E'\n', '') AS arrived_base64, w.changed_at, a.name AS changed_by, w.id AS cursor
FROM yaoku.workstation w LEFT JOIN yaoku.account a ON a.id = w.changed_by
WHERE ($1::int IS NULL OR w.pharmacy_id = $1::int) AND ($2::bigint IS NULL OR w.id > $2::bigint)
ORDER BY w.id
LIMIT $3::int
