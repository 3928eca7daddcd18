-- Who has this key. $1 KEYID, $2 SHA-256 of its secret.
-- Columns: account_id, role, pharmacy_id, supplier_id, name, csrf (always NULL); no row: nobody.
SELECT k.account_id, k.role, k.pharmacy_id, k.supplier_id, k.name, NULL::text AS csrf
FROM yaoku.find_key($1::text, $2::bytea) k
