-- The last place of each supplier's feed. No parameters. Columns: supplier_id, head
SELECT h.supplier_id, h.head
FROM yaoku.feed_heads() h
