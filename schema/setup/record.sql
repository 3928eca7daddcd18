-- Record one script in the transaction that applied it. $1 kind, $2 name, $3 sha256.
INSERT INTO yaoku_schema.script (kind, name, sha256) VALUES ($1, $2, $3)
ON CONFLICT (kind, name) DO UPDATE SET sha256 = excluded.sha256, applied_at = now()
