-- The figures at the head of the stock overview; see schema/function/52_stock_overview.sql. $1 pharmacy id or NULL
-- Columns: as the function's
SELECT o.stock_value, o.at_risk_value, o.expired_value, o.turnover_30d, o.turnover_30d_last_year, o.stock_outs,
	o.open_orders, o.oldest_order_at, o.held_scans, o.recalls
FROM yaoku.stock_overview($1::int) o
