-- A learned code is unknown from now on. $1 binding id, $2 reason. Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body
FROM yaoku.revoke_code($1::bigint, $2::text) a
