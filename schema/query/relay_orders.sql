-- Job: put committed revisions of orders into the suppliers' feeds. No parameters. Columns: supplier_id touched
SELECT r AS supplier_id
FROM yaoku.relay_orders() r
