-- The bytes of every scan; the two codes of one box; what is in a case or pallet.

SET LOCAL ROLE yaoku_owner;
SET LOCAL search_path = yaoku, pg_temp;

ALTER TABLE scan ADD COLUMN symbology text;	-- what the scanner said of the code; `raw` is kept for every scan now
-- The last scans of a workstation that did not go through by themselves: held, rejected, or posted with a lot
-- that nobody named. `at` is NULL for all others.
CREATE INDEX scan_at ON scan (pharmacy_id, at) WHERE at IS NOT NULL;
-- Codes without a product that wait for the other code of their box.
CREATE INDEX scan_half ON scan (pharmacy_id) WHERE outcome = 'held' AND request ? 'half';

ALTER TABLE pharmacy ADD COLUMN join_seconds int NOT NULL DEFAULT 5	-- between the two codes of one box
	CHECK (join_seconds BETWEEN 0 AND 60);

CREATE INDEX purchase_order_sscc ON purchase_order (pharmacy_id, sscc) WHERE sscc IS NOT NULL;

CREATE TABLE package_content (
	pharmacy_id int NOT NULL,
	code text COLLATE "C" NOT NULL CHECK (length(code) BETWEEN 1 AND 100),
	package text COLLATE "C" NOT NULL CHECK (length(package) BETWEEN 1 AND 100),	-- what it is packed in
	order_id bigint NOT NULL,		-- whose shipment said so
	PRIMARY KEY (pharmacy_id, code),
	FOREIGN KEY (pharmacy_id, order_id) REFERENCES purchase_order
);
COMMENT ON TABLE package_content IS 'distributed: which pack or package is in which package, as suppliers announced it';
CREATE INDEX package_content_package ON package_content (pharmacy_id, package);

CREATE TABLE scan_movement (
	pharmacy_id int NOT NULL,
	movement_id bigint NOT NULL,
	scan_id uuid NOT NULL,
	PRIMARY KEY (pharmacy_id, movement_id)
);
COMMENT ON TABLE scan_movement IS 'distributed: the movements of a scan that made more than one';
CREATE INDEX scan_movement_scan ON scan_movement (pharmacy_id, scan_id);

DO $$
DECLARE
	name text;
	of_pharmacy text := $p$(current_setting('yaoku.pharmacy', true) IN ('*', pharmacy_id::text))$p$;
BEGIN
	FOREACH name IN ARRAY ARRAY['package_content', 'scan_movement'] LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY own ON %I TO yaoku_app, yaoku_owner USING %s WITH CHECK %2$s', name, of_pharmacy);
		EXECUTE format('CREATE POLICY ledger ON %I TO yaoku_ledger USING (true) WITH CHECK (true)', name);
		EXECUTE format('CREATE POLICY audit ON %I FOR SELECT TO yaoku_auditor USING (true)', name);
	END LOOP;
END $$;
GRANT SELECT ON package_content, scan_movement TO yaoku_app, yaoku_ledger, yaoku_auditor;
GRANT INSERT, UPDATE, DELETE ON package_content TO yaoku_ledger;	-- a package that is announced anew
GRANT INSERT ON scan_movement TO yaoku_ledger;

-- Of scans that were held or rejected before, the symbology stood in the request.
SET LOCAL ROLE yaoku_ledger;
UPDATE scan SET symbology = request->>'symbology' WHERE request ? 'symbology';
RESET ROLE;
