-- Begin to change a password: may the asker, and the own password string, to check the present one against.
-- $1 account id, $2 client address. Columns: problem, wait_seconds (0: go on), secret (NULL: another's account).
SELECT p.problem, p.wait_seconds, p.secret FROM yaoku.begin_password($1::int, $2::text) p
