-- The ledger, the catalogue, orders and accounts: every table of the service.
--
-- Each table's comment begins with how it is spread beyond one machine (Citus):
--   distributed  by pharmacy_id; every key begins with it, no triggers, no policy with a sub-query
--   reference    copied to every node; rarely written masters
--   local        on the coordinator only
-- tests/api/test_schema.py reads the catalogue and holds the tables to these rules.
--
-- Codes and lot texts compare byte by byte (COLLATE "C"): they are case sensitive, and it is faster.
--
-- Rows are guarded twice: by the service, which sets yaoku.pharmacy and yaoku.supplier for each
-- transaction, and by the policies at the end of this file. Without the settings there are no rows.

CREATE SCHEMA IF NOT EXISTS yaoku;

DO $$
DECLARE wanted text;
BEGIN
	FOREACH wanted IN ARRAY ARRAY['yaoku_owner', 'yaoku_ledger', 'yaoku_app', 'yaoku_auditor'] LOOP
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
			EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', wanted);
		END IF;
		-- The installing login creates objects on the roles' behalf and may act as them.
		IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
			EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
		END IF;
	END LOOP;
END $$;

ALTER SCHEMA yaoku OWNER TO yaoku_owner;
GRANT CREATE ON SCHEMA yaoku TO yaoku_ledger;	-- owns the functions that write the ledger
GRANT USAGE ON SCHEMA yaoku TO yaoku_app, yaoku_ledger, yaoku_auditor;
SET LOCAL search_path = yaoku, pg_temp;
SET LOCAL ROLE yaoku_owner;

-- ---------------------------------------------------------------- words

CREATE TYPE scan_outcome AS ENUM ('posted', 'held', 'rejected');
CREATE TYPE movement_kind AS ENUM ('opening', 'receive', 'dispense', 'return', 'return_supplier', 'write_off',
	'quarantine', 'release', 'transfer_out', 'transfer_in', 'adjust', 'preparation');
CREATE TYPE pack_state AS ENUM ('in_stock', 'quarantined', 'dispensed', 'returned', 'written_off', 'in_transit');
CREATE TYPE order_status AS ENUM ('open', 'confirmed', 'shipped', 'received', 'declined', 'cancelled');

-- What a command answers: problem NULL is success and body the answer; else a code of core/err.h or a
-- business code, and a sentence that says what to do.
CREATE TYPE answer AS (problem text, detail text, body jsonb);

-- ---------------------------------------------------------------- masters

CREATE TABLE district (
	only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
	name text NOT NULL,
	name_en text NOT NULL,
	demo_date date,				-- set: the data are made up, for this day
	demo_loaded_at timestamptz,
	show_first_pharmacy boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE district IS 'reference: the one row of district-wide settings';

CREATE TABLE pharmacy (
	id int PRIMARY KEY,
	name text NOT NULL,
	name_en text NOT NULL,
	kind text NOT NULL CHECK (kind IN ('community', 'hospital', 'retail')),
	address text NOT NULL DEFAULT '',
	time_zone text NOT NULL DEFAULT 'Asia/Shanghai',
	dispensing_lock_days int NOT NULL DEFAULT 0 CHECK (dispensing_lock_days >= 0),	-- before expiry
	near_expiry_days int NOT NULL DEFAULT 180 CHECK (near_expiry_days >= 0),		-- warn within
	hold_unregistered_packs boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE pharmacy IS 'reference: the pharmacies and their rules';

CREATE TABLE supplier (
	id int PRIMARY KEY,
	name text NOT NULL,
	name_en text NOT NULL,
	lead_days int NOT NULL DEFAULT 1 CHECK (lead_days >= 0),
	last_poll_at timestamptz
);
COMMENT ON TABLE supplier IS 'reference: the upstream suppliers';

CREATE TABLE product (
	id int PRIMARY KEY,
	name text NOT NULL,			-- as on the pack: generic name and strength, in Chinese
	name_en text NOT NULL DEFAULT '',
	generic_name text NOT NULL,
	strength text NOT NULL,
	form text NOT NULL,
	maker text NOT NULL,
	approval_number text NOT NULL,
	gtin text NOT NULL UNIQUE CHECK (gtin ~ '^[0-9]{14}$'),
	trace_prefix text UNIQUE CHECK (trace_prefix ~ '^8[0-9]{6}$'),
	units_per_order_unit int NOT NULL DEFAULT 1 CHECK (units_per_order_unit BETWEEN 1 AND 100000),
	order_unit text NOT NULL DEFAULT '盒',
	price numeric(12,2) NOT NULL CHECK (price >= 0),	-- of one base unit, at zero mark-up
	shelf_life_days int NOT NULL DEFAULT 730,
	essential boolean NOT NULL DEFAULT false,
	antibiotic boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE product IS 'reference: the medicines; the base unit is the smallest sales pack';

CREATE TABLE product_code (
	code text COLLATE "C" PRIMARY KEY,	-- GTIN-14, or the first 7 digits of a trace code
	product_id int NOT NULL REFERENCES product,
	units int NOT NULL DEFAULT 1 CHECK (units > 0)	-- base units in what the code stands for
);
COMMENT ON TABLE product_code IS 'reference: which product a code means, and how many base units it holds';
CREATE INDEX ON product_code (product_id);

CREATE TABLE supplier_product (
	product_id int NOT NULL REFERENCES product,
	supplier_id int NOT NULL REFERENCES supplier,
	unit_price numeric(12,2) NOT NULL CHECK (unit_price >= 0),
	rank int NOT NULL DEFAULT 1,		-- 1 is asked first
	PRIMARY KEY (product_id, supplier_id)
);
COMMENT ON TABLE supplier_product IS 'reference: who supplies what at which price';
CREATE INDEX ON supplier_product (supplier_id);

CREATE TABLE recall (
	id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	product_id int NOT NULL REFERENCES product,
	lot text COLLATE "C" NOT NULL,
	reason text NOT NULL,
	recalled_at timestamptz NOT NULL DEFAULT now(),
	lifted_at timestamptz
);
COMMENT ON TABLE recall IS 'reference: lots that must not be dispensed anywhere';
CREATE INDEX ON recall (product_id, lot) WHERE lifted_at IS NULL;

-- ---------------------------------------------------------------- who

CREATE TABLE account (
	id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kind text NOT NULL CHECK (kind IN ('person', 'program')),
	role text NOT NULL CHECK (role IN ('clerk', 'manager', 'supplier', 'admin', 'metrics')),
	pharmacy_id int REFERENCES pharmacy,
	supplier_id int REFERENCES supplier,
	login text NOT NULL UNIQUE,		-- a person's user name, a program's KEYID
	name text NOT NULL,
	secret text NOT NULL,			-- Argon2id string; of a program, SHA-256 of its secret in hex
	created_at timestamptz NOT NULL DEFAULT now(),
	disabled_at timestamptz,
	CHECK ((pharmacy_id IS NOT NULL) = (role IN ('clerk', 'manager'))),
	CHECK ((supplier_id IS NOT NULL) = (role = 'supplier'))
);
COMMENT ON TABLE account IS 'reference: people and programs that may ask';

CREATE TABLE session (
	token_hash bytea PRIMARY KEY,		-- SHA-256 of the cookie
	account_id int NOT NULL REFERENCES account,
	csrf text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	seen_at timestamptz NOT NULL DEFAULT now(),
	expires_at timestamptz NOT NULL,
	user_agent text NOT NULL DEFAULT ''
);
COMMENT ON TABLE session IS 'local: who is logged in';
CREATE INDEX ON session (account_id);

CREATE TABLE login_attempt (
	login text PRIMARY KEY,
	failures int NOT NULL,
	next_at timestamptz NOT NULL
);
COMMENT ON TABLE login_attempt IS 'local: failed log-ins, for the delay before the next try';

CREATE TABLE audit (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	account_id int,
	pharmacy_id int,
	action text NOT NULL,
	subject text NOT NULL,
	detail jsonb,
	request text
);
COMMENT ON TABLE audit IS 'local: who changed what; a movement is its own record';
CREATE INDEX ON audit (pharmacy_id, id);

-- ---------------------------------------------------------------- the ledger

-- What a pharmacy keeps of a product, and the row that everything about it is serialised on: who changes
-- its stock or its orders locks it first, in the order (pharmacy_id, product_id).
CREATE TABLE shelf (
	pharmacy_id int NOT NULL REFERENCES pharmacy,
	product_id int NOT NULL REFERENCES product,
	minimum int CHECK (minimum >= 0),	-- published; NULL: not replenished
	maximum int CHECK (maximum BETWEEN 0 AND 1000000),
	source text NOT NULL DEFAULT 'manual' CHECK (source IN ('manual', 'computed')),
	explain jsonb,				-- the arithmetic behind minimum and maximum
	daily_demand real NOT NULL DEFAULT 0 CHECK (daily_demand >= 0),	-- base units a day
	PRIMARY KEY (pharmacy_id, product_id),
	CHECK ((minimum IS NULL) = (maximum IS NULL)),
	CHECK (maximum >= minimum)
);
COMMENT ON TABLE shelf IS 'distributed: what a pharmacy keeps, its published thresholds, and the lock of both';
CREATE INDEX ON shelf (product_id);

-- A lot in one pharmacy with its running sums. The same lot text with another expiry is another row only
-- after a person said so: the scan is held.
CREATE TABLE lot (
	pharmacy_id int NOT NULL,
	id bigint GENERATED ALWAYS AS IDENTITY,
	product_id int NOT NULL,
	lot text COLLATE "C" NOT NULL CHECK (length(lot) BETWEEN 1 AND 50),
	expiry date NOT NULL,			-- last usable day
	expiry_day_known boolean NOT NULL DEFAULT true,
	unit_price numeric(12,2) NOT NULL,	-- what one base unit cost when it came in
	usable int NOT NULL DEFAULT 0 CHECK (usable >= 0),
	quarantined int NOT NULL DEFAULT 0 CHECK (quarantined >= 0),
	in_transit int NOT NULL DEFAULT 0 CHECK (in_transit >= 0),
	PRIMARY KEY (pharmacy_id, id),
	UNIQUE (pharmacy_id, product_id, expiry, lot)	-- in FEFO order
) WITH (fillfactor = 70);			-- room for HOT updates of the sums
COMMENT ON TABLE lot IS 'distributed: lots and their stock by state; expired and recalled are derived';

-- One immutable row for each change of stock. `quantity` changes the lot's usable stock, `quarantined` and
-- `in_transit` the other states; so per lot and state, stock = sum.
CREATE TABLE movement (
	pharmacy_id int NOT NULL,
	id bigint GENERATED ALWAYS AS IDENTITY,	-- never cached: the sealer relies on it
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	lot_id bigint NOT NULL,
	product_id int NOT NULL,
	quantity int NOT NULL,			-- of usable stock, signed, base units
	kind movement_kind NOT NULL,
	operator_id int NOT NULL,		-- account of the person
	sender_id int NOT NULL,			-- account that sent it: the same, or a workstation's key
	workstation text,
	sequence bigint,			-- the workstation's own count
	scanned_at timestamptz,			-- the device's clock
	quarantined int,
	in_transit int,
	pack text,				-- trace code, or GTIN and serial
	first_of_pack boolean,			-- true: the pack was unknown before
	order_id bigint,			-- whose shipment it was, with
	shipment_number int,			-- the line of it
	reason text,
	reverses bigint,
	PRIMARY KEY (pharmacy_id, id)
);
COMMENT ON TABLE movement IS 'distributed: the ledger';
CREATE INDEX movement_at ON movement USING brin (at) WITH (pages_per_range = 32);
CREATE INDEX movement_pack ON movement (pharmacy_id, pack) WHERE pack IS NOT NULL;
CREATE UNIQUE INDEX movement_reverses ON movement (pharmacy_id, reverses) WHERE reverses IS NOT NULL;

-- One row for each scan, for ever, so that an id is never counted twice.
CREATE TABLE scan (
	pharmacy_id int NOT NULL,
	id uuid NOT NULL,
	payload uuid NOT NULL,			-- first 16 bytes of SHA-256 over what must not change
	movement_id bigint,
	outcome scan_outcome NOT NULL,
	on_hand int,				-- usable stock of the product after it
	problem text,
	remarks jsonb,				-- {"warnings":[…],"detail":…}; NULL when there are none
	request jsonb,				-- of a held or rejected scan: what was asked, to post it later
	raw bytea,				-- and its bytes as received
	at timestamptz,				-- and when
	PRIMARY KEY (pharmacy_id, id)
);
COMMENT ON TABLE scan IS 'distributed: every scan and its answer';
CREATE INDEX scan_held ON scan (pharmacy_id, at) WHERE outcome = 'held';

CREATE TABLE pack (
	pharmacy_id int NOT NULL,
	code text COLLATE "C" NOT NULL CHECK (length(code) BETWEEN 1 AND 100),
	product_id int NOT NULL,
	lot_id bigint NOT NULL,
	state pack_state NOT NULL,
	movement_id bigint NOT NULL,		-- the last one of this pack
	PRIMARY KEY (pharmacy_id, code)
);
COMMENT ON TABLE pack IS 'distributed: serialised packs; a pack is dispensed once';

CREATE TABLE pharmacy_code (
	pharmacy_id int NOT NULL,
	code text COLLATE "C" NOT NULL,		-- as looked up: GTIN-14, 7-digit prefix, or the whole code
	product_id int NOT NULL,
	units int NOT NULL DEFAULT 1 CHECK (units > 0),
	account_id int NOT NULL,
	at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (pharmacy_id, code)
);
COMMENT ON TABLE pharmacy_code IS 'distributed: codes that a pharmacy has bound to a product';

-- The hash chain: each block covers the pharmacy's movements with from_id < id <= to_id.
CREATE TABLE seal (
	pharmacy_id int NOT NULL,
	number int NOT NULL,
	from_id bigint NOT NULL,
	to_id bigint NOT NULL,
	movements int NOT NULL,
	hash bytea NOT NULL,			-- SHA-256(previous hash || canonical rows in order of id)
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (pharmacy_id, number)
);
COMMENT ON TABLE seal IS 'distributed: the sealed hash chain over the ledger';

CREATE TABLE sealer (
	only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
	sealed_to bigint NOT NULL DEFAULT 0,	-- every movement up to here is sealed
	next_to bigint NOT NULL DEFAULT 0,	-- may be sealed once all transactions below `horizon` have ended
	horizon xid8 NOT NULL DEFAULT '0'
);
COMMENT ON TABLE sealer IS 'local: how far the sealer is';
INSERT INTO sealer DEFAULT VALUES;

-- ---------------------------------------------------------------- orders

CREATE TABLE purchase_order (
	pharmacy_id int NOT NULL REFERENCES pharmacy,
	id bigint GENERATED ALWAYS AS IDENTITY,
	supplier_id int NOT NULL REFERENCES supplier,
	status order_status NOT NULL DEFAULT 'open',
	revision int NOT NULL DEFAULT 0,
	placed_at timestamptz NOT NULL DEFAULT now(),
	changed_at timestamptz NOT NULL DEFAULT now(),
	sscc text,
	reason text,				-- of a decline or cancellation
	PRIMARY KEY (pharmacy_id, id)
);
COMMENT ON TABLE purchase_order IS 'distributed: orders to suppliers';
CREATE UNIQUE INDEX purchase_order_open ON purchase_order (pharmacy_id, supplier_id) WHERE status = 'open';
CREATE INDEX purchase_order_supplier ON purchase_order (supplier_id, id);

CREATE TABLE order_line (
	pharmacy_id int NOT NULL,
	order_id bigint NOT NULL,
	line int NOT NULL,
	product_id int NOT NULL REFERENCES product,
	supplier_id int NOT NULL,
	quantity int NOT NULL CHECK (quantity > 0),	-- base units
	units_per_order_unit int NOT NULL,
	unit_price numeric(12,2) NOT NULL,
	confirmed int CHECK (confirmed >= 0),
	promised_on date,
	shipped int CHECK (shipped >= 0),
	received int NOT NULL DEFAULT 0 CHECK (received >= 0),
	open boolean NOT NULL DEFAULT true,	-- still expected
	explain jsonb,				-- position, minimum and maximum when it was placed
	declined_at timestamptz,
	PRIMARY KEY (pharmacy_id, order_id, line),
	FOREIGN KEY (pharmacy_id, order_id) REFERENCES purchase_order
);
COMMENT ON TABLE order_line IS 'distributed: lines of orders; one open line for each pharmacy and product';
CREATE UNIQUE INDEX order_line_open ON order_line (pharmacy_id, product_id) WHERE open;
CREATE INDEX order_line_declined ON order_line (pharmacy_id, product_id, supplier_id) WHERE declined_at IS NOT NULL;

CREATE TABLE shipment_line (
	pharmacy_id int NOT NULL,
	order_id bigint NOT NULL,
	number int NOT NULL,
	line int NOT NULL,
	product_id int NOT NULL,
	lot text COLLATE "C" NOT NULL,
	expiry date NOT NULL,
	quantity int NOT NULL CHECK (quantity > 0),
	received int NOT NULL DEFAULT 0 CHECK (received >= 0),
	open boolean NOT NULL DEFAULT true,
	PRIMARY KEY (pharmacy_id, order_id, number),
	FOREIGN KEY (pharmacy_id, order_id, line) REFERENCES order_line
);
COMMENT ON TABLE shipment_line IS 'distributed: what a supplier says it has shipped, by lot';
CREATE INDEX shipment_line_open ON shipment_line (pharmacy_id, product_id) WHERE open;

CREATE TABLE shipment_pack (
	pharmacy_id int NOT NULL,
	code text COLLATE "C" NOT NULL,
	order_id bigint NOT NULL,
	number int NOT NULL,
	PRIMARY KEY (pharmacy_id, code),
	FOREIGN KEY (pharmacy_id, order_id, number) REFERENCES shipment_line
);
COMMENT ON TABLE shipment_pack IS 'distributed: trace codes announced by a shipment';

-- Every revision of an order, as the supplier is told it. Written with the change; the relay gives
-- committed rows their place in the feed.
CREATE TABLE order_revision (
	pharmacy_id int NOT NULL,
	order_id bigint NOT NULL,
	revision int NOT NULL,
	supplier_id int NOT NULL,
	document jsonb NOT NULL,
	relayed boolean NOT NULL DEFAULT false,
	PRIMARY KEY (pharmacy_id, order_id, revision),
	FOREIGN KEY (pharmacy_id, order_id) REFERENCES purchase_order
);
COMMENT ON TABLE order_revision IS 'distributed: every revision of an order, whole';
CREATE INDEX order_revision_waiting ON order_revision (supplier_id) WHERE NOT relayed;

CREATE TABLE feed (
	supplier_id int NOT NULL REFERENCES supplier,
	position bigint NOT NULL,		-- 1, 2, 3 … per supplier, in the order of being committed
	pharmacy_id int NOT NULL,
	order_id bigint NOT NULL,
	revision int NOT NULL,
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (supplier_id, position)
);
COMMENT ON TABLE feed IS 'local: what each supplier reads, by position';

-- ---------------------------------------------------------------- who may see which rows

RESET ROLE;
DO $$
DECLARE
	name text;
	of_pharmacy text := $p$(current_setting('yaoku.pharmacy', true) IN ('*', pharmacy_id::text))$p$;
	of_supplier text := $p$(current_setting('yaoku.pharmacy', true) IN ('*', pharmacy_id::text)
		OR current_setting('yaoku.supplier', true) = supplier_id::text)$p$;
BEGIN
	FOR name IN SELECT relname FROM pg_class WHERE relnamespace = 'yaoku'::regnamespace AND relkind = 'r'
		AND obj_description(oid, 'pg_class') LIKE 'distributed%' LOOP
		EXECUTE format('ALTER TABLE yaoku.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY own ON yaoku.%I TO yaoku_app, yaoku_owner USING %s WITH CHECK %2$s', name,
			CASE WHEN name IN ('purchase_order', 'order_line', 'order_revision') THEN of_supplier ELSE of_pharmacy END);
		EXECUTE format('CREATE POLICY ledger ON yaoku.%I TO yaoku_ledger USING (true) WITH CHECK (true)', name);
		EXECUTE format('CREATE POLICY audit ON yaoku.%I FOR SELECT TO yaoku_auditor USING (true)', name);
	END LOOP;
END $$;

GRANT SELECT ON ALL TABLES IN SCHEMA yaoku TO yaoku_app, yaoku_ledger, yaoku_auditor;
REVOKE SELECT ON yaoku.session, yaoku.login_attempt, yaoku.feed FROM yaoku_app, yaoku_auditor;
GRANT INSERT ON yaoku.movement, yaoku.scan, yaoku.seal, yaoku.feed, yaoku.audit TO yaoku_ledger;
GRANT INSERT, UPDATE ON yaoku.shelf, yaoku.lot, yaoku.pack, yaoku.pharmacy_code, yaoku.purchase_order,
	yaoku.order_line, yaoku.shipment_line, yaoku.shipment_pack, yaoku.order_revision TO yaoku_ledger;
GRANT UPDATE ON yaoku.sealer TO yaoku_ledger;
GRANT DELETE ON yaoku.pack TO yaoku_ledger;		-- a receipt undone: the pack was never here
GRANT UPDATE, DELETE ON yaoku.scan TO yaoku_ledger;	-- a held scan that is bound or dismissed
GRANT USAGE ON ALL SEQUENCES IN SCHEMA yaoku TO yaoku_ledger;
