-- Orders of the feed, one row for each order line. $1 orders (JSON array of documents).
-- Columns: as below; dates and amounts as the documents write them
SELECT o.id AS order_id, o.revision, o.status, o.pharmacy ->> 'id' AS pharmacy_id, o.pharmacy ->> 'name' AS pharmacy_name,
	o.pharmacy ->> 'address' AS address, o.placed_at, l.line, l.product_id, l.gtin, l.name, l.maker, l.strength, l.quantity,
	l.order_unit, l.units_per_order_unit, l.unit_price, l.confirmed, l.promised_on, l.shipped, l.received
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS d (document, place)
CROSS JOIN LATERAL jsonb_to_record(d.document) AS o (id bigint, revision int, status text, pharmacy jsonb, placed_at text,
	lines jsonb)
CROSS JOIN LATERAL jsonb_to_recordset(o.lines) AS l (line int, product_id int, gtin text, name text, maker text,
	strength text, quantity int, order_unit text, units_per_order_unit int, unit_price text, confirmed int,
	promised_on text, shipped int, received int)
ORDER BY d.place, l.line
