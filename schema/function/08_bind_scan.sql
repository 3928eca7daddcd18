-- A person says what a held scan was: it is posted under its own id, as made by whoever scanned it; the audit trail
-- names the person. When the rules still refuse it, it stays held and the answer's problem says why. The other code of its
-- box is posted with it when that waits too (join_scans); a package is tried again as it is.
--
--   _units         base units in what the code stands for; NULL: as known of this code and product, else 1
--   _remember      this pharmacy knows the code from now on (remember_code), and perhaps the district (promote_code), also
--                  when the goods cannot be moved now; not when the scan contradicts what is known.
--                  Where the master data name this product by it, there is nothing to learn.
--   _remember_lot  the code stands for this lot too; its expiry is what the ledger has of the lot
--
-- May: whoever's scope holds the pharmacy. Problems: not_found, not_held, invalid_member, missing_member, not_learnable,
-- not_a_lot, master_code, and those of a scan.
DROP FUNCTION IF EXISTS bind_scan;
CREATE FUNCTION bind_scan(_id uuid, _product int, _lot text, _expiry date, _remember boolean, _units int DEFAULT NULL,
	_remember_lot boolean DEFAULT false)
RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	held scan;
	code text;		-- what the scan is looked up by
	master int;		-- the product that the master data name by it
	wanted_lot text;
	wanted_expiry date;
	learned bigint;
	alone boolean;		-- units that are said for this scan alone are counted here, and its code is not asked
	posted record;
BEGIN
	SELECT s.* INTO held
	FROM pharmacy ph
	JOIN scan s ON s.pharmacy_id = ph.id AND s.id = _id
	WHERE may_act_for(ph.id)
	FOR UPDATE OF s;
	code := held.request->>'lookup';
	SELECT c.product_id INTO master FROM product_code c WHERE c.code = held.request->>'lookup';
	wanted_lot := coalesce(_lot, held.request->>'lot');
	wanted_expiry := coalesce(_expiry, (held.request->>'expiry')::date);
	IF held.id IS NULL THEN
		RETURN ('not_found', 'there is no such scan', NULL)::answer;
	ELSIF held.outcome <> 'held' THEN
		RETURN ('not_held', 'this scan waits for nobody any more', (SELECT s.answer::jsonb
			FROM stored_answer(held.pharmacy_id, held.id, NULL, false) s))::answer;
	ELSIF NOT EXISTS (SELECT FROM product p WHERE p.id = _product) THEN
		RETURN ('invalid_member', 'product_id: there is no such product', NULL)::answer;
	ELSIF _remember_lot AND NOT _remember THEN
		RETURN ('invalid_member', 'remember_lot: only together with remember', NULL)::answer;
	ELSIF _remember_lot AND wanted_lot IS NULL THEN
		RETURN ('missing_member', 'lot: say which lot the code stands for', NULL)::answer;
	ELSIF _remember AND code IS NULL THEN
		RETURN ('not_learnable', 'this code names no product by itself, so it cannot be remembered; nothing was saved; '
			'post it without remembering', NULL)::answer;
	ELSIF _remember_lot AND names_every_box(code) THEN
		RETURN ('not_a_lot', 'a GTIN or drug identifier stands on every box of the product, so it cannot be remembered for '
			'one lot; nothing was saved; remember the product alone', NULL)::answer;
	ELSIF _remember AND master <> _product OR _units IS NOT NULL AND master = _product THEN
		RETURN ('master_code', 'the master data say which product this code is and how much it holds; nothing was saved; '
			'post it without remembering', NULL)::answer;
	END IF;
	BEGIN	-- what is remembered and what is posted go together
		IF _remember AND master IS NULL THEN
			learned := remember_code(held.pharmacy_id, code, _product, _units,
				CASE WHEN _remember_lot THEN wanted_lot END, CASE WHEN _remember_lot THEN wanted_expiry END);
		END IF;
		alone := _units IS NOT NULL AND learned IS NULL;
		-- The held row gives way to the posted one, in this transaction.
		DELETE FROM scan s WHERE s.pharmacy_id = held.pharmacy_id AND s.id = held.id;
		SELECT p.outcome, p.answer AS body INTO posted
		FROM post_request(held.pharmacy_id, held.id, held.payload, (held.request - CASE WHEN alone THEN 'lookup' ELSE '' END)
			|| jsonb_strip_nulls(jsonb_build_object('lot', _lot, 'expiry', _expiry,
				'quantity', CASE WHEN alone THEN (held.request->>'quantity')::int * _units END,
				'pack', CASE WHEN held.request->>'pack' LIKE '21%' THEN (SELECT
					'01' || p.gtin || (held.request->>'pack') FROM product p WHERE p.id = _product) END)),
			held.symbology, held.raw, _product, CASE WHEN held.request->>'pack' LIKE '00%' THEN 'package' END) p;
		IF posted.outcome <> 'posted' THEN
			RAISE EXCEPTION USING ERRCODE = 'YK001';
		END IF;
		PERFORM post_with(held.pharmacy_id, (held.request->>'other')::uuid, held.id);
		IF _remember_lot AND learned IS NOT NULL THEN
			PERFORM remember_code(held.pharmacy_id, code, _product, _units, wanted_lot, (posted.body->>'expiry')::date);
		END IF;
		IF learned IS NOT NULL THEN
			PERFORM promote_code(code);
		END IF;
	EXCEPTION WHEN SQLSTATE 'YK001' THEN
		-- The person named the product all the same; the lot is known when goods of it move.
		IF learned IS NOT NULL AND posted.body->'problem'->>'code' <> 'needs_review' THEN
			learned := remember_code(held.pharmacy_id, code, _product, _units, NULL, NULL);
			PERFORM promote_code(code);
			PERFORM write_audit('scan.bind', held.id::text, jsonb_strip_nulls(jsonb_build_object('product_id', _product,
				'units', _units, 'remember', true, 'code', code, 'binding', learned,
				'refused', posted.body->'problem'->>'code')), held.pharmacy_id);
			RETURN (posted.body->'problem'->>'code', (posted.body->'problem'->>'detail')
				|| '; nothing moved, the code is remembered', posted.body)::answer;
		END IF;
		RETURN (posted.body->'problem'->>'code', posted.body->'problem'->>'detail', posted.body)::answer;
	END;
	PERFORM write_audit('scan.bind', held.id::text, jsonb_strip_nulls(jsonb_build_object('product_id', _product,
		'lot', _lot, 'expiry', _expiry, 'units', _units, 'remember', _remember, 'remember_lot', nullif(_remember_lot, false),
		'code', code, 'binding', learned)), held.pharmacy_id);
	RETURN (NULL, NULL, posted.body)::answer;
END $$;

ALTER FUNCTION bind_scan OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION bind_scan FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bind_scan TO yaoku_app;
