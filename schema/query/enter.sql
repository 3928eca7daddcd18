-- Say who asks, for the transaction only: sent before each question in the same pipeline segment, so
-- that row-level policies and audit rows know. Without it the settings are empty and there are no rows.
--
-- $1 account id   $2 pharmacy id, '*' or ''   $3 supplier id or ''   $4 role   $5 request id
-- Columns: none of interest
SELECT set_config('yaoku.account', $1, true), set_config('yaoku.pharmacy', $2, true),
	set_config('yaoku.supplier', $3, true), set_config('yaoku.role', $4, true),
	set_config('yaoku.request', $5, true)
