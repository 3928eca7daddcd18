-- Disable a key. $1 its account id. Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body FROM yaoku.disable_account('program', $1::int) a
