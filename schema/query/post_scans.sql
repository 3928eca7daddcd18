-- Post a group of scans; see schema/function/07_post_scans.sql for the arrays and the answers.
-- Parameters: $1 id … $23 content, one array each.
-- Columns: ord (from 1), outcome, answer (JSON text).
SELECT p.ord, p.outcome, p.answer
FROM yaoku.post_scans($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[],
	$9::boolean[], $10::int[], $11::bigint[], $12::text[], $13::text[], $14::bigint[], $15::timestamptz[], $16::int[],
	$17::int[], $18::text[], $19::text[], $20::text[], $21::bytea[], $22::int[], $23::int[]) p
