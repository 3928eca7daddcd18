-- Columns: one, when the demo district is in this database, with its logins that everybody knows.
SELECT 1 FROM yaoku.district WHERE demo_loaded_at IS NOT NULL
