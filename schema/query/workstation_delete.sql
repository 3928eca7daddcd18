-- Forget a workstation's profile. $1 name, $2 pharmacy id or NULL for the own. Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body
FROM yaoku.delete_workstation($2::int, $1::text) a
