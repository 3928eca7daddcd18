-- Give a user another password. $1 account id, $2 Argon2id string, $3 SHA-256 of the cookie that stays logged in,
-- or NULL. Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body FROM yaoku.set_password($1::int, $2::text, $3::bytea) a
