-- The suppliers. $1 cursor, $2 limit. Columns: as the items of GET /suppliers
SELECT s.id, s.name, s.name_en, s.id AS cursor
FROM yaoku.supplier s
WHERE s.id > coalesce($1::int, 0)
ORDER BY s.id
LIMIT $2::int
