-- The pharmacies in the asker's scope: the own one, or all for the district and for a supplier, whose orders name
-- them. $1 cursor (after this id), $2 limit. Columns: as the items of GET /pharmacies
SELECT ph.id, ph.name, ph.name_en, ph.kind, ph.id AS cursor
FROM yaoku.pharmacy ph
WHERE ph.id > coalesce($1::int, 0)
	AND (yaoku.may_act_for(ph.id) OR yaoku.my_supplier() IS NOT NULL)
ORDER BY ph.id
LIMIT $2::int
