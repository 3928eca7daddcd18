-- The session is in use: put its idle end off. $1 SHA-256 of the cookie. Columns: none of interest.
SELECT yaoku.touch_session($1::bytea)
