-- Every profile, for the memory of a worker. No parameters. Columns: pharmacy_id, name, prefix, suffix, separator, fault.
SELECT w.pharmacy_id, w.name, w.prefix, w.suffix, w.separator, w.fault FROM yaoku.workstation w
