-- A person dismisses a held scan. $1 scan id, $2 reason. Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body
FROM yaoku.dismiss_scan($1::uuid, $2::text) a
