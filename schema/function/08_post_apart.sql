-- Scans that mean more than their own code says; post_scans hands them over one by one.
--
--   half      names no product: lot, expiry or serial of a box whose GTIN is in another symbol
--   follower  comes from a workstation whose half waits
--   package   a case or pallet: what is in it moves, all of it or nothing (post_package)
--
-- The two codes of a box belong together when they come one right after the other from the same workstation, person
-- and movement, within the pharmacy's join_seconds: by the device's clock when both carry it, else by ours. Either
-- may come first. They make one movement, the one of the scan that came second, or, when the first was dispensed from
-- a lot that nobody had named, take the place of its movement. When the rules refuse the box as its codes say it, nothing of
-- it has moved: what was assumed is taken back with the refusal. Whatever does not fit is held and never guessed.
--
-- A half joins the code before it, unless that is complete, or its lot is known here of other products only: then it waits for
-- the code after it. The same half once more may be a box like the last, so it waits for a code of the same product.
--
-- Who may: post_scans, which has checked sender and operator. Locks: the held partner's row, then its shelf.

DROP TYPE IF EXISTS scan_asked CASCADE;
CREATE TYPE scan_asked AS (pharmacy int, id uuid, payload uuid, chosen int, problem text, detail text, symbology text,
	raw bytea, request jsonb);

-- Post one scan from what is kept of it (scan_request).
CREATE OR REPLACE FUNCTION post_request(_pharmacy int, _id uuid, _payload uuid, _request jsonb, _symbology text, _raw bytea,
	_chosen int DEFAULT NULL, _problem text DEFAULT NULL, _detail text DEFAULT NULL)
RETURNS TABLE (outcome text, answer jsonb)
LANGUAGE sql
AS $$
	SELECT p.outcome, p.answer::jsonb
	FROM post_scans(ARRAY[_id], ARRAY[_pharmacy], ARRAY[_payload], ARRAY[_request->>'movement'], ARRAY[_request->>'lookup'],
		ARRAY[_request->>'pack'], ARRAY[_request->>'lot'], ARRAY[(_request->>'expiry')::date],
		ARRAY[coalesce((_request->>'day_known')::boolean, true)], ARRAY[(_request->>'quantity')::int],
		ARRAY[(_request->>'order_id')::bigint], ARRAY[_request->>'reason'], ARRAY[_request->>'workstation'],
		ARRAY[(_request->>'sequence')::bigint], ARRAY[(_request->>'scanned_at')::timestamptz],
		ARRAY[(_request->>'operator_id')::int], ARRAY[(_request->>'sender_id')::int], ARRAY[_problem], ARRAY[_detail],
		ARRAY[_symbology], ARRAY[_raw], ARRAY[_chosen],
		ARRAY[(_request->>'content')::int]) p
$$;

-- What one of the scans of a group is that must be posted alone, or NULL. Known ids and what is not allowed are not.
CREATE OR REPLACE FUNCTION stands_apart(_id uuid[], _pharmacy int[], _pack text[], _workstation text[], _sender int[],
	_problem text[], _chosen int[], _allowed int[]) RETURNS text
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $$
BEGIN
	RETURN (SELECT a.what
	FROM unnest(_id, _pharmacy, _pack, _workstation, _sender, _problem, _chosen, _allowed)
		AS i (id, pharmacy, pack, workstation, sender, problem, chosen, allowed)
	LEFT JOIN LATERAL (SELECT true AS there FROM package_content c
		WHERE c.pharmacy_id = i.pharmacy AND c.package = i.pack LIMIT 1) p ON true
	LEFT JOIN LATERAL (SELECT true AS there FROM scan h
		WHERE h.pharmacy_id = i.pharmacy AND h.outcome = 'held' AND h.request ? 'half'
			AND (h.request->>'sender_id')::int = i.sender AND h.request->>'workstation' IS NOT DISTINCT FROM i.workstation
		LIMIT 1) h ON i.chosen IS NULL
	CROSS JOIN LATERAL (SELECT CASE WHEN i.problem IN ('half', 'package') THEN i.problem WHEN p.there THEN 'package'
		WHEN h.there THEN 'follower' END) a (what)
	WHERE i.allowed = 1 AND a.what IS NOT NULL
		AND NOT EXISTS (SELECT FROM scan s WHERE s.pharmacy_id = i.pharmacy AND s.id = i.id)
	LIMIT 1);
END $$;

-- The last scan of the workstation that sent `_request`, of its 1,000 newest here: its row, unless it was posted without
-- any doubt, and its movement, if it made one. `near`: the same person did the same thing within the time for joining.
CREATE OR REPLACE FUNCTION scan_before(_pharmacy int, _request jsonb)
RETURNS TABLE (id uuid, problem text, remarks jsonb, request jsonb, moved movement, near boolean)
LANGUAGE sql STABLE
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $$
	WITH asked AS (
		SELECT (_request->>'sender_id')::int AS sender, _request->>'workstation' AS workstation,
			(_request->>'operator_id')::int AS operator, _request->>'movement' AS kind,
			(_request->>'scanned_at')::timestamptz AS scanned_at
	), moved AS (
		SELECT m.*
		FROM (SELECT m.* FROM movement m WHERE m.pharmacy_id = _pharmacy ORDER BY m.id DESC LIMIT 1000) m
		JOIN asked a ON m.sender_id = a.sender AND m.workstation IS NOT DISTINCT FROM a.workstation
		ORDER BY m.id DESC
		LIMIT 1
	), said AS (
		SELECT s.*, m.id IS NOT NULL AS of_movement
		FROM (SELECT s.* FROM scan s WHERE s.pharmacy_id = _pharmacy AND s.at IS NOT NULL ORDER BY s.at DESC LIMIT 1000) s
		CROSS JOIN asked a
		LEFT JOIN moved m ON m.id = s.movement_id
		WHERE m.id IS NOT NULL OR (s.request->>'sender_id')::int = a.sender
			AND s.request->>'workstation' IS NOT DISTINCT FROM a.workstation
			AND s.at > coalesce((SELECT n.at FROM moved n), '-infinity')
		ORDER BY s.at DESC
		LIMIT 1
	)
	SELECT s.id, s.problem, s.remarks, s.request, CASE WHEN l.of_movement THEN (SELECT m FROM movement m
			WHERE m.pharmacy_id = _pharmacy AND m.id = l.movement) END,
		coalesce(l.operator = a.operator AND l.kind = a.kind AND abs(extract(epoch FROM CASE
			WHEN l.scanned_at IS NOT NULL AND a.scanned_at IS NOT NULL THEN a.scanned_at - l.scanned_at
			ELSE clock_timestamp() - l.at END)) <= ph.join_seconds, false)
	FROM asked a
	JOIN pharmacy ph ON ph.id = _pharmacy
	LEFT JOIN moved m ON true
	LEFT JOIN said s ON true
	CROSS JOIN LATERAL (SELECT coalesce(s.of_movement, m.id IS NOT NULL) AS of_movement, m.id AS movement,
		CASE WHEN s.of_movement IS FALSE THEN s.request->>'movement' ELSE m.kind::text END AS kind,
		CASE WHEN s.of_movement IS FALSE THEN (s.request->>'operator_id')::int ELSE m.operator_id END AS operator,
		CASE WHEN s.of_movement IS FALSE THEN (s.request->>'scanned_at')::timestamptz ELSE m.scanned_at END AS scanned_at,
		CASE WHEN s.of_movement IS FALSE THEN s.at ELSE m.at END AS at) l
$$;

-- One scan of both codes of a box: of the half its lot, expiry and serial, of the other all else, or NULL when they
-- contradict each other. The quantity was said with either, or the same with both.
CREATE OR REPLACE FUNCTION whole_request(_whole jsonb, _half jsonb) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
	SELECT jsonb_strip_nulls(_whole || jsonb_build_object('lot', coalesce(_half->>'lot', _whole->>'lot'),
		'expiry', coalesce(_half->>'expiry', _whole->>'expiry'),
		'day_known', CASE WHEN _half ? 'expiry' THEN _half->'day_known' ELSE _whole->'day_known' END,
		'pack', coalesce(_whole->>'pack', CASE WHEN _whole->>'lookup' ~ '^[0-9]{14}$' THEN
			'01' || (_whole->>'lookup') || (_half->>'pack') END), 'quantity', q.most))
	FROM (SELECT greatest((_whole->>'quantity')::int, (_half->>'quantity')::int),
		least((_whole->>'quantity')::int, (_half->>'quantity')::int)) q (most, few)
	WHERE (q.few = 1 OR q.few = q.most) AND q.most::bigint * coalesce((_whole->>'content')::int, 1) <= 100000
		AND coalesce(_whole->>'lot' = _half->>'lot', true) AND coalesce(_whole->>'expiry' = _half->>'expiry', true)
		AND coalesce(_whole->>'pack' NOT LIKE '01%' OR substr(_whole->>'pack', 17) = _half->>'pack', true)
$$;

-- A scan's row says that it and another are one box.
CREATE OR REPLACE FUNCTION mark_scan(_pharmacy int, _id uuid, _marks jsonb) RETURNS void
LANGUAGE sql
AS $$
	UPDATE scan s SET remarks = coalesce(s.remarks, '{}') || _marks, at = clock_timestamp()
	WHERE s.pharmacy_id = _pharmacy AND s.id = _id
$$;

-- A held scan was posted with the other code of its box: it has the same movement.
CREATE OR REPLACE FUNCTION post_with(_pharmacy int, _held uuid, _posted uuid) RETURNS void
LANGUAGE sql
AS $$
	UPDATE scan s SET outcome = 'posted', movement_id = p.movement_id, on_hand = p.on_hand, problem = NULL, request = NULL,
		at = NULL, remarks = jsonb_strip_nulls(jsonb_build_object('warnings', p.remarks->'warnings', 'joined', p.id))
	FROM scan p
	WHERE s.pharmacy_id = _pharmacy AND s.id = _held AND s.outcome = 'held'
		AND p.pharmacy_id = _pharmacy AND p.id = _posted AND p.outcome = 'posted'
$$;

-- Two scans are one box, and the second asked for all of it: the first has its movement. When the second is held, both are
-- posted as soon as a person has posted either.
CREATE OR REPLACE FUNCTION join_scans(_pharmacy int, _first uuid, _second uuid, _marks jsonb DEFAULT '{}') RETURNS void
LANGUAGE sql
AS $$
	SELECT post_with(_pharmacy, _first, _second);
	SELECT mark_scan(_pharmacy, s.id, _marks || jsonb_build_object('joined', _first))
	FROM scan s WHERE s.pharmacy_id = _pharmacy AND s.id = _second AND s.outcome = 'posted';
	UPDATE scan s SET request = s.request || jsonb_build_object('other', CASE s.id WHEN _first THEN _second ELSE _first END)
	FROM scan h
	WHERE h.pharmacy_id = _pharmacy AND h.id = _second AND h.outcome = 'held'
		AND s.pharmacy_id = _pharmacy AND s.id IN (_first, _second) AND s.outcome = 'held'
$$;

-- Halves of the workstation wait for nobody any more, whatever comes of the scan after them. Which they were: of scans that
-- come at once, one has them.
CREATE OR REPLACE FUNCTION free_halves(_scan scan_asked) RETURNS uuid[]
LANGUAGE sql
AS $$
	WITH freed AS (
		UPDATE scan s SET request = s.request - 'half', remarks = s.remarks || jsonb_build_object('problem', review_problem(
			CASE WHEN s.request ? 'after' THEN 'half_taken: it was read of the pack before it already'
			ELSE 'half_late: no other code of its box came in time' END))
		WHERE s.pharmacy_id = _scan.pharmacy AND s.outcome = 'held' AND s.request ? 'half'
			AND s.request->>'sender_id' = _scan.request->>'sender_id'
			AND s.request->>'workstation' IS NOT DISTINCT FROM _scan.request->>'workstation'
		RETURNING s.id
	)
	SELECT coalesce(array_agg(f.id), '{}') FROM freed f
$$;

-- A scan of which nothing was posted is kept with its reason.
CREATE OR REPLACE FUNCTION refuse_scan(_scan scan_asked, _outcome scan_outcome, _problem jsonb, _known jsonb DEFAULT '{}')
RETURNS void
LANGUAGE sql
AS $$
	INSERT INTO scan (pharmacy_id, id, payload, outcome, problem, remarks, request, symbology, raw, at)
	VALUES (_scan.pharmacy, _scan.id, _scan.payload, _outcome, _problem->>'code',
		_known || jsonb_build_object('problem', _problem), _scan.request, _scan.symbology, _scan.raw, clock_timestamp())
$$;

-- Hold a scan for this reason, 'word: sentence'.
CREATE OR REPLACE FUNCTION hold_scan(_scan scan_asked, _reason text) RETURNS void
LANGUAGE sql
AS $$
	SELECT refuse_scan(_scan, 'held', review_problem(_reason))
$$;

-- A half was asked for together with the other code of its box, and the rules refused that: its answer says so.
CREATE OR REPLACE FUNCTION mark_refused(_pharmacy int, _half uuid, _other uuid) RETURNS void
LANGUAGE sql
AS $$
	UPDATE scan s SET remarks = s.remarks || jsonb_build_object('joined', _other,
		'problem', '{"why": "half_refused"}' || (s.remarks->'problem'))
	WHERE s.pharmacy_id = _pharmacy AND s.id = _half AND s.outcome <> 'posted'
$$;

-- A lot of this name is here, or under way when goods come in, but of other products only.
CREATE OR REPLACE FUNCTION lot_is_of_others(_pharmacy int, _product int, _lot text, _kind text) RETURNS boolean
LANGUAGE sql STABLE
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $$
	SELECT NOT coalesce(bool_or(k.product_id = _product), true)
	FROM (
		SELECT l.product_id FROM lot l
		WHERE l.pharmacy_id = _pharmacy AND l.lot = _lot AND _kind <> 'receive'
			AND (l.product_id = _product OR l.usable > 0 OR l.quarantined > 0)
		UNION ALL
		SELECT s.product_id FROM shipment_line s
		WHERE s.pharmacy_id = _pharmacy AND s.lot = _lot AND _kind = 'receive' AND s.open
	) k
$$;

-- What was taken from a lot that nobody had named is taken as the half says: the movement is undone and made anew. Where the
-- rules refuse that, it stays undone, and the half has their answer: nothing of the box has moved.
CREATE OR REPLACE FUNCTION correct_lot(_scan scan_asked, _before uuid, _moved movement, _request jsonb) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
	result text;
BEGIN
	PERFORM lock_shelves(ARRAY[_scan.pharmacy], ARRAY[_moved.product_id]);
	IF (undo_refusal(_moved)).problem IS NOT NULL OR undo_movement(_moved, _moved.operator_id, _moved.sender_id,
			'the pack''s other code says more of it') IS NULL THEN
		PERFORM hold_scan(_scan, 'half_taken: the pack before it has moved on; a person must look');
		RETURN;
	END IF;
	SELECT p.outcome INTO result
	FROM post_request(_scan.pharmacy, _scan.id, _scan.payload, _request, _scan.symbology, _scan.raw) p;
	IF result <> 'posted' THEN
		PERFORM mark_refused(_scan.pharmacy, _scan.id, _before);
		RETURN;
	END IF;
	PERFORM mark_scan(_scan.pharmacy, _before, jsonb_build_object('joined', _scan.id));
	PERFORM mark_scan(_scan.pharmacy, _scan.id, jsonb_build_object('joined', _before));
END $$;

-- The half joins the scan before it, or is held because it cannot; false: it may be of the box that comes next.
CREATE OR REPLACE FUNCTION join_before(_scan scan_asked, _before uuid, _remarks jsonb, _moved movement) RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
	taken lot;
	whole jsonb;
	counted int := coalesce((_remarks->>'count')::int, abs(_moved.quantity));
	quantity int := (_scan.request->>'quantity')::int;
BEGIN
	SELECT l.* INTO taken FROM lot l WHERE l.pharmacy_id = _moved.pharmacy_id AND l.id = _moved.lot_id;
	IF coalesce(taken.lot = _scan.request->>'lot', taken.expiry = (_scan.request->>'expiry')::date, false)
			AND coalesce(taken.expiry = (_scan.request->>'expiry')::date, true)
			AND NOT (_moved.pack IS NULL AND _scan.request ? 'pack') AND quantity IN (1, counted) THEN
		-- The lot was right: nothing moves.
		INSERT INTO scan (pharmacy_id, id, payload, movement_id, outcome, on_hand, remarks, symbology, raw, at)
		SELECT _scan.pharmacy, _scan.id, _scan.payload, _moved.id, 'posted', l.on_hand, jsonb_build_object('joined', _before),
			_scan.symbology, _scan.raw, clock_timestamp()
		FROM shelf_level l WHERE l.pharmacy_id = _scan.pharmacy AND l.product_id = _moved.product_id;
		PERFORM mark_scan(_scan.pharmacy, _before, jsonb_build_object('joined', _scan.id));
	ELSIF _remarks->>'lookup' IS NULL OR lot_is_of_others(_scan.pharmacy, _moved.product_id, _scan.request->>'lot',
			_scan.request->>'movement') THEN
		RETURN false;
	ELSE
		whole := whole_request(_scan.request || jsonb_build_object('lot', NULL, 'expiry', NULL, 'pack', _moved.pack,
			'lookup', _remarks->'lookup', 'quantity', counted, 'content', _remarks->'content', 'reason', _moved.reason),
			_scan.request);
		IF whole IS NULL THEN
			PERFORM hold_scan(_scan, 'contradicts: it contradicts the code that was scanned before it; a person must look');
		ELSE
			PERFORM correct_lot(_scan, _before, _moved, whole);
		END IF;
	END IF;
	RETURN true;
END $$;

CREATE OR REPLACE FUNCTION post_half(_scan scan_asked) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
	before record;
	held scan;
	moved movement;
	whole jsonb;
	seconds int;
BEGIN
	SELECT * INTO before FROM scan_before(_scan.pharmacy, _scan.request);
	moved := before.moved;
	IF before.near AND before.problem = 'lot_required' THEN
		SELECT s.* INTO held FROM scan s
		WHERE s.pharmacy_id = _scan.pharmacy AND s.id = before.id AND s.outcome = 'held' AND NOT lot_is_of_others(s.pharmacy_id,
			(s.remarks->>'product_id')::int, _scan.request->>'lot', _scan.request->>'movement') FOR UPDATE;
		whole := whole_request(held.request, _scan.request);
		IF held.id IS NOT NULL AND whole IS NULL THEN
			PERFORM hold_scan(_scan, 'contradicts: it contradicts the code that was scanned before it; a person must look');
			RETURN;
		ELSIF held.id IS NOT NULL THEN
			PERFORM post_request(_scan.pharmacy, _scan.id, _scan.payload, whole || jsonb_strip_nulls(jsonb_build_object(
				'sequence', _scan.request->'sequence', 'scanned_at', _scan.request->'scanned_at')), _scan.symbology, _scan.raw);
			PERFORM join_scans(_scan.pharmacy, held.id, _scan.id);
			PERFORM mark_refused(_scan.pharmacy, _scan.id, held.id);
			RETURN;
		END IF;
	ELSIF before.near AND moved.id IS NOT NULL AND NOT EXISTS (SELECT FROM movement r
			WHERE r.pharmacy_id = moved.pharmacy_id AND r.reverses = moved.id) THEN
		IF before.remarks ? 'joined' AND moved.pack LIKE '01%' AND substr(moved.pack, 17) = _scan.request->>'pack' THEN
			PERFORM hold_scan(_scan, 'half_taken: both codes of this pack were counted already');
			RETURN;
		ELSIF before.remarks ? 'joined' THEN
			-- A box like the last one, or the last one's once more: then no other product's may take it.
			_scan.request := _scan.request || coalesce((SELECT jsonb_build_object('after', moved.product_id) FROM lot l
				WHERE l.pharmacy_id = moved.pharmacy_id AND l.id = moved.lot_id
					AND coalesce(l.lot = _scan.request->>'lot', l.expiry = (_scan.request->>'expiry')::date, false)), '{}');
		ELSIF join_before(_scan, before.id, before.remarks, moved) THEN
			RETURN;
		END IF;
	END IF;
	SELECT ph.join_seconds INTO seconds FROM pharmacy ph WHERE ph.id = _scan.pharmacy;
	_scan.request := _scan.request || '{"half": true}';
	PERFORM refuse_scan(_scan, 'held', review_problem(format(
		'half_waits: it names no product; scan the pack''s other code within %s seconds', seconds))
		|| jsonb_build_object('waits', seconds),
		jsonb_strip_nulls(jsonb_build_object('lot', _scan.request->'lot', 'expiry', _scan.request->'expiry')));
END $$;

-- The scan after a half: it takes what the half says, when the two belong together.
CREATE OR REPLACE FUNCTION post_follower(_scan scan_asked) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
	before record;
	whole jsonb := _scan.request;
BEGIN
	SELECT * INTO before FROM scan_before(_scan.pharmacy, _scan.request);
	before.near := before.id = ANY (free_halves(_scan)) AND before.near AND _scan.problem IS NULL
		AND (before.request ? 'after' IS NOT TRUE OR (before.request->>'after')::int = (SELECT r.product_id
			FROM resolve_scans(ARRAY[_scan.pharmacy], ARRAY[_scan.request->>'lookup'], '{}', '{}',
				ARRAY[(_scan.request->>'operator_id')::int], ARRAY[(_scan.request->>'sender_id')::int], '{}', '{}', '{}') r));
	IF before.near THEN
		whole := whole_request(_scan.request, before.request);
		IF whole IS NULL THEN
			PERFORM hold_scan(_scan, 'contradicts: it contradicts the code that was scanned before it; a person must look');
			RETURN;
		END IF;
	END IF;
	PERFORM post_request(_scan.pharmacy, _scan.id, _scan.payload, whole, _scan.symbology, _scan.raw, _scan.chosen, _scan.problem,
		_scan.detail);
	IF before.near THEN
		PERFORM join_scans(_scan.pharmacy, before.id, _scan.id, '{"took": true}');
		UPDATE scan s SET remarks = s.remarks || jsonb_build_object('problem',
			review_problem('half_refused: the box was not counted: see its other code'))
		WHERE s.pharmacy_id = _scan.pharmacy AND s.id = before.id AND s.outcome = 'held';
	END IF;
END $$;

CREATE OR REPLACE FUNCTION post_apart(_what text, _scan scan_asked) RETURNS TABLE (outcome text, answer text)
LANGUAGE plpgsql
AS $$
BEGIN
	CASE _what
		WHEN 'half' THEN PERFORM post_half(_scan);
		WHEN 'follower' THEN PERFORM post_follower(_scan);
		WHEN 'package' THEN
			PERFORM free_halves(_scan);	-- what is in it follows no half
			PERFORM post_package(_scan);
	END CASE;
	RETURN QUERY
	SELECT coalesce(nullif(a.outcome, 'replayed'), 'posted'),
		regexp_replace(a.answer, '"outcome":"replayed"', '"outcome":"posted"')
	FROM stored_answer(_scan.pharmacy, _scan.id, NULL, false) a;
END $$;

REVOKE ALL ON FUNCTION post_request, stands_apart, scan_before, whole_request, mark_scan, post_with, join_scans, free_halves, refuse_scan, hold_scan,
	mark_refused, lot_is_of_others, correct_lot, join_before, post_half, post_follower, post_apart FROM PUBLIC;
GRANT EXECUTE ON FUNCTION post_request, stands_apart, scan_before, whole_request, mark_scan, post_with, join_scans, free_halves, refuse_scan, hold_scan,
	mark_refused, lot_is_of_others, correct_lot, join_before, post_half, post_follower, post_apart TO yaoku_ledger;
