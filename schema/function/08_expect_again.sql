-- Goods that had come in against a shipment line are expected again: the line, and the order if it was received in full,
-- are open anew and published. An order that a person closed short (it has a reason) stays closed. The order line opens
-- only if its shelf has not been ordered for since; the shipment line counts for the position all the same.
-- Who may: functions of yaoku_ledger. Locks: the caller holds the order and its shelves.
CREATE OR REPLACE FUNCTION expect_again(_pharmacy int, _order bigint, _number int, _quantity int) RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
	closed boolean;
BEGIN
	SELECT o.status = 'received' INTO closed
	FROM purchase_order o
	WHERE o.pharmacy_id = _pharmacy AND o.id = _order AND o.status IN ('shipped', 'received') AND o.reason IS NULL;
	IF closed IS NULL THEN
		RETURN;
	END IF;
	WITH expected AS (
		UPDATE shipment_line s SET received = s.received - _quantity, open = true
		WHERE s.pharmacy_id = _pharmacy AND s.order_id = _order AND s.number = _number AND s.received >= _quantity
		RETURNING s.line
	)
	UPDATE order_line l SET received = greatest(l.received - _quantity, 0),
		open = l.open OR NOT EXISTS (SELECT FROM order_line o
			WHERE o.pharmacy_id = l.pharmacy_id AND o.product_id = l.product_id AND o.open)
	FROM expected e
	WHERE l.pharmacy_id = _pharmacy AND l.order_id = _order AND l.line = e.line;
	IF closed THEN
		UPDATE purchase_order o SET status = 'shipped' WHERE o.pharmacy_id = _pharmacy AND o.id = _order;
		PERFORM publish_orders(ARRAY[_pharmacy], ARRAY[_order]);
	END IF;
END $$;

REVOKE ALL ON FUNCTION expect_again FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expect_again TO yaoku_ledger;
