-- The supplier confirms lines of an order. $1 order id, $2 lines (JSON). Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body
FROM yaoku.confirm_order($1::bigint, $2::jsonb) a
