-- The password was right: begin the session. $1 user name, $2 client address, $3 account id, $4 SHA-256 of the new
-- cookie, $5 of the old one or NULL, $6 CSRF token, $7 user agent. Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body
FROM yaoku.start_session($1::text, $2::text, $3::int, $4::bytea, $5::bytea, $6::text, $7::text) a
