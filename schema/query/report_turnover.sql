-- The turnover report; formulas in schema/function/50_report_turnover.sql.
-- $1 from day, $2 to day, $3 group by (NULL: pharmacy), $4 pharmacy id or NULL. Columns: as the function's
SELECT r.key, r.label, r.dispensed_quantity, r.dispensed_value, r.mean_inventory_value, r.turnover, r.days_of_stock
FROM yaoku.report_turnover($1::date, $2::date, coalesce($3::text, 'pharmacy'), $4::int) r
