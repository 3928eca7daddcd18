-- A person says what a held scan was: it is posted under its own id, as made by whoever scanned it; the audit trail
-- names the person. `_remember`: this pharmacy knows the code from now on. When the rules still refuse it, it stays held and
-- the answer's problem says why. May: whoever's scope holds the pharmacy. Problems: not_found, not_held, and those
-- of a scan.
CREATE OR REPLACE FUNCTION bind_scan(_id uuid, _product int, _lot text, _expiry date, _remember boolean)
RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	held scan;
	posted record;
BEGIN
	SELECT s.* INTO held
	FROM pharmacy ph
	JOIN scan s ON s.pharmacy_id = ph.id AND s.id = _id
	WHERE may_act_for(ph.id)
	FOR UPDATE OF s;
	IF held.id IS NULL THEN
		RETURN ('not_found', 'there is no such scan', NULL)::answer;
	ELSIF held.outcome <> 'held' THEN
		RETURN ('not_held', 'this scan waits for nobody any more', (SELECT s.answer::jsonb
			FROM stored_answer(held.pharmacy_id, held.id, NULL, false) s))::answer;
	ELSIF NOT EXISTS (SELECT FROM product p WHERE p.id = _product) THEN
		RETURN ('invalid_member', 'product_id: there is no such product', NULL)::answer;
	END IF;
	BEGIN	-- what is remembered and what is posted go together
		IF _remember AND held.request->>'lookup' IS NOT NULL THEN
			INSERT INTO pharmacy_code (pharmacy_id, code, product_id, account_id)
			VALUES (held.pharmacy_id, held.request->>'lookup', _product, my_account())
			ON CONFLICT (pharmacy_id, code) DO UPDATE
			SET product_id = excluded.product_id, account_id = excluded.account_id, at = now();
		END IF;
		-- The held row gives way to the posted one, in this transaction.
		DELETE FROM scan s WHERE s.pharmacy_id = held.pharmacy_id AND s.id = held.id;
		SELECT p.outcome, p.answer::jsonb AS body INTO posted
		FROM post_scans(ARRAY[held.id], ARRAY[held.pharmacy_id], ARRAY[held.payload], ARRAY[held.request->>'movement'],
			ARRAY[held.request->>'lookup'], ARRAY[held.request->>'pack'],
			ARRAY[coalesce(_lot, held.request->>'lot')], ARRAY[coalesce(_expiry, (held.request->>'expiry')::date)],
			ARRAY[true], ARRAY[(held.request->>'quantity')::int], ARRAY[(held.request->>'order_id')::bigint],
			ARRAY[held.request->>'reason'], ARRAY[held.request->>'workstation'],
			ARRAY[(held.request->>'sequence')::bigint], ARRAY[(held.request->>'scanned_at')::timestamptz],
			ARRAY[(held.request->>'operator_id')::int], ARRAY[(held.request->>'sender_id')::int],
			'{}', '{}', ARRAY[held.request->>'symbology'], ARRAY[held.raw], ARRAY[_product]) p;
		IF posted.outcome <> 'posted' THEN
			RAISE EXCEPTION USING ERRCODE = 'YK001';
		END IF;
	EXCEPTION WHEN SQLSTATE 'YK001' THEN
		RETURN (posted.body->'problem'->>'code', posted.body->'problem'->>'detail', posted.body)::answer;
	END;
	PERFORM write_audit('scan.bind', held.id::text, jsonb_strip_nulls(jsonb_build_object('product_id', _product,
		'lot', _lot, 'expiry', _expiry, 'remember', _remember, 'code', held.request->>'lookup')), held.pharmacy_id);
	RETURN (NULL, NULL, posted.body)::answer;
END $$;

ALTER FUNCTION bind_scan OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION bind_scan FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bind_scan TO yaoku_app;
