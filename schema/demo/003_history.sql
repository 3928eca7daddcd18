-- Demo district, part 3: shelves, lots and ninety days of movements up to the evening before the demo date.
--
-- Everything follows from ids by hashing, so a date always gives the same district. For each shelf the
-- dispensings are drawn first; `before` and `after` count the packs they have taken in all. Supply is laid
-- out on the same scale: the opening batch covers the packs 0 to opening - 1, each later batch the next
-- `refill` packs, and a batch is ordered by the dispensing after which only `minimum` packs are left of the
-- batches before it. So which batch a dispensing takes from, and when a batch comes, is plain integer
-- arithmetic; no batch is used before it has come, because minimum is at least what one dispensing takes;
-- and every shelf ends above its minimum.
SET LOCAL search_path = yaoku, pg_temp;
SET LOCAL ROLE yaoku_ledger;
SET LOCAL work_mem = '64MB';
SET LOCAL jit = off;

-- 0 to 1, always the same for the same numbers.
CREATE FUNCTION pg_temp.fraction(_id bigint, _purpose bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN (hashint8extended(_id, _purpose) & 1048575) / 1048576.0;

-- The lot that a maker produced of a product in a month: its text, last day of use and price. The same lot is
-- the same everywhere in the district; every fifth product states its expiry by month only.
CREATE FUNCTION pg_temp.lot_text(_product int, _month date) RETURNS text LANGUAGE sql IMMUTABLE
RETURN to_char(_month, 'YYMM') || chr(65 + _product % 26) || lpad((_product * 7 % 100)::text, 2, '0');

CREATE FUNCTION pg_temp.lot_expiry(_product int, _month date, _shelf_life int) RETURNS date LANGUAGE sql IMMUTABLE
RETURN CASE WHEN _product % 5 = 0
	THEN (date_trunc('month', (_month + _shelf_life)::timestamp) + interval '1 month - 1 day')::date
	ELSE _month + _product % 28 + _shelf_life - 1 END;

-- When the history begins; times below are seconds since then.
CREATE TEMPORARY TABLE beginning ON COMMIT DROP AS
SELECT d.demo_date, d.demo_date - 90 AS day, (d.demo_date - 90)::timestamp AT TIME ZONE 'Asia/Shanghai' AS at
FROM district d;

-- ---------------------------------------------------------------- shelves

CREATE TEMPORARY TABLE pair ON COMMIT DROP AS
SELECT s.*, s.pharmacy_id * 1000 + s.product_id AS id,
	s.minimum + 1 + (s.refill * pg_temp.fraction(s.pharmacy_id * 1000 + s.product_id, 4))::int AS opening
FROM (
	SELECT k.*, n.lines, ceil(k.rate * 1.45 * (l.lead_days + 4))::int + 3 AS minimum,
		(ceil(greatest(k.rate * 1.45 * 14, 1) / k.units) * k.units)::int AS refill
	FROM (
		SELECT ph.id AS pharmacy_id, p.id AS product_id, p.units_per_order_unit AS units, p.shelf_life_days, p.price,
			sp.supplier_id, sp.unit_price, 60 + (pg_temp.fraction(p.id, 11) * 120)::int AS age_days,
			-- Lines a day: by kind, by the size of the pharmacy, by the product here and everywhere.
			CASE ph.kind WHEN 'hospital' THEN 0.95 WHEN 'community' THEN 0.25 ELSE 0.17 END
				* (0.7 + 0.6 * pg_temp.fraction(ph.id, 12))
				* 0.5 / sqrt(1 - 0.98 * pg_temp.fraction(p.id, 13))
				* 0.5 / sqrt(1 - 0.98 * pg_temp.fraction(ph.id * 1000 + p.id, 14)) AS rate
		FROM pharmacy ph
		CROSS JOIN product p
		JOIN supplier_product sp ON sp.product_id = p.id AND sp.rank = 1
		WHERE pg_temp.fraction(ph.id * 1000 + p.id, 15) < CASE WHEN ph.id = 1 THEN 0.6 WHEN ph.kind = 'hospital' THEN 0.9
			WHEN ph.kind = 'community' THEN 0.42 ELSE 0.28 END
	) k
	JOIN supplier l ON l.id = k.supplier_id
	CROSS JOIN LATERAL (SELECT round(k.rate * 90)::int AS lines) n
) s;
ANALYZE pair;

INSERT INTO shelf (pharmacy_id, product_id, minimum, maximum, source, explain, daily_demand)
SELECT pharmacy_id, product_id, minimum, minimum + refill, 'computed',
	jsonb_build_object('daily_demand', round((rate * 1.45)::numeric, 3), 'lead_days', l.lead_days, 'review_days', 1,
		'safety_days', 3, 'reserve', 3, 'cycle_days', 14, 'order_unit', units,
		'minimum', 'daily_demand * (lead_days + review_days + safety_days) + reserve',
		'maximum', 'minimum + daily_demand * cycle_days, in whole order units'),
	rate * 1.45
FROM pair JOIN supplier l ON l.id = pair.supplier_id
ORDER BY pharmacy_id, product_id;

-- ---------------------------------------------------------------- dispensings and batches

-- Dispensing `number` of a shelf at `second`, taking the packs `before` to `after` - 1 of all there ever were.
CREATE TEMPORARY TABLE dispensing ON COMMIT DROP AS
SELECT d.pair_id, d.number, d.second, d.after - d.quantity AS before, d.after,
	lead(d.second) OVER (PARTITION BY d.pair_id ORDER BY d.number) AS next_second
FROM (
	SELECT pair_id, number, quantity,
		-- Between 8 and 20 o'clock.
		floor(day) * 86400 + 28800 + (day - floor(day)) * 43200 AS second,
		sum(quantity) OVER (PARTITION BY pair_id ORDER BY number)::int AS after
	FROM (
		SELECT pr.id AS pair_id, number,
			90 * (number - 0.5 + 0.8 * (pg_temp.fraction(pr.id * 10000::bigint + number, 21) - 0.5)) / pr.lines AS day,
			1 + (pg_temp.fraction(pr.id * 10000::bigint + number, 22) < 0.35)::int
				+ (pg_temp.fraction(pr.id * 10000::bigint + number, 22) < 0.10)::int AS quantity
		FROM pair pr CROSS JOIN LATERAL generate_series(1, pr.lines) AS number
	) line
) d;
ANALYZE dispensing;

-- Batch 1 is there at the opening; batch n + 2 is ordered by the dispensing that brings the packs taken to
-- opening - minimum + n * refill, and comes the next morning or just before the next dispensing.
CREATE TEMPORARY TABLE batch ON COMMIT DROP AS
SELECT b.*, date_trunc('month', (s.day + floor(b.second / 86400)::int - pr.age_days)::timestamp)::date AS month
FROM (
	SELECT id AS pair_id, 1 AS number, -864000::float8 AS second, NULL::float8 AS ordered, opening AS quantity
	FROM pair
	UNION ALL
	SELECT pr.id, n + 2,
		CASE WHEN coalesce(d.next_second, 90 * 86400 - 14400) >= (floor(d.second / 86400) + 1) * 86400 + 27000 + n % 60 * 10
			AND floor(d.second / 86400) < 89
			THEN (floor(d.second / 86400) + 1) * 86400 + 27000 + n % 60 * 10
			ELSE d.second + 0.9 * (coalesce(d.next_second, 90 * 86400 - 14400) - d.second) END,
		d.second, pr.refill
	FROM pair pr
	JOIN dispensing d ON d.pair_id = pr.id AND d.after >= pr.opening - pr.minimum
	CROSS JOIN LATERAL generate_series(
		(greatest(d.before + 1 - pr.opening + pr.minimum, 0) + pr.refill - 1) / pr.refill,
		(d.after - pr.opening + pr.minimum) / pr.refill) AS n
) b
JOIN pair pr ON pr.id = b.pair_id
CROSS JOIN beginning s;
ANALYZE batch;

-- What else was there at the opening, apart from the packs above. `slow`: an older lot that nobody took; half
-- of those that expired meanwhile were written off. Else: packs of the opening lot, with what became of them.
CREATE TEMPORARY TABLE extra ON COMMIT DROP AS
SELECT e.pair_id, e.fate, e.quantity, e.second,
	CASE WHEN e.fate <> 'slow' THEN b.month ELSE date_trunc('month', (s.demo_date - 40
		+ (110 * pg_temp.fraction(e.pair_id, 33))::int - pr.shelf_life_days)::timestamp)::date END AS month
FROM (
	SELECT id AS pair_id, 1 + (pg_temp.fraction(id, 32) * 9)::int AS quantity,
		(floor(pg_temp.fraction(id, 34) * 88) + 0.6) * 86400 AS second,
		CASE WHEN chance < 0.060 THEN 'slow' WHEN chance < 0.085 THEN 'write_off' WHEN chance < 0.090 THEN 'quarantine'
			WHEN chance < 0.100 THEN 'return_supplier' END AS fate
	FROM (SELECT id, pg_temp.fraction(id, 31) AS chance FROM pair) c
) e
JOIN pair pr ON pr.id = e.pair_id
JOIN batch b ON b.pair_id = e.pair_id AND b.number = 1
CROSS JOIN beginning s
WHERE e.fate IS NOT NULL;

-- ---------------------------------------------------------------- movements

CREATE TEMPORARY TABLE step (
	pair_id int, month date, second float8, kind movement_kind, quantity int, quarantined int, reason text,
	batch int,		-- received or dispensed from
	dispensing int,		-- its number, and
	part int		-- 1 what was done, 2 undone, 3 done again
) ON COMMIT DROP;

INSERT INTO step
SELECT pair_id, month, 0, 'opening', sum(quantity)
FROM (SELECT pair_id, month, quantity FROM batch WHERE number = 1
	UNION ALL SELECT pair_id, month, quantity FROM extra) o
GROUP BY pair_id, month;

INSERT INTO step
SELECT pair_id, month, second, 'receive', quantity, NULL, NULL, number FROM batch WHERE number > 1;

INSERT INTO step (pair_id, month, second, kind, quantity, reason, batch, dispensing, part)
SELECT t.pair_id, b.month, t.second + (p.part - 1) * 45, 'dispense', CASE WHEN p.part = 2 THEN t.quantity ELSE -t.quantity END,
	CASE WHEN p.part = 2 THEN '扫错药品' END, b.number, t.number, p.part
FROM (
	SELECT d.pair_id, d.number, d.second, n AS batch,
		least(d.after, pr.opening + (n - 1) * pr.refill)
			- CASE WHEN n = 1 THEN d.before ELSE greatest(d.before, pr.opening + (n - 2) * pr.refill) END AS quantity
	FROM dispensing d
	JOIN pair pr ON pr.id = d.pair_id
	CROSS JOIN LATERAL generate_series(
		CASE WHEN d.before < pr.opening THEN 1 ELSE 2 + (d.before - pr.opening) / pr.refill END,
		CASE WHEN d.after <= pr.opening THEN 1 ELSE 2 + (d.after - 1 - pr.opening) / pr.refill END) AS n
) t
JOIN batch b ON b.pair_id = t.pair_id AND b.number = t.batch
CROSS JOIN LATERAL generate_series(1,
	CASE WHEN pg_temp.fraction(t.pair_id * 10000::bigint + t.number, 41) < 0.001 THEN 3 ELSE 1 END) AS p (part);

-- A patient brings a pack back, the day after.
INSERT INTO step (pair_id, month, second, kind, quantity, reason)
SELECT pair_id, month, second + 86400, 'return', 1, '患者退药'
FROM step
WHERE kind = 'dispense' AND part = 1 AND second < 88 * 86400
	AND pg_temp.fraction(pair_id * 10000::bigint + dispensing, 42) < 0.002;

INSERT INTO step (pair_id, month, second, kind, quantity, quarantined, reason)
SELECT e.pair_id, e.month, CASE WHEN e.fate = 'slow' THEN (x.expiry - s.day + 1) * 86400 + 30000 ELSE e.second END,
	CASE WHEN e.fate = 'slow' THEN 'write_off' ELSE e.fate END::movement_kind, -e.quantity,
	CASE WHEN e.fate = 'quarantine' THEN e.quantity END,
	CASE e.fate WHEN 'slow' THEN '过期' WHEN 'write_off' THEN '破损' WHEN 'quarantine' THEN '外观可疑' ELSE '供货商退换' END
FROM extra e
JOIN pair pr ON pr.id = e.pair_id
CROSS JOIN LATERAL pg_temp.lot_expiry(pr.product_id, e.month, pr.shelf_life_days) AS x (expiry)
CROSS JOIN beginning s
WHERE e.fate <> 'slow' OR (x.expiry + 1 < s.demo_date AND pg_temp.fraction(e.pair_id, 35) < 0.6);

ANALYZE step;
CREATE TEMPORARY TABLE new_lot ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY t.pair_id, t.month) AS id, t.*
FROM (SELECT pair_id, month, sum(quantity) AS usable, coalesce(sum(quarantined), 0) AS quarantined
	FROM step GROUP BY pair_id, month) t;
ANALYZE new_lot;

INSERT INTO lot (pharmacy_id, id, product_id, lot, expiry, expiry_day_known, unit_price, usable, quarantined)
OVERRIDING SYSTEM VALUE
SELECT pr.pharmacy_id, l.id, pr.product_id, pg_temp.lot_text(pr.product_id, l.month),
	pg_temp.lot_expiry(pr.product_id, l.month, pr.shelf_life_days), pr.product_id % 5 <> 0,
	round(pr.unit_price * (0.97 + 0.01 * (extract(month FROM l.month)::int % 4)), 2), l.usable, l.quarantined
FROM new_lot l JOIN pair pr ON pr.id = l.pair_id
ORDER BY l.id;

-- Numbered in order of time.
CREATE TEMPORARY TABLE numbered ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY t.second, t.pair_id, t.month, t.kind, t.dispensing, t.batch, t.part) AS id,
	pr.pharmacy_id, pr.product_id, l.id AS lot_id, date_trunc('milliseconds', s.at + make_interval(secs => t.second)) AS at, t.*
FROM step t
JOIN pair pr ON pr.id = t.pair_id
JOIN new_lot l ON l.pair_id = t.pair_id AND l.month = t.month
CROSS JOIN beginning s;
CREATE INDEX ON numbered (lot_id);
ANALYZE numbered;

-- ---------------------------------------------------------------- packs with trace codes

-- In stock at the community pharmacies: up to six of each lot at pharmacy 1, two elsewhere. Dispensed there
-- in the last week: half of the single packs. Prefix, number, and four digits in place of the check digits.
CREATE TEMPORARY TABLE new_pack ON COMMIT DROP AS
SELECT k.*, p.trace_prefix || lpad(k.number::text, 9, '0')
	|| lpad((hashint8extended(k.number, 51) & 8191)::text, 4, '0') AS code
FROM (
	SELECT row_number() OVER (ORDER BY movement_id, nth) * 7 AS number, a.*
	FROM (
		SELECT l.pharmacy_id, l.product_id, l.id AS lot_id, 'in_stock'::pack_state AS state, nth,
			(SELECT min(n.id) FROM numbered n WHERE n.lot_id = l.id) AS movement_id
		FROM lot l CROSS JOIN LATERAL generate_series(1, least(l.usable, CASE WHEN l.pharmacy_id = 1 THEN 6 ELSE 2 END)) AS nth
		WHERE l.pharmacy_id <= 29
		UNION ALL
		SELECT n.pharmacy_id, n.product_id, n.lot_id, 'dispensed', 0, n.id
		FROM numbered n
		WHERE n.pharmacy_id <= 29 AND n.kind = 'dispense' AND n.quantity = -1 AND n.second > 83 * 86400
			AND pg_temp.fraction(n.pair_id * 10000::bigint + n.dispensing, 41) >= 0.001
			AND pg_temp.fraction(n.pair_id * 10000::bigint + n.dispensing, 52) < 0.5
	) a
) k
JOIN product p ON p.id = k.product_id;
ANALYZE new_pack;

INSERT INTO pack (pharmacy_id, code, product_id, lot_id, state, movement_id)
SELECT pharmacy_id, code, product_id, lot_id, state, movement_id FROM new_pack ORDER BY pharmacy_id, code;

-- ---------------------------------------------------------------- orders, all received

-- One for each community pharmacy, supplier and day of the last two weeks on which goods came.
CREATE TEMPORARY TABLE delivered ON COMMIT DROP AS
SELECT dense_rank() OVER (ORDER BY floor(n.second / 86400), n.pharmacy_id, pr.supplier_id) AS order_id,
	pr.supplier_id, pr.units, pr.unit_price, n.id AS movement_id, n.pharmacy_id, n.product_id, n.lot_id, n.at, n.quantity,
	s.at + make_interval(secs => b.ordered) AS ordered_at
FROM numbered n
JOIN pair pr ON pr.id = n.pair_id
JOIN batch b ON b.pair_id = n.pair_id AND b.number = n.batch
CROSS JOIN beginning s
WHERE n.kind = 'receive' AND n.pharmacy_id <= 29 AND n.second > 76 * 86400;
ANALYZE delivered;

INSERT INTO purchase_order (pharmacy_id, id, supplier_id, status, revision, placed_at, changed_at)
OVERRIDING SYSTEM VALUE
SELECT pharmacy_id, order_id, supplier_id, 'received', 3, date_trunc('seconds', min(ordered_at)), max(at)
FROM delivered
GROUP BY order_id, pharmacy_id, supplier_id
ORDER BY order_id;

INSERT INTO order_line (pharmacy_id, order_id, line, product_id, supplier_id, quantity, units_per_order_unit, unit_price,
	confirmed, promised_on, shipped, received, open)
SELECT pharmacy_id, order_id, row_number() OVER (PARTITION BY order_id ORDER BY product_id), product_id, supplier_id,
	sum(quantity), units, unit_price, sum(quantity), (max(at) AT TIME ZONE 'Asia/Shanghai')::date, sum(quantity),
	sum(quantity), false
FROM delivered
GROUP BY pharmacy_id, order_id, product_id, supplier_id, units, unit_price;

INSERT INTO shipment_line (pharmacy_id, order_id, number, line, product_id, lot, expiry, quantity, received, open)
SELECT d.pharmacy_id, d.order_id, row_number() OVER (PARTITION BY d.order_id ORDER BY d.movement_id), ol.line,
	d.product_id, l.lot, l.expiry, d.quantity, d.quantity, false
FROM delivered d
JOIN order_line ol ON ol.pharmacy_id = d.pharmacy_id AND ol.order_id = d.order_id AND ol.product_id = d.product_id
JOIN lot l ON l.pharmacy_id = d.pharmacy_id AND l.id = d.lot_id;

-- ---------------------------------------------------------------- into the ledger

INSERT INTO movement (pharmacy_id, id, at, lot_id, product_id, quantity, quarantined, kind, operator_id, sender_id,
	workstation, scanned_at, pack, order_id, reason, reverses)
OVERRIDING SYSTEM VALUE
SELECT n.pharmacy_id, n.id, n.at, n.lot_id, n.product_id, n.quantity, n.quarantined, n.kind,
	1000 + n.pharmacy_id, 1000 + n.pharmacy_id,
	CASE WHEN n.kind <> 'opening' THEN 'W' || n.pair_id % 2 + 1 END,
	CASE WHEN n.kind IN ('receive', 'dispense') THEN n.at - interval '120 ms' END,
	k.code, d.order_id, n.reason, o.id
FROM numbered n
LEFT JOIN new_pack k ON k.movement_id = n.id AND k.state = 'dispensed'
LEFT JOIN delivered d ON d.movement_id = n.id
LEFT JOIN numbered o ON n.part = 2 AND o.pair_id = n.pair_id AND o.batch = n.batch AND o.dispensing = n.dispensing
	AND o.part = 1
ORDER BY n.id;

DROP FUNCTION pg_temp.fraction(bigint, bigint), pg_temp.lot_text(int, date), pg_temp.lot_expiry(int, date, int);

-- ---------------------------------------------------------------- ready

RESET ROLE;
SET LOCAL ROLE yaoku_owner;
SET LOCAL yaoku.pharmacy = '*';
SELECT setval(pg_get_serial_sequence('lot', 'id'), (SELECT max(id) FROM lot));
SELECT setval(pg_get_serial_sequence('movement', 'id'), (SELECT max(id) FROM movement));
SELECT setval(pg_get_serial_sequence('purchase_order', 'id'), (SELECT max(id) FROM purchase_order));
UPDATE district SET demo_loaded_at = clock_timestamp();
ANALYZE pharmacy, supplier, product, product_code, supplier_product, account, shelf, lot, movement, pack, purchase_order,
	order_line, shipment_line;
RESET ROLE;
