-- Who has this cookie. $1 its SHA-256.
-- Columns: account_id, role, pharmacy_id, supplier_id, name, csrf; no row: nobody.
SELECT s.account_id, s.role, s.pharmacy_id, s.supplier_id, s.name, s.csrf FROM yaoku.find_session($1::bytea) s
