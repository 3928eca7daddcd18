-- Whose accounts and audit rows the service sees: until now all, and only its statements left out the others'.
--
-- Not forced: the functions of yaoku_owner, which log people in and manage accounts, check for themselves.

SET LOCAL ROLE yaoku_owner;

ALTER TABLE yaoku.audit ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON yaoku.audit FOR SELECT TO yaoku_app
	USING (current_setting('yaoku.pharmacy', true) IN ('*', pharmacy_id::text));
CREATE POLICY ledger ON yaoku.audit TO yaoku_ledger USING (true) WITH CHECK (true);
CREATE POLICY audit ON yaoku.audit FOR SELECT TO yaoku_auditor USING (true);

ALTER TABLE yaoku.account ENABLE ROW LEVEL SECURITY;
-- An administrator's name stands on what he did in a pharmacy, so its people may read it.
CREATE POLICY own ON yaoku.account FOR SELECT TO yaoku_app
	USING (current_setting('yaoku.pharmacy', true) IN ('*', pharmacy_id::text)
		OR current_setting('yaoku.supplier', true) = supplier_id::text
		OR current_setting('yaoku.account', true) = id::text
		OR (role = 'admin' AND current_setting('yaoku.pharmacy', true) <> ''));
CREATE POLICY ledger ON yaoku.account TO yaoku_ledger USING (true) WITH CHECK (true);
CREATE POLICY audit ON yaoku.account FOR SELECT TO yaoku_auditor USING (true);
