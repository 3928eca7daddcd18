-- The same of the session that asks: a role, a database or a conninfo can have a setting of its own.
-- Asked on every connection of the workers. Columns: name, setting. No row: all is well.
SELECT name, setting FROM pg_settings
WHERE name = 'synchronous_commit' AND setting NOT IN ('on', 'remote_apply')
