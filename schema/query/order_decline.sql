-- The supplier declines an order. $1 order id, $2 reason. Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body
FROM yaoku.decline_order($1::bigint, $2::text) a
