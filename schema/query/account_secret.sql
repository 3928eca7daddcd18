-- The asker's own password string. No parameters. Columns: secret; NULL for a program.
SELECT yaoku.my_secret() AS secret
