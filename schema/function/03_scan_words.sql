-- The words of a scan's answer, apart from the rules: plain expressions that the planner inlines.

-- The answer to one scan, as POST /scans gives it. `_more`: an object of further members, or NULL.
DROP FUNCTION IF EXISTS scan_answer;
CREATE FUNCTION scan_answer(_id uuid, _outcome text, _movement bigint, _product int, _product_name text,
	_lot text, _expiry date, _quantity int, _on_hand int, _warnings jsonb, _problem jsonb, _more jsonb DEFAULT NULL)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN '{"id":"' || _id::text || '","outcome":"' || _outcome
	|| '","movement_id":' || coalesce(_movement::text, 'null')
	|| ',"product":' || coalesce('{"id":' || _product::text || ',"name":' || to_json(_product_name)::text || '}', 'null')
	|| ',"lot":' || coalesce(to_json(_lot)::text, 'null')
	|| ',"expiry":' || coalesce('"' || _expiry::text || '"', 'null')
	|| ',"quantity":' || coalesce(_quantity::text, 'null')
	|| ',"on_hand":' || coalesce(_on_hand::text, 'null')
	|| ',"warnings":' || coalesce(_warnings::text, '[]')
	|| ',"problem":' || coalesce(_problem::text, 'null')
	|| coalesce(',' || substr(_more::text, 2), '}');

-- What was asked by a scan, kept so that it can be posted later.
DROP FUNCTION IF EXISTS scan_request;
CREATE FUNCTION scan_request(_kind text, _quantity int, _lot text, _expiry date, _day_known boolean, _order bigint,
	_reason text, _workstation text, _sequence bigint, _scanned_at timestamptz, _operator int, _sender int, _lookup text,
	_pack text, _content int)
RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
RETURN jsonb_strip_nulls(jsonb_build_object('movement', _kind, 'quantity', _quantity, 'lot', _lot, 'expiry', _expiry,
	'day_known', nullif(_day_known, true), 'order_id', _order, 'reason', _reason, 'workstation', _workstation,
	'sequence', _sequence, 'scanned_at', _scanned_at, 'operator_id', _operator, 'sender_id', _sender, 'lookup', _lookup,
	'pack', _pack, 'content', _content));

-- Warnings of a posted scan, or NULL: an earlier lot is there; it expires soon; nobody named the lot; the pack
-- was never received; the device's clock is ahead.
CREATE OR REPLACE FUNCTION scan_warnings(_fefo boolean, _near boolean, _assumed boolean, _unregistered boolean,
	_skewed boolean, _first_expiry date, _expiry date)
RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN _fefo OR _near OR _assumed OR _unregistered OR _skewed THEN to_jsonb(array_remove(ARRAY[
	CASE WHEN _fefo THEN jsonb_build_object('code', 'fefo', 'detail', 'a lot that expires ' || _first_expiry || ' is there') END,
	CASE WHEN _near THEN jsonb_build_object('code', 'near_expiry', 'detail', 'expires ' || _expiry) END,
	CASE WHEN _assumed THEN jsonb_build_object('code', 'lot_assumed', 'detail', 'the lot to use first was taken') END,
	CASE WHEN _unregistered THEN jsonb_build_object('code', 'unregistered_pack', 'detail', 'this pack was never received here') END,
	CASE WHEN _skewed THEN jsonb_build_object('code', 'clock_skew', 'detail', 'the device''s clock is ahead of the server''s') END
	], NULL)) END;

-- needs_review and why: `_reason` is 'word: sentence', or a sentence alone.
CREATE OR REPLACE FUNCTION review_problem(_reason text) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_strip_nulls(jsonb_build_object('code', 'needs_review', 'why', substring(_reason FROM '^([a-z_]+): '),
	'detail', regexp_replace(_reason, '^[a-z_]+: ', '')));

-- Why a scan was held or rejected, with what helps to go on; NULL when it was posted. `_verdict` is the rule
-- that spoke when `_said` is needs_review because the scan is late; else needs_review may have its word after a space.
CREATE OR REPLACE FUNCTION scan_problem(_said text, _verdict text, _detail text, _lots jsonb)
RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN _said = 'needs_review' THEN review_problem(coalesce(_detail, CASE split_part(_verdict, ' ', 2)
	WHEN '' THEN CASE WHEN _verdict <> _said THEN 'late: scanned earlier; now it would be refused: ' || _verdict
		ELSE 'contradicts: it does not fit what is known of this pack or lot; a person must look' END
	WHEN 'pack_in_already' THEN 'pack_in_already: this pack is in stock already'
	WHEN 'pack_unknown' THEN 'pack_unknown: this pack was never received here'
	WHEN 'several_of_a_pack' THEN 'several_of_a_pack: one pack cannot be there several times; scan each'
	ELSE 'contradicts: it does not fit what is known of this pack or lot; a person must look' END))
	|| jsonb_strip_nulls(jsonb_build_object('lots', _lots))
WHEN _said IS NOT NULL THEN jsonb_strip_nulls(jsonb_build_object('code', _said, 'detail', coalesce(_detail,
	CASE _verdict
	WHEN 'unknown_code' THEN 'no product has this code; choose the product'
	WHEN 'lot_required' THEN 'the code names no lot or no expiry; enter both'
	WHEN 'expired' THEN 'this lot is past its last day of use'
	WHEN 'recalled' THEN 'this lot is recalled'
	WHEN 'quarantined' THEN 'this lot or pack is in quarantine'
	WHEN 'insufficient_stock' THEN 'there is not that much of this lot'
	WHEN 'already_dispensed' THEN 'this pack was dispensed before'
	WHEN 'over_ordered' THEN 'more than the shipment still brings; give a reason to receive it all the same'
	WHEN 'wrong_pharmacy' THEN 'this account may not act for that pharmacy'
	WHEN 'id_conflict' THEN 'this id was used before with other content; make a new id'
	END), 'lots', _lots)) END;

-- The lots of a product that can be used, first to expire first: what insufficient_stock answers with.
CREATE OR REPLACE FUNCTION usable_lots(_pharmacy int, _product int, _first_good date)
RETURNS jsonb LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT coalesce(jsonb_agg(jsonb_build_object('lot', l.lot, 'expiry', l.expiry, 'quantity', l.usable)
		ORDER BY l.expiry, l.id), '[]')
	FROM yaoku.lot l
	WHERE l.pharmacy_id = _pharmacy AND l.product_id = _product AND l.expiry >= _first_good AND l.usable > 0
		AND NOT EXISTS (SELECT FROM yaoku.recall r WHERE r.product_id = l.product_id AND r.lot = l.lot AND r.lifted_at IS NULL);
END;

-- Why nothing of a product can be dispensed although no lot was named.
CREATE OR REPLACE FUNCTION why_no_lot(_pharmacy int, _product int, _first_good date)
RETURNS text LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT substr(coalesce(max(CASE
		WHEN l.usable > 0 AND l.expiry >= _first_good THEN '3 recalled'
		WHEN l.usable > 0 THEN '2 expired'
		WHEN l.quarantined > 0 THEN '1 quarantined' END), '0 insufficient_stock'), 3)
	FROM yaoku.lot l
	WHERE l.pharmacy_id = _pharmacy AND l.product_id = _product AND (l.usable > 0 OR l.quarantined > 0);
END;
