-- The supplier says how much of which lines it will send, and when.
-- _lines: JSON array of {line, quantity, promised_on}.
--
-- An open or confirmed order may be confirmed, again too: what is said last counts. It takes no more lines
-- after that. Lines not named stay expected as they are. Less than ordered leaves the line open, the rest is
-- ordered anew when it ships short. One refused line refuses all.
--
-- Who may: the order's supplier. Locks: lock_order. Problems: not_found, conflict (its status), lines_refused.
CREATE OR REPLACE FUNCTION confirm_order(_order bigint, _lines jsonb) RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	asked purchase_order;
	refused jsonb;
BEGIN
	asked := lock_order(_order);
	IF asked.id IS NULL OR asked.supplier_id IS DISTINCT FROM my_supplier() THEN
		RETURN ('not_found', 'there is no such order', NULL)::answer;
	ELSIF asked.status NOT IN ('open', 'confirmed') THEN
		RETURN ('conflict', 'the order is ' || asked.status || '; only an open or confirmed one can be confirmed', NULL)::answer;
	ELSIF jsonb_array_length(_lines) = 0 THEN
		RETURN ('missing_member', 'lines: name at least one line', NULL)::answer;
	END IF;

	SELECT jsonb_agg(jsonb_build_object('line', r.line, 'reason', r.reason)) INTO refused
	FROM (
		SELECT c.line, CASE
			WHEN count(*) OVER (PARTITION BY c.line) > 1 THEN 'named twice'
			WHEN ol.line IS NULL THEN 'this order has no such open line'
			WHEN c.quantity <= 0 THEN 'the quantity must be above 0'
			WHEN c.quantity > ol.quantity THEN format('%s is more than the %s ordered', c.quantity, ol.quantity)
			WHEN c.promised_on < today(ph.time_zone) THEN format('the promised day %s has passed', c.promised_on)
			END AS reason
		FROM jsonb_to_recordset(_lines) AS c (line bigint, quantity bigint, promised_on date)
		JOIN pharmacy ph ON ph.id = asked.pharmacy_id
		LEFT JOIN order_line ol ON ol.pharmacy_id = asked.pharmacy_id AND ol.order_id = asked.id AND ol.line = c.line AND ol.open
	) r
	WHERE r.reason IS NOT NULL;
	IF refused IS NOT NULL THEN
		RETURN refuse_lines(refused);
	END IF;

	UPDATE order_line ol SET confirmed = c.quantity, promised_on = c.promised_on
	FROM jsonb_to_recordset(_lines) AS c (line int, quantity int, promised_on date)
	WHERE ol.pharmacy_id = asked.pharmacy_id AND ol.order_id = asked.id AND ol.line = c.line;
	UPDATE purchase_order SET status = 'confirmed' WHERE pharmacy_id = asked.pharmacy_id AND id = asked.id;
	PERFORM write_audit('order.confirm', 'order ' || asked.id,
		jsonb_build_object('from', asked.status, 'lines', _lines), asked.pharmacy_id);
	PERFORM publish_orders(ARRAY[asked.pharmacy_id], ARRAY[asked.id]);
	RETURN order_answer(asked.pharmacy_id, asked.id);
END $$;

ALTER FUNCTION confirm_order OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION confirm_order FROM PUBLIC;
GRANT EXECUTE ON FUNCTION confirm_order TO yaoku_app;
