-- Scans that mean more than their own code says; post_scans hands them over one by one.
--
--   half      names no product: lot, expiry or serial of a box whose GTIN is in another symbol
--   follower  comes from a workstation whose half waits
--   package   a case or pallet: what is in it moves, all of it or nothing (post_package)
--
-- The two codes of a box belong together when they come one right after the other from the same workstation, person
-- and movement, within the pharmacy's join_seconds: by the device's clock when both carry it, else by ours. Either
-- may come first. They make one movement, the one of the scan that came second, or, when the first was dispensed from
-- a lot that nobody had named, take the place of its movement. Whatever does not fit is held and never guessed.
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
		ARRAY[_symbology], ARRAY[_raw], ARRAY[_chosen]) p
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
-- contradict each other.
CREATE OR REPLACE FUNCTION whole_request(_whole jsonb, _half jsonb) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
	SELECT jsonb_strip_nulls(_whole || jsonb_build_object('lot', coalesce(_half->>'lot', _whole->>'lot'),
		'expiry', coalesce(_half->>'expiry', _whole->>'expiry'),
		'day_known', CASE WHEN _half ? 'expiry' THEN _half->'day_known' ELSE _whole->'day_known' END,
		'pack', coalesce(_whole->>'pack', CASE WHEN _whole->>'lookup' ~ '^[0-9]{14}$' THEN
			'01' || (_whole->>'lookup') || (_half->>'pack') END)))
	WHERE coalesce(_whole->>'lot' = _half->>'lot', true) AND coalesce(_whole->>'expiry' = _half->>'expiry', true)
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
		UPDATE scan s SET request = s.request - 'half'
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

-- Hold a scan for this reason.
CREATE OR REPLACE FUNCTION hold_scan(_scan scan_asked, _detail text) RETURNS void
LANGUAGE sql
AS $$
	SELECT refuse_scan(_scan, 'held', jsonb_build_object('code', 'needs_review', 'detail', _detail))
$$;

-- What was dispensed from a lot that nobody had named is taken from the lot that the half names: the movement is
-- undone and made anew, or, where the rules refuse that, stays and the half has their answer.
CREATE OR REPLACE FUNCTION correct_lot(_scan scan_asked, _before uuid, _moved movement, _request jsonb) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
	posted record;
BEGIN
	PERFORM lock_shelves(ARRAY[_scan.pharmacy], ARRAY[_moved.product_id]);
	IF (undo_refusal(_moved)).problem IS NOT NULL THEN
		PERFORM hold_scan(_scan, 'the pack before it has moved on; a person must look');
		RETURN;
	END IF;
	PERFORM undo_movement(_moved, _moved.operator_id, _moved.sender_id, 'the pack''s other code names its lot');
	SELECT * INTO posted
	FROM post_request(_scan.pharmacy, _scan.id, _scan.payload, _request, _scan.symbology, _scan.raw);
	IF posted.outcome <> 'posted' THEN
		RAISE EXCEPTION USING ERRCODE = 'YK001';
	END IF;
	PERFORM mark_scan(_scan.pharmacy, _before, jsonb_build_object('joined', _scan.id));
	PERFORM mark_scan(_scan.pharmacy, _scan.id, jsonb_build_object('joined', _before));
EXCEPTION WHEN SQLSTATE 'YK001' THEN
	PERFORM refuse_scan(_scan, posted.outcome::scan_outcome, posted.answer->'problem' || jsonb_build_object('detail',
		(posted.answer->'problem'->>'detail') || '; the pack stays dispensed from the lot that was assumed: undo that'),
		jsonb_strip_nulls(jsonb_build_object('product_id', _moved.product_id, 'lot', _scan.request->'lot',
			'expiry', _scan.request->'expiry', 'quantity', abs(_moved.quantity))));
END $$;

CREATE OR REPLACE FUNCTION post_half(_scan scan_asked) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
	before record;
	held scan;
	moved movement;
	taken lot;
	whole jsonb;
	assumed boolean;
	seconds int;
BEGIN
	SELECT * INTO before FROM scan_before(_scan.pharmacy, _scan.request);
	moved := before.moved;
	IF before.near AND before.problem = 'lot_required' THEN
		SELECT s.* INTO held FROM scan s
		WHERE s.pharmacy_id = _scan.pharmacy AND s.id = before.id AND s.outcome = 'held' FOR UPDATE;
		whole := whole_request(held.request, _scan.request);
		IF held.id IS NOT NULL AND whole IS NULL THEN
			PERFORM hold_scan(_scan, 'it contradicts the code that was scanned before it; a person must look');
			RETURN;
		ELSIF held.id IS NOT NULL THEN
			PERFORM post_request(_scan.pharmacy, _scan.id, _scan.payload, whole || jsonb_strip_nulls(jsonb_build_object(
				'sequence', _scan.request->'sequence', 'scanned_at', _scan.request->'scanned_at')), _scan.symbology, _scan.raw);
			PERFORM join_scans(_scan.pharmacy, held.id, _scan.id);
			RETURN;
		END IF;
	ELSIF before.near AND moved.id IS NOT NULL AND before.remarks ? 'took' IS NOT TRUE AND NOT EXISTS (SELECT FROM movement r
			WHERE r.pharmacy_id = moved.pharmacy_id AND r.reverses = moved.id) THEN
		SELECT l.* INTO taken FROM lot l WHERE l.pharmacy_id = moved.pharmacy_id AND l.id = moved.lot_id;
		assumed := coalesce(before.remarks->'warnings' @> '[{"code": "lot_assumed"}]', false);
		IF before.remarks ? 'joined' THEN
			PERFORM hold_scan(_scan, 'both codes of the pack before it were counted already; if this is of another pack, scan '
				'that pack''s other code first');
			RETURN;
		ELSIF coalesce(taken.lot = _scan.request->>'lot', taken.expiry = (_scan.request->>'expiry')::date, false)
				AND coalesce(taken.expiry = (_scan.request->>'expiry')::date, true)
				AND NOT (moved.pack IS NULL AND _scan.request ? 'pack') THEN
			-- The lot was right: nothing moves.
			INSERT INTO scan (pharmacy_id, id, payload, movement_id, outcome, on_hand, remarks, symbology, raw, at)
			SELECT _scan.pharmacy, _scan.id, _scan.payload, moved.id, 'posted', l.on_hand, jsonb_build_object('joined', before.id),
				_scan.symbology, _scan.raw, clock_timestamp()
			FROM shelf_level l WHERE l.pharmacy_id = _scan.pharmacy AND l.product_id = moved.product_id;
			PERFORM mark_scan(_scan.pharmacy, before.id, jsonb_build_object('joined', _scan.id));
			RETURN;
		ELSIF assumed AND before.remarks->>'lookup' IS NOT NULL THEN
			whole := whole_request(_scan.request || jsonb_build_object('lot', NULL, 'expiry', NULL, 'pack', moved.pack,
				'lookup', before.remarks->'lookup', 'quantity', before.remarks->'count', 'reason', moved.reason), _scan.request);
			IF whole IS NULL THEN
				PERFORM hold_scan(_scan, 'it contradicts the code that was scanned before it; a person must look');
			ELSE
				PERFORM correct_lot(_scan, before.id, moved, whole);
			END IF;
			RETURN;
		END IF;
	END IF;
	SELECT ph.join_seconds INTO seconds FROM pharmacy ph WHERE ph.id = _scan.pharmacy;
	_scan.request := _scan.request || '{"half": true}';
	PERFORM refuse_scan(_scan, 'held', jsonb_build_object('code', 'needs_review', 'detail',
		format('it names no product; scan the pack''s other code within %s seconds', seconds), 'waits', seconds),
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
	before.near := before.id = ANY (free_halves(_scan)) AND before.near AND _scan.problem IS NULL;
	IF before.near THEN
		whole := whole_request(_scan.request, before.request);
		IF whole IS NULL THEN
			PERFORM hold_scan(_scan, 'it contradicts the code that was scanned before it; a person must look');
			RETURN;
		END IF;
	END IF;
	PERFORM post_request(_scan.pharmacy, _scan.id, _scan.payload, whole, _scan.symbology, _scan.raw, _scan.chosen, _scan.problem,
		_scan.detail);
	IF before.near THEN
		PERFORM join_scans(_scan.pharmacy, before.id, _scan.id, '{"took": true}');
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
	correct_lot, post_half, post_follower, post_apart FROM PUBLIC;
GRANT EXECUTE ON FUNCTION post_request, stands_apart, scan_before, whole_request, mark_scan, post_with, join_scans, free_halves, refuse_scan, hold_scan,
	correct_lot, post_half, post_follower, post_apart TO yaoku_ledger;
