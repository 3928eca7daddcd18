-- Undo a movement by one of the opposite sign that names it, under the client's id `_id`; the same id again gives
-- the same answer. A clerk undoes the own, within 15 minutes; a manager and an administrator any. The pack goes back
-- to what it was. Refused when it was undone before, is itself an undoing, or when something later depends on it: the
-- pack has moved on, or the goods are no longer there. Locks: shelf, lot, pack. Afterwards the level test runs.
-- Problems: not_found, forbidden, too_late, already_reversed, is_reversal, depends, id_conflict.
CREATE OR REPLACE FUNCTION reverse_movement(_movement bigint, _id uuid, _reason text, _payload uuid)
RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	undone movement;
	made bigint;
	left_over int;
	before scan;
BEGIN
	SELECT * INTO undone FROM movement m WHERE m.id = _movement AND may_act_for(m.pharmacy_id);
	IF undone.id IS NULL THEN
		RETURN ('not_found', 'there is no such movement', NULL)::answer;
	END IF;
	PERFORM lock_shelves(ARRAY[undone.pharmacy_id], ARRAY[undone.product_id]);
	SELECT * INTO before FROM scan s WHERE s.pharmacy_id = undone.pharmacy_id AND s.id = _id;
	IF before.payload <> _payload THEN
		RETURN ('id_conflict', 'this id was used before with other content; make a new id', NULL)::answer;
	ELSIF before.id IS NOT NULL THEN
		RETURN (NULL, NULL, (SELECT s.answer::jsonb FROM stored_answer(undone.pharmacy_id, _id, NULL, false) s))::answer;
	ELSIF my_role() = 'clerk' AND undone.operator_id <> my_account() THEN
		RETURN ('forbidden', 'another person made this movement; a manager can undo it', NULL)::answer;
	ELSIF my_role() = 'clerk' AND undone.at < clock_timestamp() - interval '15 minutes' THEN
		RETURN ('too_late', 'it is older than 15 minutes; a manager can undo it', NULL)::answer;
	ELSIF undone.reverses IS NOT NULL OR undone.kind = 'opening' THEN
		RETURN ('is_reversal', 'this movement cannot be undone; scan the goods again', NULL)::answer;
	ELSIF EXISTS (SELECT FROM movement m WHERE m.pharmacy_id = undone.pharmacy_id AND m.reverses = undone.id) THEN
		RETURN ('already_reversed', 'it was undone before', NULL)::answer;
	ELSIF EXISTS (SELECT FROM pack k WHERE k.pharmacy_id = undone.pharmacy_id AND k.code = undone.pack
			AND k.movement_id <> undone.id) THEN
		RETURN ('depends', 'the pack has moved since; undo that first', NULL)::answer;
	END IF;

	UPDATE lot l SET usable = l.usable - undone.quantity, quarantined = l.quarantined - coalesce(undone.quarantined, 0)
	WHERE l.pharmacy_id = undone.pharmacy_id AND l.id = undone.lot_id AND l.usable >= undone.quantity
		AND l.quarantined >= coalesce(undone.quarantined, 0);
	IF NOT FOUND THEN
		RETURN ('depends', 'the goods are no longer there; undo what took them first', NULL)::answer;
	END IF;
	INSERT INTO movement (pharmacy_id, lot_id, product_id, quantity, quarantined, kind, operator_id, sender_id, pack,
		order_id, reason, reverses)
	VALUES (undone.pharmacy_id, undone.lot_id, undone.product_id, -undone.quantity, -undone.quarantined, undone.kind,
		my_account(), my_account(), undone.pack, undone.order_id, _reason, undone.id)
	RETURNING id INTO made;
	UPDATE pack k SET state = u.pack_from[1], movement_id = made
	FROM movement_rule u
	WHERE k.pharmacy_id = undone.pharmacy_id AND k.code = undone.pack AND u.kind = undone.kind;
	-- A receipt taken back is expected again while its shipment is still open for it.
	WITH expected AS (
		UPDATE shipment_line s SET received = s.received - undone.quantity, open = true
		FROM lot l, purchase_order o
		WHERE undone.kind = 'receive' AND l.pharmacy_id = undone.pharmacy_id AND l.id = undone.lot_id
			AND o.pharmacy_id = undone.pharmacy_id AND o.id = undone.order_id AND o.status = 'shipped'
			AND s.pharmacy_id = o.pharmacy_id AND s.order_id = o.id AND s.product_id = undone.product_id
			AND s.lot = l.lot AND s.expiry = l.expiry AND s.received >= undone.quantity
		RETURNING s.order_id, s.line
	)
	UPDATE order_line o SET received = o.received - undone.quantity
	FROM expected e
	WHERE o.pharmacy_id = undone.pharmacy_id AND o.order_id = e.order_id AND o.line = e.line;

	SELECT l.on_hand INTO left_over FROM shelf_level l
	WHERE l.pharmacy_id = undone.pharmacy_id AND l.product_id = undone.product_id;
	INSERT INTO scan (pharmacy_id, id, payload, movement_id, outcome, on_hand)
	VALUES (undone.pharmacy_id, _id, _payload, made, 'posted', left_over);
	PERFORM place_orders(ARRAY[undone.pharmacy_id], ARRAY[undone.product_id]);
	RETURN (NULL, NULL, (SELECT jsonb_set(s.answer::jsonb, '{outcome}', '"posted"')
		FROM stored_answer(undone.pharmacy_id, _id, NULL, false) s))::answer;
END $$;

ALTER FUNCTION reverse_movement OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION reverse_movement FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reverse_movement TO yaoku_app;
