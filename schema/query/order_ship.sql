-- The supplier has shipped an order. $1 order id, $2 sscc, $3 lines, $4 packages (JSON). Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body
FROM yaoku.ship_order($1::bigint, $2::text, $3::jsonb, $4::jsonb) a
