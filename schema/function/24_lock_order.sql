-- Find an order by its id within the asker's scope, and lock it for change together with all it decides:
-- the shelves of its lines, then its row. No such order: a row of NULLs.
--
-- Who may: functions of yaoku_ledger. Locks, in the one order of the service: shelves by (pharmacy, product);
-- then the pharmacy's open orders and this one by supplier, because place_orders, which may follow, takes the
-- open ones in this order and must not meet somebody who holds this one and waits for them.
-- Errors: 40001 when the order grew by a line whose shelf another transaction holds; ask again.
CREATE OR REPLACE FUNCTION lock_order(_order bigint) RETURNS purchase_order
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
	asked purchase_order;
	pharmacies int[];
	products int[];
BEGIN
	-- By way of the suppliers: no index begins with the id, and there are few of them.
	SELECT o.* INTO asked
	FROM supplier s
	JOIN purchase_order o ON o.supplier_id = s.id AND o.id = _order
	WHERE o.supplier_id = my_supplier() OR may_act_for(o.pharmacy_id);
	IF asked.id IS NULL THEN
		RETURN asked;
	END IF;

	SELECT array_agg(ol.pharmacy_id), array_agg(ol.product_id) INTO pharmacies, products
	FROM order_line ol WHERE ol.pharmacy_id = asked.pharmacy_id AND ol.order_id = asked.id;
	PERFORM lock_shelves(pharmacies, products);
	PERFORM FROM purchase_order o
	WHERE o.pharmacy_id = asked.pharmacy_id AND (o.status = 'open' OR o.id = asked.id)
	ORDER BY o.supplier_id, o.id FOR NO KEY UPDATE;

	-- Lines that joined before the order was locked: their shelves may not be waited for any more.
	WITH late AS (
		SELECT ol.pharmacy_id, ol.product_id
		FROM order_line ol
		WHERE ol.pharmacy_id = asked.pharmacy_id AND ol.order_id = asked.id AND ol.product_id <> ALL (products)
	), locked AS MATERIALIZED (
		SELECT s.product_id FROM late l JOIN shelf s USING (pharmacy_id, product_id)
		FOR NO KEY UPDATE OF s SKIP LOCKED
	)
	SELECT array_agg(l.product_id) INTO products FROM late l
	WHERE l.product_id NOT IN (SELECT k.product_id FROM locked k);
	IF products IS NOT NULL THEN
		RAISE EXCEPTION 'order % is growing', _order USING ERRCODE = 'serialization_failure';
	END IF;

	SELECT o.* INTO asked FROM purchase_order o WHERE o.pharmacy_id = asked.pharmacy_id AND o.id = asked.id;
	RETURN asked;
END $$;

ALTER FUNCTION lock_order OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION lock_order FROM PUBLIC;
