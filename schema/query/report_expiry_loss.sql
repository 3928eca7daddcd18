-- The expiry-loss report; formulas in schema/function/51_report_expiry_loss.sql.
-- $1 from day, $2 to day, $3 group by (NULL: pharmacy), $4 pharmacy id or NULL. Columns: as the function's
SELECT r.key, r.label, r.written_off_quantity, r.written_off_value, r.other_write_off_quantity, r.other_write_off_value,
	r.purchased_value, r.write_off_rate, r.expired_on_shelf_quantity, r.expired_on_shelf_value
FROM yaoku.report_expiry_loss($1::date, $2::date, coalesce($3::text, 'pharmacy'), $4::int) r
