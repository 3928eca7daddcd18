-- Is the database fit to serve? $1 'true' when the demo district must have been loaded.
-- Columns: ready boolean, answer JSON text; the migrations are there, else this statement could not be prepared.
-- `demo` tells the log-in page that the logins everybody knows are there.
SELECT $1::boolean IS NOT TRUE OR d.loaded AS ready,
	'{"status":"ready","demo":' || d.loaded || '}' AS answer
FROM (SELECT EXISTS (SELECT FROM yaoku.district d WHERE d.demo_loaded_at IS NOT NULL) AS loaded) d
