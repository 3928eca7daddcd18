-- A package's or pack's code as the ledger knows it: an SSCC with its identifier.
CREATE OR REPLACE FUNCTION package_code(_said text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN _said ~ '^[0-9]{18}$' THEN '00' || _said ELSE _said END;

-- True for what can stand on a pack: a trace code, or GTIN and serial.
CREATE OR REPLACE FUNCTION is_pack_code(_code text) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN _code ~ '^8[0-9]{19}$' OR _code ~ '^01[0-9]{14}21[!"%&''()*+,./0-9:;<=>?A-Z_a-z-]{1,20}$';

-- What is in each package of a shipment: JSON array of {code, contains}; none is no row.
CREATE OR REPLACE FUNCTION shipment_packages(_packages jsonb) RETURNS TABLE (package text, code text)
LANGUAGE sql IMMUTABLE
AS $$
	SELECT package_code(p.item->>'code'), package_code(c.code)
	FROM jsonb_array_elements(coalesce(_packages, '[]')) AS p (item)
	LEFT JOIN LATERAL jsonb_array_elements_text(CASE jsonb_typeof(p.item->'contains') WHEN 'array' THEN p.item->'contains' END)
		AS c (code) ON true
$$;

-- What is wrong with a shipment's packages, one row for each fault: each pack and package of the shipment may be in one
-- package, five deep, 1,000 packs in the outermost. Each code has one package at most when it is walked upwards, so the walk is
-- short whatever was sent. Who may: functions of yaoku_ledger, after lock_order.
CREATE OR REPLACE FUNCTION package_refusals(_order purchase_order, _lines jsonb, _packages jsonb)
RETURNS TABLE (package text, reason text)
LANGUAGE sql STABLE
AS $$
	WITH RECURSIVE pack AS MATERIALIZED (
		SELECT DISTINCT c.code FROM shipment_items(_lines) i CROSS JOIN LATERAL jsonb_array_elements_text(i.trace_codes) AS c (code)
	), content AS MATERIALIZED (
		SELECT c.package, c.code, count(*) OVER (PARTITION BY c.package, c.code) AS times,
			count(c.code) OVER (PARTITION BY c.code) AS places
		FROM shipment_packages(_packages) c
	), package AS MATERIALIZED (
		SELECT package_code(p.item->>'code') AS code, count(*) AS times
		FROM jsonb_array_elements(coalesce(_packages, '[]')) AS p (item) GROUP BY 1
	), parent AS MATERIALIZED (
		SELECT c.code, min(c.package) AS package FROM content c WHERE c.code IS NOT NULL GROUP BY c.code
	), up AS (
		SELECT p.code, p.package AS above, 1 AS levels FROM parent p
		UNION ALL
		SELECT u.code, p.package, u.levels + 1 FROM up u JOIN parent p ON p.code = u.above WHERE u.levels < 6
	)
	SELECT p.code, f.fault
	FROM package p
	CROSS JOIN LATERAL (SELECT CASE
		WHEN NOT (p.code LIKE '00%' AND is_sscc(substr(p.code, 3)) OR is_pack_code(p.code))
			THEN 'is no SSCC, no trace code, and not 01, GTIN, 21 and serial'
		WHEN p.times > 1 THEN 'is named twice'
		WHEN EXISTS (SELECT FROM pack k WHERE k.code = p.code) THEN 'is among the trace codes of a line; name only what is in it there'
		WHEN EXISTS (SELECT FROM package_content k
			JOIN shipment_line s ON s.pharmacy_id = k.pharmacy_id AND s.order_id = k.order_id AND s.open
			WHERE k.pharmacy_id = _order.pharmacy_id AND k.package = p.code) THEN 'is announced by another shipment'
		WHEN EXISTS (SELECT FROM yaoku.pack k WHERE k.pharmacy_id = _order.pharmacy_id AND k.code = p.code AND k.state <> 'returned')
			THEN 'is in this pharmacy already'
		WHEN EXISTS (SELECT FROM up u WHERE u.code = p.code AND u.above = p.code) THEN 'is in itself'
		WHEN EXISTS (SELECT FROM up u WHERE u.above = p.code AND u.levels > 5) THEN 'is more than five deep'
		WHEN (SELECT count(*) FROM up u JOIN pack k ON k.code = u.code WHERE u.above = p.code) > 1000
			THEN 'holds more than 1,000 packs' END) f (fault)
	WHERE f.fault IS NOT NULL
	UNION
	SELECT c.package, CASE
		WHEN c.code IS NULL THEN 'holds nothing'
		WHEN c.times > 1 THEN c.code || ' is in it twice'
		WHEN c.places > 1 THEN c.code || ' is in two packages'
		ELSE c.code || ' is neither a trace code of a line nor a package here' END
	FROM content c
	WHERE c.code IS NULL OR c.places > 1 OR NOT EXISTS (SELECT FROM pack k WHERE k.code = c.code)
		AND NOT EXISTS (SELECT FROM package p WHERE p.code = c.code)
$$;

ALTER FUNCTION package_refusals OWNER TO yaoku_ledger;
REVOKE ALL ON FUNCTION package_refusals FROM PUBLIC;
