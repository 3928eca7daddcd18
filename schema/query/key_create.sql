-- Make a key. $1 KEYID, $2 name, $3 kind: agent, supplier or metrics, $4 pharmacy id, $5 supplier id,
-- $6 hex SHA-256 of its secret. Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body
FROM yaoku.create_account('program', $1::text, $2::text, CASE $3::text WHEN 'agent' THEN 'clerk' ELSE $3::text END,
	$4::int, $5::int, $6::text) a
