-- The reports there are, and by what each can be grouped. Columns: as the items of GET /reports
SELECT r.name, r.title, r.title_en, '["pharmacy", "product", "supplier", "month"]'::jsonb AS group_by
FROM (VALUES
	('turnover', '库存周转', 'Inventory turnover'),
	('expiry-loss', '过期损耗', 'Expiry loss')) AS r (name, title, title_en)
