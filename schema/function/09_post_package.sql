-- What is in a package, down to the packs: each with what names its product, the order that brought it, and the lot as the
-- supplier said. A shipment's own SSCC, of which nothing more was said, holds the whole shipment: its packs, and of
-- lines without them what is still to come (`quantity`).
CREATE OR REPLACE FUNCTION package_leaves(_pharmacy int, _code text)
RETURNS TABLE (pack text, lookup text, lot text, expiry date, quantity int, order_id bigint)
LANGUAGE sql STABLE
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $$
	WITH RECURSIVE inside AS (
		SELECT c.code, c.order_id FROM package_content c WHERE c.pharmacy_id = _pharmacy AND c.package = _code
		UNION
		SELECT c.code, c.order_id FROM inside i JOIN package_content c ON c.pharmacy_id = _pharmacy AND c.package = i.code
	), shipment AS (
		SELECT o.id FROM purchase_order o
		WHERE o.pharmacy_id = _pharmacy AND o.sscc = substr(_code, 3) AND _code LIKE '00%'
			AND NOT EXISTS (SELECT FROM inside)
		ORDER BY o.id DESC
		LIMIT 1
	), packs AS (
		SELECT i.code, i.order_id FROM inside i
		WHERE NOT EXISTS (SELECT FROM package_content c WHERE c.pharmacy_id = _pharmacy AND c.package = i.code)
		UNION ALL
		SELECT k.code, s.id FROM shipment s JOIN shipment_line l ON l.pharmacy_id = _pharmacy AND l.order_id = s.id
		JOIN shipment_pack k ON k.pharmacy_id = l.pharmacy_id AND k.order_id = l.order_id AND k.number = l.number
	)
	SELECT p.code, CASE WHEN p.code LIKE '01%' THEN substr(p.code, 3, 14) ELSE left(p.code, 7) END, l.lot, l.expiry, 1, p.order_id
	FROM packs p
	LEFT JOIN shipment_pack k ON k.pharmacy_id = _pharmacy AND k.code = p.code AND k.order_id = p.order_id
	LEFT JOIN shipment_line l ON l.pharmacy_id = _pharmacy AND l.order_id = k.order_id AND l.number = k.number
	UNION ALL
	SELECT NULL, g.gtin, l.lot, l.expiry, l.quantity - l.received, s.id
	FROM shipment s
	JOIN shipment_line l ON l.pharmacy_id = _pharmacy AND l.order_id = s.id AND l.open AND l.quantity > l.received
	JOIN product g ON g.id = l.product_id
	WHERE NOT EXISTS (SELECT FROM shipment_pack k
		WHERE k.pharmacy_id = l.pharmacy_id AND k.order_id = l.order_id AND k.number = l.number)
$$;

-- Post what is in a package, each as a scan with an id made of the package's: every rule is asked. Many packs of one product
-- are as many rounds of post_scans, so it gets 50 at a time. Locks: the caller holds the shelves.
CREATE OR REPLACE FUNCTION post_content(_scan scan_asked) RETURNS TABLE (code text, answer jsonb)
LANGUAGE sql
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $$
	WITH leaf AS MATERIALIZED (
		SELECT row_number() OVER (ORDER BY l.lookup, l.lot, l.pack) - 1 AS place, l.*, coalesce(l.pack, 'lot ' || l.lot) AS code,
			md5(concat_ws(' ', _scan.id, l.order_id, l.pack, l.lookup, l.lot))::uuid AS id
		FROM package_leaves(_scan.pharmacy, _scan.request->>'pack') l
	), asked AS (
		SELECT l.place / 50 AS part, array_agg(l.code ORDER BY l.place) AS code, array_agg(l.id ORDER BY l.place) AS id,
			array_agg(l.lookup ORDER BY l.place) AS lookup, array_agg(l.pack ORDER BY l.place) AS pack,
			array_agg(CASE WHEN r.incoming THEN l.lot END ORDER BY l.place) AS lot,
			array_agg(CASE WHEN r.incoming THEN l.expiry END ORDER BY l.place) AS expiry,
			array_agg(l.quantity ORDER BY l.place) AS quantity,
			array_agg(CASE WHEN r.incoming THEN coalesce(r.order_id, l.order_id) END ORDER BY l.place) AS order_id,
			array_agg(convert_to(coalesce(l.pack, l.lookup), 'UTF8') ORDER BY l.place) AS raw, array_agg(true) AS day_known,
			array_agg(_scan.pharmacy) AS pharmacy, array_agg(_scan.payload) AS payload, array_agg(r.kind) AS kind,
			array_agg(r.reason) AS reason, array_agg(r.workstation) AS workstation, array_agg(r.sequence) AS sequence,
			array_agg(r.scanned_at) AS scanned_at, array_agg(r.operator) AS operator, array_agg(r.sender) AS sender
		FROM leaf l
		CROSS JOIN (SELECT u.kind::text, u.incoming, (_scan.request->>'order_id')::bigint AS order_id,
			_scan.request->>'reason' AS reason, _scan.request->>'workstation' AS workstation,
			(_scan.request->>'sequence')::bigint AS sequence, (_scan.request->>'scanned_at')::timestamptz AS scanned_at,
			(_scan.request->>'operator_id')::int AS operator, (_scan.request->>'sender_id')::int AS sender
			FROM movement_rule u WHERE u.kind = (_scan.request->>'movement')::movement_kind) r
		GROUP BY l.place / 50
		ORDER BY l.place / 50
	)
	SELECT a.code[p.ord], p.answer::jsonb
	FROM asked a
	CROSS JOIN LATERAL post_scans(a.id, a.pharmacy, a.payload, a.kind, a.lookup, a.pack, a.lot, a.expiry, a.day_known, a.quantity,
		a.order_id, a.reason, a.workstation, a.sequence, a.scanned_at, a.operator, a.sender, '{}', '{}', '{}', a.raw, '{}', '{}') p
$$;

-- Post the scan of a package: everything in it or nothing. When something in it is refused, the package's scan is
-- rejected for the same reason, or held, and says what it was.
--
-- A package whose content nobody announced is held as an unknown code. Goods without codes of their own can only
-- come in this way: which of them are still in the case, no code can tell later.
--
-- Who may: as post_apart. Locks: the shelves of all that is in it, together. Errors: 23505, post again.
CREATE OR REPLACE FUNCTION post_package(_scan scan_asked) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
	inside record;
	content record;
	remarks jsonb;
	problem jsonb;
BEGIN
	SELECT count(*) AS n, bool_or(l.pack IS NULL) AS uncoded, EXISTS (SELECT FROM purchase_order o
		WHERE o.pharmacy_id = _scan.pharmacy AND o.sscc = substr(_scan.request->>'pack', 3)) AS shipment
	INTO inside
	FROM package_leaves(_scan.pharmacy, _scan.request->>'pack') l;
	problem := CASE
		WHEN inside.n = 0 AND inside.shipment THEN
			review_problem('package_done: everything of this shipment has come in already')
		WHEN inside.n = 0 THEN
			jsonb_build_object('code', 'unknown_code', 'detail', 'no shipment says what is in this package; scan what is in it')
		WHEN inside.uncoded AND _scan.request->>'movement' <> 'receive' THEN
			review_problem('goods_in_package: goods in it have no codes of their own; scan what is there')
		WHEN (_scan.request->>'quantity')::int > 1 THEN
			review_problem('several_of_a_pack: a package is one; a person must look') END;
	IF problem IS NOT NULL THEN
		PERFORM refuse_scan(_scan, 'held', problem);
		RETURN;
	END IF;

	PERFORM lock_shelves(array_agg(_scan.pharmacy), array_agg(coalesce(c.product_id, own.product_id)))
	FROM (SELECT DISTINCT l.lookup FROM package_leaves(_scan.pharmacy, _scan.request->>'pack') l) l
	LEFT JOIN product_code c ON c.code = l.lookup
	LEFT JOIN pharmacy_code own ON own.pharmacy_id = _scan.pharmacy AND own.code = l.lookup;
	IF EXISTS (SELECT FROM scan s WHERE s.pharmacy_id = _scan.pharmacy AND s.id = _scan.id) THEN
		RAISE unique_violation USING MESSAGE = 'the package is posted already';	-- meanwhile, by who held the shelves
	END IF;

	BEGIN	-- all of it or nothing
		SELECT count(*) FILTER (WHERE p.answer->>'outcome' <> 'posted') AS refused, count(*) AS n,
			array_agg((p.answer->>'movement_id')::bigint ORDER BY (p.answer->>'movement_id')::bigint) AS movements,
			array_agg(p.answer) AS answers, (array_agg(p.answer || jsonb_build_object('named', p.code)
				ORDER BY p.answer->>'outcome' DESC, p.code) FILTER (WHERE p.answer->>'outcome' <> 'posted'))[1] AS first,
			min(p.answer->>'lot') FILTER (WHERE p.answer->>'lot' <> _scan.request->>'lot') AS other_lot
		INTO content
		FROM post_content(_scan) p;
		IF content.refused > 0 OR content.other_lot IS NOT NULL THEN
			RAISE EXCEPTION USING ERRCODE = 'YK001';
		END IF;
		remarks := moved_together(_scan.pharmacy, content.movements) || jsonb_strip_nulls(jsonb_build_object('warnings',
			(SELECT jsonb_agg(DISTINCT w.warning) FROM unnest(content.answers) a (answer)
				CROSS JOIN LATERAL jsonb_array_elements(a.answer->'warnings') w (warning))));
		INSERT INTO scan (pharmacy_id, id, payload, movement_id, outcome, on_hand, remarks, symbology, raw)
		SELECT _scan.pharmacy, _scan.id, _scan.payload, content.movements[1], 'posted', (SELECT l.on_hand FROM shelf_level l
			WHERE l.pharmacy_id = _scan.pharmacy AND l.product_id = (remarks->>'product_id')::int),
			remarks, _scan.symbology, _scan.raw;
		INSERT INTO scan_movement (pharmacy_id, movement_id, scan_id)
		SELECT _scan.pharmacy, m.id, _scan.id FROM unnest(content.movements) AS m (id);
	EXCEPTION WHEN SQLSTATE 'YK001' THEN
		problem := coalesce(content.first->'problem', '{}') - 'why' || jsonb_strip_nulls(jsonb_build_object(
			'code', CASE WHEN content.first->>'outcome' = 'rejected' THEN content.first->'problem'->>'code' ELSE 'needs_review' END,
			'why', CASE WHEN content.refused = 0 THEN 'package_other'
				WHEN content.first->>'outcome' <> 'rejected' THEN 'package_part' END,
			'detail', CASE WHEN content.refused = 0 THEN format('its label says lot %s, but lot %s is in it',
					_scan.request->>'lot', content.other_lot)
				ELSE format('nothing of this package was moved: %s of %s in it cannot be, the first is %s: %s', content.refused,
					content.n, content.first->>'named', content.first->'problem'->>'detail') END));
		PERFORM refuse_scan(_scan, coalesce(content.first->>'outcome', 'held')::scan_outcome, problem);
	END;
END $$;

REVOKE ALL ON FUNCTION package_leaves, post_content, post_package FROM PUBLIC;
GRANT EXECUTE ON FUNCTION package_leaves, post_content, post_package TO yaoku_ledger;
