-- Begin a log-in: what the password is checked against. $1 user name, $2 client address.
-- Columns: wait_seconds (0: go on), account_id (NULL: unknown), secret, role, pharmacy_id, supplier_id, name.
SELECT l.wait_seconds, l.account_id, l.secret, l.role, l.pharmacy_id, l.supplier_id, l.name
FROM yaoku.begin_login($1::text, $2::text) l
