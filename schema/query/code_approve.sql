-- An administrator takes a pharmacy's binding into the district. $1 binding id. Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body
FROM yaoku.approve_code($1::bigint) a
