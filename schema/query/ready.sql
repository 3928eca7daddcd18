-- Is the database fit to serve? $1 'true' when the demo district must have been loaded.
-- Columns: ready boolean; the migrations are there, else this statement could not be prepared.
SELECT $1::boolean IS NOT TRUE OR EXISTS (SELECT FROM yaoku.district d WHERE d.demo_loaded_at IS NOT NULL) AS ready
