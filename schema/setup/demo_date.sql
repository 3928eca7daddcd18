-- The last day of the demo district's history, for the demo scripts of this session.
-- $1 date, or NULL for the date in China now.
SELECT set_config('yaoku.demo_date',
	coalesce($1, (now() AT TIME ZONE 'Asia/Shanghai')::date::text), false)
