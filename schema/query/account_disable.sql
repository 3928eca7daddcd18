-- Disable a user. $1 account id. Columns: problem, detail, body.
SELECT a.problem, a.detail, a.body FROM yaoku.disable_account('person', $1::int) a
