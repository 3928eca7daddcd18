-- Seal the movements that have become final into the hash chain. Columns: sealed, how many.
SELECT yaoku.seal_movements() AS sealed
