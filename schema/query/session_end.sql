-- Log out. $1 SHA-256 of the cookie. Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body FROM yaoku.end_session($1::bytea) a
