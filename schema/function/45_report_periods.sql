-- The rows a report has in time: each month of [_from, _to] for _group_by = 'month', else the whole. Days to come,
-- in the easternmost of the pharmacies asked about, are cut off; nothing is left: no rows.
CREATE OR REPLACE FUNCTION report_periods(_from date, _to date, _group_by text, _pharmacy int)
RETURNS TABLE (first date, last date) LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT greatest(_from, p.first), least(w.last, p.first + p.length - 1)
	FROM (SELECT least(_to, max(today(ph.time_zone))) AS last
		FROM pharmacy ph WHERE _pharmacy IS NULL OR ph.id = _pharmacy) w
	CROSS JOIN LATERAL (
		SELECT month::date AS first, (month + interval '1 month')::date - month::date AS length
		FROM generate_series(date_trunc('month', _from::timestamp), w.last::timestamp, interval '1 month') AS month
		WHERE _group_by = 'month'
		UNION ALL
		SELECT _from, w.last - _from + 1 WHERE _group_by <> 'month'
	) p
	WHERE w.last >= _from;
END;

-- The supplier who is asked first for a product: to whom reports by supplier count it.
CREATE OR REPLACE VIEW first_supplier AS
SELECT DISTINCT ON (c.product_id) c.product_id, c.supplier_id
FROM supplier_product c
ORDER BY c.product_id, c.rank, c.unit_price, c.supplier_id;

GRANT SELECT ON first_supplier TO yaoku_app, yaoku_ledger, yaoku_auditor;

-- The group of a lot; 0 when there is only one.
CREATE OR REPLACE FUNCTION report_key(_group_by text, _pharmacy int, _product int, _supplier int)
RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE _group_by WHEN 'pharmacy' THEN _pharmacy WHEN 'product' THEN _product WHEN 'supplier' THEN _supplier ELSE 0 END;

-- What a report calls a group: the pharmacy's, product's or supplier's name, or the month.
CREATE OR REPLACE FUNCTION report_label(_group_by text, _key int, _first date)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE _group_by
	WHEN 'pharmacy' THEN (SELECT ph.name FROM pharmacy ph WHERE ph.id = _key)
	WHEN 'product' THEN (SELECT p.name FROM product p WHERE p.id = _key)
	WHEN 'supplier' THEN coalesce((SELECT s.name FROM supplier s WHERE s.id = _key), '')
	ELSE to_char(_first, 'YYYY-MM') END;
