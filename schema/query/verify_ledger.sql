-- What must always hold in the ledger; see schema/function/60_verify_ledger.sql. No parameters
-- Columns: rule, looked_at, wrong, first_bad (NULL: all is well), unsealed (the same in every row)
SELECT v.rule, v.looked_at, v.wrong, v.first_bad, u.unsealed
FROM yaoku.verify_ledger() v
CROSS JOIN (SELECT yaoku.unsealed_movements() AS unsealed) u
