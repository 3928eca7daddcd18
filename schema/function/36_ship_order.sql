-- The supplier has shipped: lots with their expiry, quantity and, where there are some, the packs' trace codes.
-- _lines: JSON array of {line, lot, expiry, quantity, trace_codes}; a line may come in several lots.
--
-- There is one shipment for an order, confirmed before or not. A line that ships in full stays open until it is
-- received. A line that ships short, or not at all, is closed: the shelf then counts what is on its way
-- (shipment_line) and the rest is ordered anew by the level test. One refused line refuses all.
--
-- _packages: NULL, or JSON array of {code, contains}: which of the codes are packed in which case or pallet
-- (package_refusals).
--
-- A code that an earlier shipment announced and did not bring (cancelled) may be announced again.
--
-- Who may: the order's supplier. Locks: lock_order. Problems: not_found, conflict (its status), invalid_member
-- (sscc), missing_member, lines_refused.
DROP FUNCTION IF EXISTS ship_order;
CREATE FUNCTION ship_order(_order bigint, _sscc text, _lines jsonb, _packages jsonb DEFAULT NULL) RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	asked purchase_order;
	refused jsonb;
	pharmacies int[];	-- of the lines that are closed, with
	products int[];
BEGIN
	IF NOT is_sscc(_sscc) THEN
		RETURN ('invalid_member', 'sscc: 18 digits, the last of them the check digit', NULL)::answer;
	END IF;
	asked := lock_order(_order);
	IF asked.id IS NULL OR asked.supplier_id IS DISTINCT FROM my_supplier() THEN
		RETURN ('not_found', 'there is no such order', NULL)::answer;
	ELSIF asked.status NOT IN ('open', 'confirmed') THEN
		RETURN ('conflict', 'the order is ' || asked.status || '; only an open or confirmed one can be shipped', NULL)::answer;
	ELSIF jsonb_array_length(_lines) = 0 THEN
		RETURN ('missing_member', 'lines: name at least one line, or decline the order', NULL)::answer;
	END IF;
	SELECT jsonb_agg(r.refused) INTO refused
	FROM (SELECT jsonb_build_object('line', r.line, 'reason', r.reason) FROM shipment_refusals(asked, _lines) r
		UNION ALL
		SELECT jsonb_build_object('package', r.package, 'reason', r.reason) FROM package_refusals(asked, _lines, _packages) r
	) r (refused);
	IF refused IS NOT NULL THEN
		RETURN refuse_lines(refused);
	END IF;

	UPDATE purchase_order SET status = 'shipped', sscc = _sscc WHERE pharmacy_id = asked.pharmacy_id AND id = asked.id;
	INSERT INTO shipment_line (pharmacy_id, order_id, number, line, product_id, lot, expiry, quantity)
	SELECT asked.pharmacy_id, asked.id, i.number, i.item_line, ol.product_id, i.lot, i.expiry, i.quantity
	FROM shipment_items(_lines) i
	JOIN order_line ol ON ol.pharmacy_id = asked.pharmacy_id AND ol.order_id = asked.id AND ol.line = i.item_line;
	INSERT INTO shipment_pack (pharmacy_id, code, order_id, number)
	SELECT asked.pharmacy_id, c.code, asked.id, i.number
	FROM shipment_items(_lines) i
	CROSS JOIN LATERAL jsonb_array_elements_text(i.trace_codes) AS c (code)
	ORDER BY c.code
	ON CONFLICT (pharmacy_id, code) DO UPDATE SET order_id = excluded.order_id, number = excluded.number;
	DELETE FROM package_content c		-- of a package that is announced anew
	WHERE c.pharmacy_id = asked.pharmacy_id AND c.package IN (SELECT p.package FROM shipment_packages(_packages) p);
	INSERT INTO package_content (pharmacy_id, code, package, order_id)
	SELECT asked.pharmacy_id, p.code, p.package, asked.id FROM shipment_packages(_packages) p ORDER BY p.code
	ON CONFLICT (pharmacy_id, code) DO UPDATE SET package = excluded.package, order_id = excluded.order_id;

	WITH sent AS (
		UPDATE order_line ol SET shipped = s.quantity, open = s.quantity >= ol.quantity
		FROM (SELECT o.line, coalesce(sum(s.quantity), 0) AS quantity
			FROM order_line o
			LEFT JOIN shipment_line s ON s.pharmacy_id = o.pharmacy_id AND s.order_id = o.order_id AND s.line = o.line
			WHERE o.pharmacy_id = asked.pharmacy_id AND o.order_id = asked.id AND o.open
			GROUP BY o.line) s
		WHERE ol.pharmacy_id = asked.pharmacy_id AND ol.order_id = asked.id AND ol.line = s.line
		RETURNING ol.pharmacy_id, ol.product_id, ol.open
	)
	SELECT array_agg(s.pharmacy_id), array_agg(s.product_id) INTO pharmacies, products FROM sent s WHERE NOT s.open;
	PERFORM write_audit('order.ship', 'order ' || asked.id,
		jsonb_build_object('from', asked.status, 'sscc', _sscc, 'lines', _lines)
			|| jsonb_strip_nulls(jsonb_build_object('packages', _packages)), asked.pharmacy_id);
	PERFORM publish_orders(ARRAY[asked.pharmacy_id], ARRAY[asked.id]);
	PERFORM place_orders(pharmacies, products);
	RETURN order_answer(asked.pharmacy_id, asked.id);
END $$;

ALTER FUNCTION ship_order OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION ship_order FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ship_order TO yaoku_app;
