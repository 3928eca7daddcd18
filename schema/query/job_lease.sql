-- Take, or see that this connection still has, the lease of the background jobs: a session advisory lock,
-- so it ends with the connection. Only for the connection of core/jobs.c, never for a pooled one.
--
-- No parameters
-- Columns: held boolean
WITH mine AS (
	SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 7958 AND objid = 1
		AND objsubid = 2 AND pid = pg_backend_pid() AND granted) AS held
)
SELECT CASE WHEN held THEN true ELSE pg_try_advisory_lock(7958, 1) END AS held FROM mine
