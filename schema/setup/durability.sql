-- Settings without which an acknowledged scan could be lost. Columns: name, setting.
-- No row: all is well.
SELECT name, setting FROM pg_settings
WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')
	AND setting NOT IN ('on', 'remote_apply')
