-- Seal what can no longer gain a row: called every few seconds by the job's own connection, as the whole of
-- its transaction. Returns the number of movements sealed.
--
-- Every writer locks a shelf row, and so has a transaction id, before it draws a movement id, and the
-- sequence is not cached. One call therefore notes, in this order, the last movement id drawn (next_to) and
-- then a transaction id of its own (horizon): whoever drew an id up to next_to has a smaller transaction id.
-- A later call whose snapshot has xmin >= horizon knows that all of them have ended, and that no row up to
-- next_to can appear any more. The snapshot's xmax would not do as horizon: it is the last *completed*
-- transaction plus one, so a writer still at work may lie above it.
--
-- One block for each pharmacy that has new rows. It covers the pharmacy's ids from the end of its previous
-- block, so that a row slipped in behind the seal lies inside a block or below sealer.sealed_to: either
-- shows in verify_ledger().
CREATE OR REPLACE FUNCTION seal_movements() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = yaoku, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off	-- by the key, each pharmacy's newest rows
AS $$
DECLARE
	_drawn bigint;
	_sealer sealer;
	_sealed bigint;
BEGIN
	IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
		RAISE EXCEPTION 'seal_movements() must be the first to write in its transaction';
	END IF;
	_drawn := coalesce(pg_sequence_last_value('movement_id_seq'), 0);
	IF _drawn = (SELECT s.sealed_to FROM sealer s) THEN
		RETURN 0;	-- without writing anything
	END IF;
	-- From here on this transaction has an id. The lock keeps a second sealer out.
	SELECT * INTO STRICT _sealer FROM sealer FOR UPDATE;
	IF pg_snapshot_xmin(pg_current_snapshot()) < _sealer.horizon THEN
		-- A horizon that is yet to come is of another cluster, from which this one was restored: look anew.
		UPDATE sealer SET next_to = greatest(_drawn, next_to), horizon = pg_current_xact_id()
		WHERE horizon > pg_current_xact_id();
		RETURN 0;
	END IF;

	WITH block AS (
		INSERT INTO seal (pharmacy_id, number, from_id, to_id, movements, hash)
		SELECT b.pharmacy_id, coalesce(p.number, 0) + 1, coalesce(p.to_id, 0), _sealer.next_to, b.movements,
			block_hash(p.hash, b.rows)
		FROM (SELECT m.pharmacy_id, count(*) AS movements,
				string_agg(movement_text(m) || E'\n', '' ORDER BY m.id) AS rows
			FROM pharmacy ph
			JOIN movement m ON m.pharmacy_id = ph.id
				AND m.id > _sealer.sealed_to AND m.id <= _sealer.next_to
			GROUP BY m.pharmacy_id) b
		LEFT JOIN LATERAL (SELECT s.number, s.to_id, s.hash FROM seal s
			WHERE s.pharmacy_id = b.pharmacy_id ORDER BY s.number DESC LIMIT 1) p ON true
		RETURNING movements)
	SELECT coalesce(sum(movements), 0) INTO _sealed FROM block;
	UPDATE sealer SET sealed_to = _sealer.next_to, next_to = greatest(_drawn, _sealer.next_to),
		horizon = pg_current_xact_id();
	RETURN _sealed;
END $$;
ALTER FUNCTION seal_movements() OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION seal_movements() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION seal_movements() TO yaoku_app;
