-- Learned codes: what people have said of codes that the master data do not have. A binding is never changed into
-- another one and never forgotten: it ends, and the scans that it named the product of are known.

SET LOCAL ROLE yaoku_owner;
SET LOCAL search_path = yaoku, pg_temp;

CREATE SEQUENCE learned_code_id;	-- of the pharmacies' and the district's alike: one number, one binding

-- What was bound before stays bound: it gets an id and stands for no lot. Nothing reaches the district by this
-- migration; the next binding of a code, or an administrator, takes it there.
ALTER TABLE pharmacy_code
	ADD id bigint NOT NULL DEFAULT nextval('learned_code_id'),
	ADD lot text COLLATE "C" CHECK (length(lot) BETWEEN 1 AND 50),	-- the one lot that bears the code
	ADD expiry date,
	ADD revoked_at timestamptz,
	ADD revoked_by int,
	ADD reason text,			-- why it was revoked
	ADD replaced_by bigint,			-- or the binding that came in its place
	DROP CONSTRAINT pharmacy_code_pkey,
	ADD PRIMARY KEY (pharmacy_id, id),
	ADD CHECK (expiry IS NULL OR lot IS NOT NULL);
COMMENT ON TABLE pharmacy_code IS 'distributed: what a pharmacy''s people have said that a code means; one binding of a code counts';
CREATE UNIQUE INDEX pharmacy_code_known ON pharmacy_code (pharmacy_id, code) WHERE revoked_at IS NULL;
CREATE INDEX pharmacy_code_agreed ON pharmacy_code (code) WHERE revoked_at IS NULL;
CREATE INDEX pharmacy_code_revoked ON pharmacy_code (pharmacy_id, code) WHERE revoked_at IS NOT NULL;

CREATE TABLE district_code (
	id bigint PRIMARY KEY DEFAULT nextval('learned_code_id'),
	code text COLLATE "C" NOT NULL,
	product_id int NOT NULL REFERENCES product,
	units int NOT NULL CHECK (units > 0),
	lot text COLLATE "C" CHECK (length(lot) BETWEEN 1 AND 50),
	expiry date,
	account_id int,				-- the administrator; NULL: enough pharmacies agreed
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	revoked_at timestamptz,
	revoked_by int,
	reason text,
	CHECK (expiry IS NULL OR lot IS NOT NULL)
);
COMMENT ON TABLE district_code IS 'reference: learned codes that every pharmacy knows; its own binding goes before';
CREATE UNIQUE INDEX district_code_known ON district_code (code) WHERE revoked_at IS NULL;
CREATE INDEX ON district_code (code) WHERE revoked_at IS NOT NULL;
CREATE INDEX ON district_code (product_id);

ALTER TABLE scan ADD code_id bigint;	-- the learned binding that named the product of a posted scan
CREATE INDEX scan_learned ON scan (code_id, movement_id) WHERE code_id IS NOT NULL;

GRANT SELECT ON district_code TO yaoku_app, yaoku_ledger, yaoku_auditor;
GRANT INSERT, UPDATE ON district_code TO yaoku_ledger;
GRANT USAGE ON SEQUENCE learned_code_id TO yaoku_ledger;
