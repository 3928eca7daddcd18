-- A person says that a held scan is to be forgotten: nothing moves, the row and its bytes stay, its answer from now
-- on is rejected with problem `dismissed`. May: whoever's scope holds the pharmacy. Problems: not_found, not_held.
CREATE OR REPLACE FUNCTION dismiss_scan(_id uuid, _reason text)
RETURNS answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = yaoku, pg_temp
AS $$
DECLARE
	held scan;
BEGIN
	SELECT s.* INTO held
	FROM pharmacy ph
	JOIN scan s ON s.pharmacy_id = ph.id AND s.id = _id
	WHERE may_act_for(ph.id)
	FOR UPDATE OF s;
	IF held.id IS NULL THEN
		RETURN ('not_found', 'there is no such scan', NULL)::answer;
	ELSIF held.outcome <> 'held' THEN
		RETURN ('not_held', 'this scan waits for nobody any more', NULL)::answer;
	END IF;
	UPDATE scan s SET outcome = 'rejected', problem = 'dismissed',
		remarks = s.remarks || jsonb_build_object('problem', jsonb_build_object('code', 'dismissed', 'detail', _reason))
	WHERE s.pharmacy_id = held.pharmacy_id AND s.id = held.id;
	PERFORM write_audit('scan.dismiss', held.id::text, jsonb_build_object('reason', _reason), held.pharmacy_id);
	RETURN (NULL, NULL, (SELECT s.answer::jsonb FROM stored_answer(held.pharmacy_id, held.id, NULL, false) s))::answer;
END $$;

ALTER FUNCTION dismiss_scan OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION dismiss_scan FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dismiss_scan TO yaoku_app;
