-- Post a group of scans: one call, one transaction, an answer for each. Every rule of the ledger that
-- a scan can meet stands here, whichever way the scan came.
--
-- Arguments are arrays, one element for each scan, decoded by the service; one that has only NULLs may be empty:
--   _id, _pharmacy, _payload      the client's id, where, and the hash of what must not change
--   _kind                         what it does (movement_rule)
--   _lookup, _pack                what names the product (GTIN-14, 7-digit prefix, else the code); the pack, or NULL
--   _lot, _expiry, _day_known     from the code, else from the request; NULL when unknown. A code that was learned for
--                                 one lot stands for it, and what contradicts that is held (resolve_scans)
--   _quantity                     how many of the thing scanned, > 0
--   _order, _reason, _workstation, _sequence, _scanned_at      as the request says, or NULL
--   _operator, _sender            accounts: the person; who sent it
--   _problem, _detail             the decoder's verdict when the scan must be held whatever the rules say; or what the code
--                                 is: a `package` of others, or `half` of what is on a box (lot, expiry, serial)
--   _symbology, _raw              kept: what the scanner said of the code, and its bytes
--   _product                      NULL; when a person binds a held scan, the product chosen. The person has looked: the
--                                 same lot with another expiry is then another lot, and a manager's decision
--                                 posts what was scanned earlier although it is locked now
--   _content                      NULL; how many of its product the code itself says the thing scanned holds
--
-- How it stays exact: (1) rows of another pharmacy than the sender's and operator's are turned away here, so a
-- fault above cannot cross pharmacies (a person's binding by the scope of the transaction); (2) the shelves of all
-- products in the group are locked in order, so nothing else moves them; (3) scans of the same product take part in different rounds, in the order given, so
-- every rule sees the stock that the scan before it left; (4) a scan id that another transaction posted
-- meanwhile makes the INSERT fail with 23505, and the caller posts the group again.
--
-- A package, half of a box's codes and what follows it are posted alone (post_apart), which comes back here with
-- plain scans. In a group they are an error, YK002: the caller posts it in halves.
--
-- Answers come in no particular order; `ord` counts from 1. Errors: 40P01, 55P03, 23505: post again.

DROP FUNCTION IF EXISTS post_scans;
DROP TYPE IF EXISTS posted_scan;
CREATE TYPE posted_scan AS (ord bigint, outcome scan_outcome, answer text);

CREATE FUNCTION post_scans(
	_id uuid[], _pharmacy int[], _payload uuid[], _kind text[], _lookup text[], _pack text[],
	_lot text[], _expiry date[], _day_known boolean[], _quantity int[],
	_order bigint[], _reason text[], _workstation text[], _sequence bigint[], _scanned_at timestamptz[],
	_operator int[], _sender int[], _problem text[], _detail text[], _symbology text[], _raw bytea[], _product int[],
	_content int[] DEFAULT '{}')
RETURNS TABLE (ord int, outcome text, answer text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	products int[];
	units int[];
	rounds int[];		-- 0: not allowed; NULL: answered by the row that is there
	codes bigint[];		-- the learned bindings that named the products
	lots text[];		-- as given, else what those stand for
	expiries date[];
	problems text[];	-- as given, or that a learned binding is contradicted
	details text[];
	minima int[];
	repeated boolean;	-- some are answered by the row that is there, or not allowed
	posted posted_scan[];
	low_pharmacy int[];	-- shelves whose position may have reached the minimum
	low_product int[];
	came_pharmacy int[];	-- orders whose shipments came in
	came_order bigint[];
	reviewed boolean := coalesce(my_role() IN ('manager', 'admin'), false);
	recalls boolean := EXISTS (SELECT FROM recall r WHERE r.lifted_at IS NULL);	-- so that none cost nothing
	apart text;		-- what one of them is that the others' rules are too simple for
BEGIN
	-- Who may act where; which product, and how much of it. What is not allowed touches nothing from here on.
	SELECT array_agg(CASE WHEN r.allowed = 1 THEN r.product_id END), array_agg(r.units), array_agg(r.allowed),
		array_agg(r.lot), array_agg(r.expiry),
		-- Mostly NULLs alone, which each round below would read anew.
		CASE WHEN count(r.code_id) > 0 THEN array_agg(r.code_id) END,
		CASE WHEN count(r.problem) > 0 THEN array_agg(r.problem) END,
		CASE WHEN count(r.detail) > 0 THEN array_agg(r.detail) END
	INTO products, units, rounds, lots, expiries, codes, problems, details
	FROM (SELECT r.* FROM resolve_scans(_pharmacy, _lookup, _lot, _expiry, _operator, _sender, _problem, _detail,
		_product) r ORDER BY r.ord) r;

	IF _problem && '{half,package}' OR EXISTS (SELECT FROM package_content)
			OR EXISTS (SELECT FROM scan s WHERE s.outcome = 'held' AND s.request ? 'half') THEN
		apart := stands_apart(_id, _pharmacy, _pack, _workstation, _sender, _problem, _product, rounds);
		IF apart IS NOT NULL AND cardinality(_id) > 1 THEN
			RAISE EXCEPTION 'a % must be posted alone', apart USING ERRCODE = 'YK002';
		ELSIF apart IS NOT NULL THEN
			RETURN QUERY SELECT 1, a.outcome, a.answer::text
			FROM post_apart(apart, (_pharmacy[1], _id[1], _payload[1], _product[1], _problem[1], _detail[1], _symbology[1], _raw[1],
				scan_request(_kind[1], _quantity[1], _lot[1], _expiry[1], _day_known[1], _order[1], _reason[1], _workstation[1],
					_sequence[1], _scanned_at[1], _operator[1], _sender[1], _lookup[1], _pack[1], _content[1]))::scan_asked) a;
			RETURN;
		END IF;
	END IF;

	minima := lock_shelves(_pharmacy, products);

	-- Only now is it certain which ids are new: whoever posted the same scan held the same shelf.
	SELECT array_agg(CASE WHEN r.allowed = 0 THEN 0 WHEN NOT r.known THEN r.round END ORDER BY r.ord),
		bool_or(r.known OR r.allowed = 0)
	INTO rounds, repeated
	FROM (
		SELECT i.ord, i.allowed,
			s.id IS NOT NULL OR row_number() OVER (PARTITION BY i.allowed, i.pharmacy, i.id ORDER BY i.ord) > 1 AS known,
			CASE WHEN i.product IS NULL THEN 1 ELSE row_number() OVER (PARTITION BY i.allowed, i.pharmacy, i.product
				ORDER BY i.ord)::int END AS round
		FROM unnest(_id, _pharmacy, products, rounds) WITH ORDINALITY AS i (id, pharmacy, product, allowed, ord)
		LEFT JOIN scan s ON s.pharmacy_id = i.pharmacy AND s.id = i.id AND i.allowed = 1
	) r;

	FOR turn IN 1 .. coalesce((SELECT max(r) FROM unnest(rounds) r), 0) LOOP
		WITH input AS (
			SELECT i.*, i.quantity * i.units * coalesce(i.content, 1) AS wanted, coalesce(i.quantity > 1 AND i.pack IS NOT NULL, false) AS pack_times,
				i.chosen IS NULL AND i.scanned_at < now() - interval '60 seconds' AS late,
				u.usable, u.quarantined, u.incoming, u.pack_from, u.pack_to,
				u.locked AND NOT (reviewed AND i.chosen IS NOT NULL AND i.scanned_at < now() - interval '60 seconds') AS locked,
				ph.near_expiry_days, ph.hold_unregistered_packs, d.today, d.today + ph.dispensing_lock_days AS first_good
			FROM unnest(_id, _pharmacy, _payload, _kind, _lookup, _pack, lots, expiries, _day_known, _quantity, _order, _reason,
				_workstation, _sequence, _scanned_at, _operator, _sender, problems, details, _symbology, _raw,
				_product, _content, products, units, codes, rounds, minima)
				WITH ORDINALITY AS i (id, pharmacy, payload, kind, lookup, pack, lot, expiry, day_known, quantity, order_id, reason,
				workstation, sequence, scanned_at, operator, sender, problem, detail, symbology, raw,
				chosen, content, product, units, code_id, round, minimum, ord)
			JOIN movement_rule u ON u.kind = i.kind::movement_kind
			JOIN pharmacy ph ON ph.id = i.pharmacy
			CROSS JOIN LATERAL today(ph.time_zone) AS d (today)
			WHERE i.round = turn
		), fact AS (
			SELECT i.*, p.name AS product_name, p.price, k.state AS pack_state,
				k.code IS NOT NULL AND NOT k.state = ANY (i.pack_from) AS pack_wrong,
				sh.order_id AS shipped_order, sh.number AS shipped_number,
				sh.remaining, sh.unit_price AS order_price, w.lot AS wanted_lot, w.expiry AS wanted_expiry,
				coalesce(sh.strange OR i.lot = sh.lot AND i.expiry <> sh.expiry OR w.known IS NOT NULL
					AND (i.lot <> l.lot OR i.expiry <> l.expiry), false) AS contradicted,
				t.on_hand, t.at_risk, t.first_expiry, l.id AS lot_id, l.lot AS lot_text, l.expiry AS lot_expiry,
				l.usable AS lot_usable, l.quarantined AS lot_quarantined,
				recalls AND EXISTS (SELECT FROM recall r WHERE r.product_id = i.product
					AND r.lot = coalesce(l.lot, i.lot) AND r.lifted_at IS NULL) AS recalled
			FROM input i
			LEFT JOIN product p ON p.id = i.product
			LEFT JOIN pack k ON k.pharmacy_id = i.pharmacy AND k.code = i.pack
			LEFT JOIN LATERAL find_shipment_line(CASE WHEN i.incoming THEN i.pharmacy END, i.product, i.order_id,
				i.pack, i.lot, i.wanted) sh ON true
			LEFT JOIN LATERAL (
				SELECT coalesce(sum(a.usable), 0)::int AS on_hand,
					coalesce(sum(a.usable) FILTER (WHERE a.expiry < i.today + 7), 0)::int AS at_risk,
					min(a.expiry) AS first_expiry
				FROM lot a
				WHERE a.pharmacy_id = i.pharmacy AND a.product_id = i.product AND a.expiry >= i.first_good AND a.usable > 0
					AND NOT (recalls AND EXISTS (SELECT FROM recall r WHERE r.product_id = a.product_id AND r.lot = a.lot
						AND r.lifted_at IS NULL))
			) t ON i.product IS NOT NULL
			-- What is known of the lot. A shipment lends its expiry to its own lot only; a pack that comes in
			-- is of the lot that is said now, whatever it was before.
			CROSS JOIN LATERAL (
				SELECT CASE WHEN NOT i.incoming THEN k.lot_id END AS known, coalesce(i.lot, sh.lot) AS lot,
					coalesce(i.expiry, CASE WHEN i.lot IS NULL OR i.lot = sh.lot THEN sh.expiry END) AS expiry
			) w
			LEFT JOIN LATERAL choose_lot(i.pharmacy, i.product, w.known, w.lot, CASE WHEN w.known IS NULL THEN
				coalesce(w.expiry, CASE WHEN w.lot IS NULL AND i.locked THEN coalesce(t.first_expiry, 'infinity') END) END,
				i.usable, i.quarantined, i.locked, recalls) l ON true
		), verdict AS MATERIALIZED (
			SELECT f.*, CASE
				WHEN f.problem IS NOT NULL AND NOT (f.problem = 'bad_code' AND f.product IS NOT NULL) THEN f.problem
				WHEN f.product IS NULL THEN 'unknown_code'
				WHEN f.pack_times AND f.chosen IS NULL THEN 'needs_review several_of_a_pack'
				WHEN f.pack_wrong AND f.pack_state = 'dispensed' AND f.locked THEN 'already_dispensed'
				WHEN f.pack_wrong AND f.pack_state = 'quarantined' AND f.locked THEN 'quarantined'
				WHEN f.pack_wrong AND f.usable > 0 AND f.pack_state = 'in_stock' THEN 'needs_review pack_in_already'
				WHEN f.pack_wrong THEN 'needs_review'
				WHEN f.pack IS NOT NULL AND f.pack_state IS NULL AND f.locked AND f.hold_unregistered_packs
					AND f.chosen IS NULL THEN 'needs_review pack_unknown'
				WHEN f.contradicted AND f.chosen IS NULL THEN 'needs_review'
				WHEN f.lot_id IS NULL AND f.wanted_lot IS NOT NULL AND f.chosen IS NULL AND EXISTS (SELECT FROM lot a
					WHERE a.pharmacy_id = f.pharmacy AND a.product_id = f.product AND a.lot = f.wanted_lot)
					THEN 'needs_review'	-- this lot is known with another expiry
				WHEN f.lot_id IS NULL AND f.incoming AND (f.wanted_lot IS NULL OR f.wanted_expiry IS NULL) THEN 'lot_required'
				WHEN f.lot_id IS NULL AND f.kind = 'return' THEN 'lot_required'
				WHEN f.incoming AND f.order_id IS NOT NULL AND f.reason IS NULL
					AND (f.remaining IS NULL OR f.remaining < f.wanted) THEN 'over_ordered'
				WHEN f.locked AND f.recalled THEN 'recalled'
				WHEN f.locked AND least(f.lot_expiry, f.wanted_expiry) < f.first_good THEN 'expired'
				WHEN f.locked AND f.lot_usable = 0 AND f.lot_quarantined > 0 THEN 'quarantined'
				WHEN f.lot_id IS NULL AND f.locked AND f.lot IS NULL AND f.expiry IS NULL
					THEN why_no_lot(f.pharmacy, f.product, f.first_good)
				WHEN f.lot_id IS NULL AND NOT f.incoming THEN 'insufficient_stock'
				WHEN f.lot_usable + f.usable * f.wanted < 0 OR f.lot_quarantined + f.quarantined * f.wanted < 0
					THEN 'insufficient_stock'
				END AS verdict
			FROM fact f
		), decided AS MATERIALIZED (
			SELECT v.verdict IS NULL AS ok, v.lot_id, v.pack, v.shipped_order, v.shipped_number, v.pharmacy, v.product,
				v.wanted, v.usable * v.wanted AS more_usable, v.quarantined * v.wanted AS more_quarantined,
				CASE WHEN v.verdict IS NULL THEN coalesce(v.lot_id, nextval('lot_id_seq')) END AS moved_lot,
				CASE WHEN v.verdict IS NULL THEN nextval('movement_id_seq') END AS movement_id,
				(CASE WHEN v.verdict IS NULL THEN 'posted' WHEN v.held_late OR v.verdict IN ('unknown_code', 'bad_code',
					'lot_required') OR v.verdict LIKE 'needs_review%' THEN 'held' ELSE 'rejected' END)::scan_outcome AS outcome,
				CASE WHEN v.held_late THEN 'needs_review' ELSE split_part(v.verdict, ' ', 1) END AS said,
				v.on_hand + CASE WHEN v.verdict IS NULL AND NOT v.recalled
					AND coalesce(v.lot_expiry, v.wanted_expiry) >= v.first_good THEN v.usable * v.wanted ELSE 0 END AS on_hand,
				v.verdict IS NULL AND v.on_hand - v.wanted - v.at_risk <= v.minimum AS low,
				CASE WHEN v.verdict IS NULL THEN scan_warnings(v.locked AND v.first_expiry < v.lot_expiry,
					(v.locked OR v.incoming) AND coalesce(v.lot_expiry, v.wanted_expiry) <= v.today + v.near_expiry_days,
					v.assumed,
					v.locked AND v.pack IS NOT NULL AND v.pack_state IS NULL,
					coalesce(v.scanned_at > now() + interval '5 minutes', false), v.first_expiry,
					coalesce(v.lot_expiry, v.wanted_expiry)) END AS warnings,
				v.verdict IS NULL AND v.assumed AS assumed,
				CASE WHEN v.verdict IS NOT NULL THEN scan_problem(
					CASE WHEN v.held_late THEN 'needs_review' ELSE split_part(v.verdict, ' ', 1) END, v.verdict, v.detail,
					CASE WHEN v.verdict = 'insufficient_stock' THEN usable_lots(v.pharmacy, v.product, v.first_good) END)
					END AS problem,
				v.ord, v.id, v.payload, v.kind, v.operator, v.sender, v.workstation, v.sequence, v.scanned_at, v.order_id,
				v.reason, coalesce(v.lot_text, v.wanted_lot) AS lot, coalesce(v.lot_expiry, v.wanted_expiry) AS expiry,
				v.product_name, v.day_known, coalesce(v.order_price, v.price) AS unit_price, v.pack_to,
				CASE WHEN v.pack IS NOT NULL AND v.pack_state IS NULL THEN true END AS first_of_pack,
				v.quantity, v.content, v.symbology, v.lookup, v.raw, v.code_id
			FROM (SELECT v.*, v.late AND v.verdict IN ('expired', 'recalled', 'quarantined', 'insufficient_stock',
				'already_dispensed') AS held_late,
				NOT v.incoming AND v.pack_state IS NULL AND v.lot IS NULL AS assumed FROM verdict v) v
		), changed AS (
			UPDATE lot a SET usable = a.usable + d.more_usable, quarantined = a.quarantined + d.more_quarantined
			FROM decided d
			WHERE d.ok AND a.pharmacy_id = d.pharmacy AND a.id = d.lot_id
		), made AS (
			INSERT INTO lot (pharmacy_id, id, product_id, lot, expiry, expiry_day_known, unit_price, usable)
			OVERRIDING SYSTEM VALUE
			SELECT d.pharmacy, d.moved_lot, d.product, d.lot, d.expiry, coalesce(d.day_known, true), d.unit_price, d.wanted
			FROM decided d
			WHERE d.ok AND d.lot_id IS NULL
		), moved AS (
			INSERT INTO movement (pharmacy_id, id, lot_id, product_id, quantity, quarantined, kind, operator_id, sender_id,
				workstation, sequence, scanned_at, pack, first_of_pack, order_id, shipment_number, reason)
			OVERRIDING SYSTEM VALUE
			SELECT d.pharmacy, d.movement_id, d.moved_lot, d.product, d.more_usable, nullif(d.more_quarantined, 0),
				d.kind::movement_kind, d.operator, d.sender, d.workstation, d.sequence, d.scanned_at, d.pack,
				d.first_of_pack, d.shipped_order, d.shipped_number, d.reason
			FROM decided d
			WHERE d.ok
		), packed AS (
			INSERT INTO pack (pharmacy_id, code, product_id, lot_id, state, movement_id)
			SELECT d.pharmacy, d.pack, d.product, d.moved_lot, d.pack_to, d.movement_id
			FROM decided d
			WHERE d.ok AND d.pack IS NOT NULL
			ORDER BY d.pharmacy, d.pack
			ON CONFLICT (pharmacy_id, code) DO UPDATE
			SET product_id = excluded.product_id, lot_id = excluded.lot_id, state = excluded.state,
				movement_id = excluded.movement_id
		), arrived AS (
			UPDATE shipment_line s SET received = s.received + d.wanted, open = s.received + d.wanted < s.quantity
			FROM decided d
			WHERE d.ok AND s.pharmacy_id = d.pharmacy AND s.order_id = d.shipped_order AND s.number = d.shipped_number
			RETURNING s.pharmacy_id, s.order_id, s.line, d.wanted
		), counted AS (
			UPDATE order_line o SET received = o.received + a.wanted
			FROM arrived a
			WHERE o.pharmacy_id = a.pharmacy_id AND o.order_id = a.order_id AND o.line = a.line
		), kept AS (
			INSERT INTO scan (pharmacy_id, id, payload, movement_id, outcome, on_hand, problem, remarks, request, symbology, raw,
				at, code_id)
			SELECT d.pharmacy, d.id, d.payload, d.movement_id, d.outcome,
				d.on_hand, d.said,
				CASE WHEN NOT d.ok THEN jsonb_strip_nulls(jsonb_build_object('product_id', d.product,
						'lot', d.lot, 'expiry', d.expiry, 'quantity', d.wanted, 'problem', d.problem))
					WHEN d.assumed THEN jsonb_build_object('warnings', d.warnings, 'lookup', d.lookup, 'count', d.quantity,
						'content', d.content)
					WHEN d.warnings IS NOT NULL THEN jsonb_build_object('warnings', d.warnings) END,
				CASE WHEN NOT d.ok THEN scan_request(d.kind, d.quantity, _lot[d.ord], _expiry[d.ord], d.day_known, d.order_id,
					d.reason, d.workstation, d.sequence, d.scanned_at, d.operator, d.sender, d.lookup, d.pack,
					d.content) END,
				d.symbology, d.raw,
				CASE WHEN NOT d.ok OR d.assumed THEN clock_timestamp() END,
				CASE WHEN d.ok THEN d.code_id END
			FROM decided d
		)
		SELECT posted || array_agg((d.ord, d.outcome, scan_answer(d.id, d.outcome::text, d.movement_id, d.product,
				d.product_name, d.lot, d.expiry, d.wanted, d.on_hand, d.warnings, d.problem))::posted_scan),
			low_pharmacy || array_agg(d.pharmacy) FILTER (WHERE d.low), low_product || array_agg(d.product) FILTER (WHERE d.low),
			came_pharmacy || array_agg(d.pharmacy) FILTER (WHERE d.ok AND d.shipped_order IS NOT NULL),
			came_order || array_agg(d.shipped_order) FILTER (WHERE d.ok AND d.shipped_order IS NOT NULL)
		INTO posted, low_pharmacy, low_product, came_pharmacy, came_order
		FROM decided d;
	END LOOP;

	IF came_order IS NOT NULL THEN
		PERFORM close_received_orders(came_pharmacy, came_order);
	END IF;
	IF low_product IS NOT NULL THEN
		PERFORM place_orders(low_pharmacy, low_product);
	END IF;

	RETURN QUERY
	SELECT p.ord::int, p.outcome::text, p.answer FROM unnest(posted) p;
	IF repeated THEN
		-- An answer that repeats an old one waits for the disk and the standby like any other.
		PERFORM pg_logical_emit_message(true, 'yaoku', '');
		RETURN QUERY
		SELECT i.ord::int, a.outcome, a.answer
		FROM unnest(_id, _pharmacy, _payload, rounds) WITH ORDINALITY AS i (id, pharmacy, payload, round, ord)
		CROSS JOIN LATERAL stored_answer(i.pharmacy, i.id, i.payload, i.round = 0) a
		WHERE i.round IS NULL OR i.round = 0;
	END IF;
END $$;

ALTER FUNCTION post_scans OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION post_scans FROM PUBLIC;
GRANT EXECUTE ON FUNCTION post_scans TO yaoku_app;
