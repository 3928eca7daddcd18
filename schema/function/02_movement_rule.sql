-- What each kind of movement does: the one place where a scan's effect is decided.
--
--   usable, quarantined   sign of the change of the lot's stock by state
--   locked                an expired, recalled or quarantined lot or pack stops it
--   incoming              goods come in: an unknown lot is made, a shipment is looked for
--   pack_from, pack_to    states a known pack may be in before, and its state after
CREATE OR REPLACE VIEW movement_rule (kind, usable, quarantined, locked, incoming, pack_from, pack_to) AS VALUES
	('receive'::movement_kind,	1,  0, false, true,  '{returned,in_transit}'::pack_state[], 'in_stock'::pack_state),
	('dispense',			-1, 0, true,  false, '{in_stock}',			'dispensed'),
	('return',			1,  0, false, false, '{dispensed}',			'in_stock'),
	('return_supplier',		-1, 0, false, false, '{in_stock}',			'returned'),
	('write_off',			-1, 0, false, false, '{in_stock}',			'written_off'),
	('quarantine',			-1, 1, false, false, '{in_stock}',			'quarantined'),
	('release',			1, -1, false, false, '{quarantined}',			'in_stock');

GRANT SELECT ON movement_rule TO yaoku_app, yaoku_ledger, yaoku_auditor;
