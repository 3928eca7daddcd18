-- Undo a movement by one of the opposite sign that names it, under the client's id `_id`; the same id again gives
-- the same answer. A clerk undoes the own, within 15 minutes; a manager and an administrator any. The pack is again what
-- its last movement that stands made of it, or unknown. A receipt taken back is expected again: its shipment line and
-- its order are open anew, unless a person closed the order short. Refused when it was undone before, is itself an
-- undoing, or when something later depends on it: the pack has moved on, or the goods are no longer there.
-- Locks: the order with its shelves, or the shelf; lot, pack. Afterwards the level test runs.
-- Problems: not_found, forbidden, too_late, already_reversed, is_reversal, depends, id_conflict.
CREATE OR REPLACE FUNCTION reverse_movement(_movement bigint, _id uuid, _reason text, _payload uuid)
RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	undone movement;
	made bigint;
	before scan;
BEGIN
	SELECT m.* INTO undone
	FROM pharmacy ph
	JOIN movement m ON m.pharmacy_id = ph.id AND m.id = _movement
	WHERE may_act_for(ph.id);
	IF undone.id IS NULL THEN
		RETURN ('not_found', 'there is no such movement', NULL)::answer;
	END IF;
	IF undone.kind = 'receive' AND undone.order_id IS NOT NULL THEN
		PERFORM lock_order(undone.order_id);
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
		order_id, shipment_number, reason, reverses)
	VALUES (undone.pharmacy_id, undone.lot_id, undone.product_id, -undone.quantity, -undone.quarantined, undone.kind,
		my_account(), my_account(), undone.pack, undone.order_id, undone.shipment_number, _reason, undone.id)
	RETURNING id INTO made;
	IF undone.pack IS NOT NULL THEN
		PERFORM restore_pack(undone);
	END IF;
	IF undone.kind = 'receive' AND undone.shipment_number IS NOT NULL THEN
		PERFORM expect_again(undone.pharmacy_id, undone.order_id, undone.shipment_number, undone.quantity);
	END IF;
	INSERT INTO scan (pharmacy_id, id, payload, movement_id, outcome, on_hand)
	SELECT undone.pharmacy_id, _id, _payload, made, 'posted', l.on_hand
	FROM shelf_level l
	WHERE l.pharmacy_id = undone.pharmacy_id AND l.product_id = undone.product_id;
	PERFORM place_orders(ARRAY[undone.pharmacy_id], ARRAY[undone.product_id]);
	RETURN (NULL, NULL, (SELECT jsonb_set(s.answer::jsonb, '{outcome}', '"posted"')
		FROM stored_answer(undone.pharmacy_id, _id, NULL, false) s))::answer;
END $$;

ALTER FUNCTION reverse_movement OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION reverse_movement FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reverse_movement TO yaoku_app;
