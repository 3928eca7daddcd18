-- Keep a workstation's profile. $1 name, $2 pharmacy id or NULL for the own, $3 prefix, $4 suffix, $5 separator, $6 fault,
-- $7 what arrived, base64. Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body
FROM yaoku.put_workstation($2::int, $1::text, $3::text, $4::text, $5::text, $6::text, decode($7::text, 'base64')) a
