-- Why a movement cannot be undone, or NULL: it was undone before, is itself an undoing, or its pack has moved on.
-- Locks: the caller holds the shelf.
CREATE OR REPLACE FUNCTION undo_refusal(_undone movement) RETURNS answer
LANGUAGE sql STABLE
AS $$
	SELECT CASE
		WHEN _undone.reverses IS NOT NULL OR _undone.kind = 'opening' THEN
			('is_reversal', 'this movement cannot be undone; scan the goods again', NULL)::answer
		WHEN EXISTS (SELECT FROM movement m WHERE m.pharmacy_id = _undone.pharmacy_id AND m.reverses = _undone.id) THEN
			('already_reversed', 'it was undone before', NULL)::answer
		WHEN EXISTS (SELECT FROM pack k WHERE k.pharmacy_id = _undone.pharmacy_id AND k.code = _undone.pack
				AND k.movement_id <> _undone.id) THEN
			('depends', 'the pack has moved since; undo that first', NULL)::answer END
$$;

-- Undo a movement that nothing refuses by one of the opposite sign that names it, and return its id, or NULL when the goods
-- are no longer there. The pack is again what its last movement that stands made of it, or unknown; a receipt is expected
-- again. Who may: functions of yaoku_ledger. Locks: the caller holds the shelf, and of a receipt the order.
CREATE OR REPLACE FUNCTION undo_movement(_undone movement, _operator int, _sender int, _reason text) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
	made bigint;
BEGIN
	UPDATE lot l SET usable = l.usable - _undone.quantity, quarantined = l.quarantined - coalesce(_undone.quarantined, 0)
	WHERE l.pharmacy_id = _undone.pharmacy_id AND l.id = _undone.lot_id AND l.usable >= _undone.quantity
		AND l.quarantined >= coalesce(_undone.quarantined, 0);
	IF NOT FOUND THEN
		RETURN NULL;
	END IF;
	INSERT INTO movement (pharmacy_id, lot_id, product_id, quantity, quarantined, kind, operator_id, sender_id, pack,
		order_id, shipment_number, reason, reverses)
	VALUES (_undone.pharmacy_id, _undone.lot_id, _undone.product_id, -_undone.quantity, -_undone.quarantined, _undone.kind,
		_operator, _sender, _undone.pack, _undone.order_id, _undone.shipment_number, _reason, _undone.id)
	RETURNING id INTO made;
	IF _undone.pack IS NOT NULL THEN
		PERFORM restore_pack(_undone);
	END IF;
	IF _undone.kind = 'receive' AND _undone.shipment_number IS NOT NULL THEN
		PERFORM expect_again(_undone.pharmacy_id, _undone.order_id, _undone.shipment_number, _undone.quantity);
	END IF;
	RETURN made;
END $$;

-- What these movements moved together: an array of {movement_id, product, lot, expiry, quantity}, one for each lot, and the
-- remarks of a scan that made them.
CREATE OR REPLACE FUNCTION moved_together(_pharmacy int, _movement bigint[]) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('quantity', sum(c.quantity),
		'product_id', CASE WHEN count(DISTINCT c.product_id) = 1 THEN min(c.product_id) END,
		'lot', CASE WHEN count(*) = 1 THEN min(c.lot) END, 'expiry', CASE WHEN count(*) = 1 THEN min(c.expiry) END))
		|| jsonb_build_object('contents', jsonb_agg(jsonb_build_object('movement_id', c.first,
			'product', jsonb_build_object('id', c.product_id, 'name', c.name), 'lot', c.lot, 'expiry', c.expiry,
			'quantity', c.quantity) ORDER BY c.first))
	FROM (
		SELECT min(m.id) AS first, p.id AS product_id, p.name, l.lot, l.expiry, sum(abs(m.quantity)) AS quantity
		FROM unnest(_movement) AS i (id)
		JOIN movement m ON m.pharmacy_id = _pharmacy AND m.id = i.id
		JOIN lot l ON l.pharmacy_id = m.pharmacy_id AND l.id = m.lot_id
		JOIN product p ON p.id = m.product_id
		GROUP BY p.id, l.id, l.lot, l.expiry
	) c
$$;

REVOKE ALL ON FUNCTION undo_refusal, undo_movement, moved_together FROM PUBLIC;
GRANT EXECUTE ON FUNCTION undo_refusal, undo_movement, moved_together TO yaoku_ledger;
