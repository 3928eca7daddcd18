-- Everything applied so far. Columns: kind, name, sha256.
SELECT kind, name, sha256 FROM yaoku_schema.script ORDER BY kind, name
