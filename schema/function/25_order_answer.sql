-- What the calls that change an order answer with: its newest revision, whole.
CREATE OR REPLACE FUNCTION order_answer(_pharmacy int, _order bigint) RETURNS answer
LANGUAGE sql STABLE
AS $$
	SELECT (NULL, NULL, r.document)::answer
	FROM order_revision r
	WHERE r.pharmacy_id = _pharmacy AND r.order_id = _order
	ORDER BY r.revision DESC
	LIMIT 1
$$;
