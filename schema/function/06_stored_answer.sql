-- The answer that a scan got, given again: `replayed` when it was posted; what it is now when it was held or
-- rejected; id_conflict when `_payload` is not what was sent before (NULL: do not compare); wrong_pharmacy when
-- `_refused`, or when there is no such scan, so that an id never tells of another pharmacy's scan. The column
-- `outcome` then names the reason.
CREATE OR REPLACE FUNCTION stored_answer(_pharmacy int, _id uuid, _payload uuid, _refused boolean)
RETURNS TABLE (outcome text, answer text) LANGUAGE sql STABLE
AS $$
	SELECT coalesce(v.refused, v.outcome), CASE
		WHEN v.refused IS NOT NULL THEN scan_answer(_id, v.outcome, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
			scan_problem(v.refused, v.refused, NULL, NULL))
		ELSE scan_answer(s.id, v.outcome, s.movement_id, p.id, p.name, coalesce(l.lot, s.remarks->>'lot'),
			coalesce(l.expiry, (s.remarks->>'expiry')::date),
			coalesce(abs(m.quantity), (s.remarks->>'quantity')::int), s.on_hand,
			s.remarks->'warnings', s.remarks->'problem', nullif(jsonb_strip_nulls(jsonb_build_object(
				'joined', s.remarks->'joined', 'contents', s.remarks->'contents')), '{}'))
		END
	FROM (SELECT) one
	LEFT JOIN scan s ON s.pharmacy_id = _pharmacy AND s.id = _id AND NOT coalesce(_refused, false)
	-- A package's remarks say what its movements made together.
	LEFT JOIN movement m ON m.pharmacy_id = s.pharmacy_id AND m.id = CASE WHEN (s.remarks ? 'contents') IS NOT TRUE THEN
		s.movement_id END
	LEFT JOIN lot l ON l.pharmacy_id = m.pharmacy_id AND l.id = m.lot_id
	LEFT JOIN product p ON p.id = coalesce(m.product_id, (s.remarks->>'product_id')::int)
	CROSS JOIN LATERAL (
		SELECT CASE WHEN s.id IS NULL OR s.payload <> _payload THEN 'rejected' WHEN s.outcome = 'posted' THEN 'replayed'
				ELSE s.outcome::text END AS outcome,
			CASE WHEN s.id IS NULL THEN 'wrong_pharmacy' WHEN s.payload <> _payload THEN 'id_conflict' END AS refused
	) v
$$;
