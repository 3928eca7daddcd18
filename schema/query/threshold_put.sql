-- Publish thresholds by hand. $1 pharmacy id or NULL for the own, $2 product id, $3 minimum, $4 maximum (both NULL:
-- stop replenishing), $5 reason. Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body
FROM yaoku.put_threshold($1::int, $2::int, $3::int, $4::int, $5::text) a
