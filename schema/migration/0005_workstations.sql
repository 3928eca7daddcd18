-- The habits of each workstation's scanner, as its set-up found them (scanner/profile.h).

SET LOCAL search_path = yaoku, pg_temp;
SET LOCAL ROLE yaoku_owner;

CREATE TABLE workstation (
	pharmacy_id int NOT NULL REFERENCES pharmacy,
	name text COLLATE "C" NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),	-- as scans carry it
	id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,	-- the order of lists
	prefix text NOT NULL,
	suffix text NOT NULL,
	separator text NOT NULL,	-- what comes for GS; '' = GS itself
	fault text NOT NULL,		-- a word of scanner/keyboard.h
	arrived bytea NOT NULL,		-- what came when the test symbol was scanned: the profile follows from it
	changed_at timestamptz NOT NULL DEFAULT now(),
	changed_by int NOT NULL,
	PRIMARY KEY (pharmacy_id, name)
);
COMMENT ON TABLE workstation IS 'distributed: the habits of the scanner at each workstation';

ALTER TABLE workstation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON workstation TO yaoku_app, yaoku_owner
	USING (current_setting('yaoku.pharmacy', true) IN ('*', pharmacy_id::text))
	WITH CHECK (current_setting('yaoku.pharmacy', true) IN ('*', pharmacy_id::text));
CREATE POLICY ledger ON workstation TO yaoku_ledger USING (true) WITH CHECK (true);
CREATE POLICY audit ON workstation FOR SELECT TO yaoku_auditor USING (true);

GRANT SELECT ON workstation TO yaoku_app, yaoku_ledger, yaoku_auditor;
GRANT INSERT, UPDATE, DELETE ON workstation TO yaoku_ledger;
