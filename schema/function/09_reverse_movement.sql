-- Undo a movement by one of the opposite sign that names it, under the client's id `_id`; the same id again gives
-- the same answer. A clerk undoes the own, within 15 minutes; a manager and an administrator any. The pack is again what
-- its last movement that stands made of it, or unknown. A receipt taken back is expected again: its shipment line and
-- its order are open anew, unless a person closed the order short. Refused when it was undone before, is itself an
-- undoing, or when something later depends on it: the pack has moved on, or the goods are no longer there.
-- What a package's scan moved together is undone together, whichever of its movements is named.
-- Locks: the orders with their shelves, or the shelves; lot, pack. Afterwards the level test runs.
-- Problems: not_found, forbidden, too_late, already_reversed, is_reversal, depends, id_conflict.
CREATE OR REPLACE FUNCTION reverse_movement(_movement bigint, _id uuid, _reason text, _payload uuid)
RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	named movement;
	undone movement[];
	refused answer;
	made bigint[];
	before scan;
	pharmacies int[];
	products int[];
BEGIN
	SELECT m.* INTO named
	FROM pharmacy ph
	JOIN movement m ON m.pharmacy_id = ph.id AND m.id = _movement
	WHERE may_act_for(ph.id);
	IF named.id IS NULL THEN
		RETURN ('not_found', 'there is no such movement', NULL)::answer;
	END IF;
	SELECT coalesce(array_agg(m ORDER BY m.id), ARRAY[named]) INTO undone
	FROM scan_movement n
	JOIN scan_movement t ON t.pharmacy_id = n.pharmacy_id AND t.scan_id = n.scan_id
	JOIN movement m ON m.pharmacy_id = t.pharmacy_id AND m.id = t.movement_id
	WHERE n.pharmacy_id = named.pharmacy_id AND n.movement_id = named.id;

	PERFORM lock_order(o.order_id)
	FROM (SELECT DISTINCT u.order_id FROM unnest(undone) u WHERE u.kind = 'receive' AND u.order_id IS NOT NULL ORDER BY 1) o;
	SELECT array_agg(u.pharmacy_id), array_agg(u.product_id) INTO pharmacies, products
	FROM (SELECT DISTINCT u.pharmacy_id, u.product_id FROM unnest(undone) u) u;
	PERFORM lock_shelves(pharmacies, products);

	SELECT * INTO before FROM scan s WHERE s.pharmacy_id = named.pharmacy_id AND s.id = _id;
	IF before.payload <> _payload THEN
		RETURN ('id_conflict', 'this id was used before with other content; make a new id', NULL)::answer;
	ELSIF before.id IS NOT NULL THEN
		RETURN (NULL, NULL, (SELECT s.answer::jsonb FROM stored_answer(named.pharmacy_id, _id, NULL, false) s))::answer;
	ELSIF my_role() = 'clerk' AND named.operator_id <> my_account() THEN
		RETURN ('forbidden', 'another person made this movement; a manager can undo it', NULL)::answer;
	ELSIF my_role() = 'clerk' AND named.at < clock_timestamp() - interval '15 minutes' THEN
		RETURN ('too_late', 'it is older than 15 minutes; a manager can undo it', NULL)::answer;
	END IF;
	SELECT r.* INTO refused FROM unnest(undone) u CROSS JOIN LATERAL undo_refusal(u) r WHERE r.problem IS NOT NULL LIMIT 1;
	IF refused.problem IS NOT NULL THEN
		RETURN refused;
	END IF;

	BEGIN	-- all of them or none
		FOR i IN 1 .. cardinality(undone) LOOP
			made[i] := undo_movement(undone[i], my_account(), my_account(), _reason);
			IF made[i] IS NULL THEN
				RAISE EXCEPTION USING ERRCODE = 'YK001';
			END IF;
		END LOOP;
	EXCEPTION WHEN SQLSTATE 'YK001' THEN
		RETURN ('depends', 'the goods are no longer there; undo what took them first', NULL)::answer;
	END;
	INSERT INTO scan (pharmacy_id, id, payload, movement_id, outcome, on_hand, remarks)
	SELECT named.pharmacy_id, _id, _payload, made[1], 'posted', (SELECT l.on_hand FROM shelf_level l
		WHERE l.pharmacy_id = named.pharmacy_id AND l.product_id = products[1] AND cardinality(products) = 1),
		CASE WHEN cardinality(made) > 1 THEN moved_together(named.pharmacy_id, made) END;
	INSERT INTO scan_movement (pharmacy_id, movement_id, scan_id)
	SELECT named.pharmacy_id, m.id, _id FROM unnest(made) AS m (id) WHERE cardinality(made) > 1;
	PERFORM place_orders(pharmacies, products);
	RETURN (NULL, NULL, (SELECT jsonb_set(s.answer::jsonb, '{outcome}', '"posted"')
		FROM stored_answer(named.pharmacy_id, _id, NULL, false) s))::answer;
END $$;

ALTER FUNCTION reverse_movement OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION reverse_movement FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reverse_movement TO yaoku_app;
