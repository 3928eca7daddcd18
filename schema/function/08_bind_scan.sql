-- A person says what a held scan was: it is posted under its own id, as made by whoever scanned it; the audit trail
-- names the person. `_remember`: this pharmacy knows the code from now on. When the rules still refuse it, it stays held and
-- the answer's problem says why. The other code of its box, scanned just before it, is posted with it; a package is
-- tried again as it is. May: whoever's scope holds the pharmacy. Problems: not_found, not_held, and those
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
		SELECT p.outcome, p.answer AS body INTO posted
		FROM post_request(held.pharmacy_id, held.id, held.payload, held.request || jsonb_strip_nulls(jsonb_build_object(
			'lot', _lot, 'expiry', _expiry, 'pack', CASE WHEN held.request->>'pack' LIKE '21%' THEN (SELECT
				'01' || p.gtin || (held.request->>'pack') FROM product p WHERE p.id = _product) END)),
			held.symbology, held.raw, _product, CASE WHEN held.request->>'pack' LIKE '00%' THEN 'package' END) p;
		IF posted.outcome <> 'posted' THEN
			RAISE EXCEPTION USING ERRCODE = 'YK001';
		END IF;
		PERFORM post_with(held.pharmacy_id, (held.request->>'other')::uuid, held.id);
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
