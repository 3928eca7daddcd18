-- The record of what was applied to this database; made before anything else.
-- A kind is migration, function or demo; sha256 is of the script's text as applied.
CREATE SCHEMA IF NOT EXISTS yaoku_schema;
CREATE TABLE IF NOT EXISTS yaoku_schema.script (
	kind text NOT NULL,
	name text NOT NULL,
	sha256 text NOT NULL,
	applied_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (kind, name)
);
