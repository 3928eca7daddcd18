-- Make the pack of a movement that was just undone what it was before: unknown if this was its first movement, else
-- what the last one that stands made of it. Packs that came with an opening balance have none: what the rule starts from.
-- Who may: functions of yaoku_ledger. Locks: the caller holds the shelf.
CREATE OR REPLACE FUNCTION restore_pack(_undone movement) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
	last movement;
BEGIN
	IF _undone.first_of_pack THEN
		DELETE FROM pack k WHERE k.pharmacy_id = _undone.pharmacy_id AND k.code = _undone.pack;
		RETURN;
	END IF;
	SELECT m.* INTO last
	FROM movement m
	WHERE m.pharmacy_id = _undone.pharmacy_id AND m.pack = _undone.pack AND m.reverses IS NULL
		AND NOT EXISTS (SELECT FROM movement r WHERE r.pharmacy_id = m.pharmacy_id AND r.reverses = m.id)
	ORDER BY m.id DESC
	LIMIT 1;
	UPDATE pack k SET state = coalesce(l.pack_to, u.pack_from[1]), lot_id = coalesce(last.lot_id, k.lot_id),
		product_id = coalesce(last.product_id, k.product_id), movement_id = coalesce(last.id, _undone.id)
	FROM movement_rule u
	LEFT JOIN movement_rule l ON l.kind = last.kind
	WHERE k.pharmacy_id = _undone.pharmacy_id AND k.code = _undone.pack AND u.kind = _undone.kind;
END $$;

REVOKE ALL ON FUNCTION restore_pack FROM PUBLIC;
GRANT EXECUTE ON FUNCTION restore_pack TO yaoku_ledger;
