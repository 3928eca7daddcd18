-- Make a user. $1 user name, $2 name, $3 role, $4 pharmacy id, $5 supplier id, $6 Argon2id string.
-- Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body
FROM yaoku.create_account('person', $1::text, $2::text, $3::text, $4::int, $5::int, $6::text) a
