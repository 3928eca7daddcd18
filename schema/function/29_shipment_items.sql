-- A shipment's items with their number in it; no codes is an empty array.
CREATE OR REPLACE FUNCTION shipment_items(_lines jsonb)
RETURNS TABLE (number int, item_line int, lot text, expiry date, quantity int, trace_codes jsonb)
LANGUAGE sql IMMUTABLE
AS $$
	SELECT i.number::int, (i.item ->> 'line')::int, i.item ->> 'lot', (i.item ->> 'expiry')::date,
		(i.item ->> 'quantity')::int,
		CASE jsonb_typeof(i.item -> 'trace_codes') WHEN 'array' THEN i.item -> 'trace_codes' ELSE '[]' END
	FROM jsonb_array_elements(_lines) WITH ORDINALITY AS i (item, number)
$$;
